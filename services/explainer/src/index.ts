export * from './explainer.definition.ts';
