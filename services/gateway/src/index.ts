export * from './gateway.definition.ts';
export * from './gateway.options.ts';
export * from './openapi/openapi.document.ts';
