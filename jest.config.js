/** One Jest run over every room that Node executes; the frontend has Vitest, the browser journeys their own folder. */
export default {
  rootDir: '.',
  roots: ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/standalone', '<rootDir>/tools', '<rootDir>/bench'],
  testMatch: ['**/*.spec.ts'],
  modulePathIgnorePatterns: ['/dist/', '/.nx/', '/.lisible/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testEnvironment: '<rootDir>/tools/jest/environment.js',
  // Specs read the rooms' sources, so a test never sees a stale build.
  testEnvironmentOptions: { customExportConditions: ['lisible-source', 'node', 'node-addons', 'default'] },
  testTimeout: 30_000,
};
