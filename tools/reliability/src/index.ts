export * from './check-history.ts';
export * from './history.ts';
export * from './stranger.ts';
