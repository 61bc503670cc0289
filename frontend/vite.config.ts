import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { compression, defineAlgorithm } from 'vite-plugin-compression2';

/** Where `npm run dev` finds a running gateway. */
const gateway = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [
    vue(),
    // The door sends what the build compressed: once and well, rather than at every question.
    compression({
      include: /\.(?:html|js|css|svg|json)$/,
      threshold: 512,
      algorithms: [defineAlgorithm('gzip', { level: 9 }), defineAlgorithm('brotliCompress')],
    }),
  ],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  // The shared words come from their source, so a build never reads a stale dist.
  resolve: { conditions: ['lisible-source', 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: ['lisible-source', 'module', 'node', 'development|production'] } },
  build: {
    target: 'es2023',
    // `light-dark()` and nesting ship as written; older engines are outside the supported browsers.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The chart engine is one lazy chunk, larger than the default warning.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: Object.fromEntries(['/v1', '/health', '/app-config.json', '/demo-issuer'].map((path) => [path, gateway])),
  },
});
