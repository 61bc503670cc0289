import rooms from './jest.config.js';

/** The whole platform as `npm start` runs it, and a real browser; one at a time. */
export default {
  ...rooms,
  rootDir: '.',
  roots: ['<rootDir>/e2e'],
  // A suite of its own: jest.reliability.config.js.
  testPathIgnorePatterns: ['/node_modules/', '/e2e/src/reliability/'],
  testEnvironment: 'node',
  // The journeys drive the built platform.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', 'default'] },
  testTimeout: 120_000,
};
