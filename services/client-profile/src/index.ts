export * from './client-profile.definition.ts';
export * from './client-profile.process.ts';
