export * from './demo-issuer.ts';
export * from './people.ts';
