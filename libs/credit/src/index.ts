export * from './catalogue/index.ts';
export * from './statistics/index.ts';
export * from './policy/index.ts';
export * from './reasons/index.ts';
