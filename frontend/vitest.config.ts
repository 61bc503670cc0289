import { defineConfig, mergeConfig } from 'vitest/config';
import viteConfig from './vite.config.ts';

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      environment: 'jsdom',
      include: ['src/**/*.spec.ts'],
      globals: true,
      setupFiles: ['src/testing/setup.ts'],
      // Dates are read the same on every machine, here one west of Greenwich, where a day read as an instant is the day before.
      env: { TZ: 'America/Martinique' },
    },
  }),
);
