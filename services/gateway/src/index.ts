export * from './gateway.definition.ts';
export * from './gateway.options.ts';
export * from './gateway.process.ts';
export * from './openapi/openapi.document.ts';
