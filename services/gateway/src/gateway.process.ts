import type { ServiceProcess } from '@lisible/platform';
import { resolve } from 'node:path';
import { z } from 'zod';
import { gatewayService } from './gateway.definition.ts';

const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

const shape = {
  SCORING_URL: address,
  EXPLAINER_URL: address,
  CLIENT_PROFILE_URL: address,
  TRAINER_URL: address,
  /** Whose tokens are accepted, as they name themselves, and the audience they must name. */
  OIDC_ISSUER: z.url(),
  OIDC_AUDIENCE: z.string().min(1),
  /** What the dashboard signs in with. */
  OIDC_BROWSER_CLIENT_ID: z.string().min(1).default('dashboard'),
  OIDC_BROWSER_SCOPE: z.string().min(1).default('openid profile'),
  /** What the token is asked for (RFC 8707). */
  OIDC_BROWSER_RESOURCE: z.string().min(1).default('urn:lisible:api'),
  /** Folder of the built dashboard; without it the API alone is served. */
  DASHBOARD_DIR: z
    .string()
    .min(1)
    .transform((folder) => resolve(folder))
    .optional(),
  /** A caller's address that asks more often is told to wait. */
  REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(6_000),
};

/** The door as a process of its own. */
export const gatewayProcess: ServiceProcess<typeof shape> = {
  name: 'gateway',
  keepsRecords: false,
  environment: shape,
  define: (environment) =>
    gatewayService({
      services: {
        scoring: environment.SCORING_URL,
        explainer: environment.EXPLAINER_URL,
        'client-profile': environment.CLIENT_PROFILE_URL,
        trainer: environment.TRAINER_URL,
      },
      internalToken: environment.INTERNAL_TOKEN,
      oidc: { issuer: environment.OIDC_ISSUER, audience: environment.OIDC_AUDIENCE },
      browser: {
        oidc: {
          authority: environment.OIDC_ISSUER,
          clientId: environment.OIDC_BROWSER_CLIENT_ID,
          scope: environment.OIDC_BROWSER_SCOPE,
          resource: environment.OIDC_BROWSER_RESOURCE,
        },
      },
      dashboardFolder: environment.DASHBOARD_DIR ?? null,
      requestsPerMinute: environment.REQUESTS_PER_MINUTE,
    }),
};
