export * from './platform.ts';
export * from './states.ts';
export * from './tour.ts';
