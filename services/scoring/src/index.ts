export * from './scoring.definition.ts';
