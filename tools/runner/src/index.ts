export * from './accessibility.ts';
export * from './advisor.ts';
export * from './balancer.ts';
export * from './chromium.ts';
export * from './distributed.ts';
export * from './platform.ts';
export * from './real-parts.ts';
export * from './unlabelled.ts';
