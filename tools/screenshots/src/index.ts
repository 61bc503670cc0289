export type { Ask } from './people.ts';
export { createAsk, findSomebody, listApplications, tokenOf } from './people.ts';
export * from './platform.ts';
export * from './states.ts';
export * from './tour.ts';
