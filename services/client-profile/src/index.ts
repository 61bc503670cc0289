export * from './client-profile.definition.ts';
