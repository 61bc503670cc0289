export * from './applications/index.ts';
export * from './catalogue/index.ts';
export * from './features/index.ts';
export * from './home-credit/index.ts';
export * from './policy/index.ts';
export * from './reasons/index.ts';
export * from './scorecard/index.ts';
export * from './statistics/index.ts';
