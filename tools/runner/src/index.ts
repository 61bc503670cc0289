export * from './chromium.ts';
export * from './platform.ts';
export * from './real-parts.ts';
