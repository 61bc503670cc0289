import rooms from './jest.config.js';

/** The whole platform as `npm start` runs it, and a real browser; one at a time. */
export default {
  ...rooms,
  rootDir: '.',
  roots: ['<rootDir>/e2e'],
  testEnvironment: 'node',
  // The journeys drive the built platform.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', 'default'] },
  testTimeout: 120_000,
};
