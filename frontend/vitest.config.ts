import { defineConfig, mergeConfig } from 'vitest/config';
import viteConfig from './vite.config.ts';

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      environment: 'jsdom',
      include: ['src/**/*.spec.ts'],
      globals: true,
      // Dates are read the same on every machine.
      env: { TZ: 'Europe/Paris' },
    },
  }),
);
