export * from './platform.ts';
export * from './settings.ts';
/** The clients' pasts of a raw folder without a training: what `bench` races. */
export { engineerHistory } from '@lisible/trainer';
