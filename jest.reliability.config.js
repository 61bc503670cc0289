import journeys from './jest.e2e.config.js';

/** Five services as processes over real Kafka, PostgreSQL and Redis, and what is done to them; one platform for all of it. */
export default {
  ...journeys,
  roots: ['<rootDir>/e2e/src/reliability'],
  testPathIgnorePatterns: ['/node_modules/'],
};
