export * from './platform.ts';
export * from './settings.ts';
