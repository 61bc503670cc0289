export * from './applications.http.ts';
export * from './catalogue.http.ts';
export * from './clients.http.ts';
export * from './health.http.ts';
export * from './models.http.ts';
export * from './policy.http.ts';
export * from './problem.ts';
export * from './stream.http.ts';
