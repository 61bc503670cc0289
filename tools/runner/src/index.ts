export * from './advisor.ts';
export * from './chromium.ts';
export * from './platform.ts';
export * from './real-parts.ts';
export * from './unlabelled.ts';
