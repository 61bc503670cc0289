export * from './infra.ts';
export * from './parts.ts';
