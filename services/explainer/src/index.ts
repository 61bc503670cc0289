export * from './explainer.definition.ts';
export * from './explainer.process.ts';
