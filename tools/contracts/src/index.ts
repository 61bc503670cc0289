export * from './client-types.ts';
export * from './async-api.ts';
export * from './compare-schemas.ts';
export * from './event-schemas.ts';
export * from './json-schema.ts';
export * from './contract-files.ts';
