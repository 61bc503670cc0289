import { z } from 'zod';

/** `GET /health/ready`: 200 when a dossier can be read, else 503. `model` is `no-model` while there is no champion. */
export const readinessSchema = z.object({
  isReady: z.boolean(),
  model: z.string(),
  /** What is being waited for, in words; null when ready. */
  waitingFor: z.string().nullable(),
  services: z.record(z.string(), z.boolean()),
});
export type Readiness = z.infer<typeof readinessSchema>;

/** `GET /app-config.json`: what the browser must know before sign-in. */
export const browserConfigSchema = z.object({
  oidc: z.object({ authority: z.string(), clientId: z.string(), scope: z.string(), resource: z.string() }),
});
export type BrowserConfig = z.infer<typeof browserConfigSchema>;
