export * from './prepare-database.ts';
