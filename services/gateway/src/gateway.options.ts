import type { BrowserConfig, ServiceName } from '@lisible/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The services behind the door. */
export type UpstreamName = Exclude<ServiceName, 'gateway'>;

/** Everything the door needs to know; read from the environment by the composition root, never here. */
export interface GatewayOptions {
  /** Base addresses without a slash at the end. */
  readonly services: Readonly<Record<UpstreamName, string>>;
  readonly internalToken: string;
  /** Whose tokens are accepted, and the audience they must name. */
  readonly oidc: { readonly issuer: string; readonly audience: string };
  /** What `/app-config.json` tells the browser. */
  readonly browser: BrowserConfig;
  /** Folder of the built dashboard; null serves the API alone. */
  readonly dashboardFolder: string | null;
  /** Requests a minute and caller address, above which 429 is answered. */
  readonly requestsPerMinute: number;
  /** What the composition root itself is still waiting for, in words ("training: cross-validation 3/5"); null when nothing. */
  readonly waitingFor?: () => string | null;
  /** Mounts something else on the same origin before it listens (standalone: the demo issuer). */
  readonly mount?: (app: NestFastifyApplication) => Promise<void> | void;
}

/** Injection token of `GatewayOptions`. */
export const GATEWAY_OPTIONS = Symbol('lisible.gateway.options');
