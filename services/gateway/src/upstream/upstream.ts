import { z } from 'zod';
import type { CallContext } from '../access/caller.ts';
import type { UpstreamName } from '../gateway.options.ts';

/** A service's own `/health/ready`; `detail` is `no-model` or the version in force where a model matters. */
export const serviceReadinessSchema = z.object({ isReady: z.boolean(), detail: z.string() });
export type ServiceReadiness = z.infer<typeof serviceReadinessSchema>;

/** How the door asks the services behind it. */
export interface Upstream {
  /** @throws UpstreamProblem what the owner answered; TransientError `service-unavailable` when it did not answer. */
  get<T extends z.ZodType>(service: UpstreamName, path: string, answer: T, call: CallContext): Promise<z.infer<T>>;
  /** The same; null when the owner answers 404. */
  find<T extends z.ZodType>(service: UpstreamName, path: string, answer: T, call: CallContext): Promise<z.infer<T> | null>;
  post<T extends z.ZodType>(service: UpstreamName, path: string, body: unknown, answer: T, call: CallContext): Promise<z.infer<T>>;
  /** An answer that nothing is added to, word for word: JSON of hundreds of kilobytes is not taken apart to be put together again. */
  forward(service: UpstreamName, path: string, body: unknown, call: CallContext): Promise<Uint8Array>;
  /** What the service says of itself; null when it does not answer. */
  askReadiness(service: UpstreamName): Promise<ServiceReadiness | null>;
}

/** Injection token of `Upstream`. */
export const UNDICI_UPSTREAM = Symbol('lisible.gateway.upstream');

/** `/applications/` + an identifier from outside. */
export const pathOf = (...segments: readonly string[]): string => segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
