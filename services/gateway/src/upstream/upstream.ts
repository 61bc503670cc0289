import { z } from 'zod';
import type { CallContext } from '../access/caller.ts';
import type { UpstreamName } from '../gateway.options.ts';

/** A service's own `/health/ready`; `detail` is `no-model` or the version in force where a model matters. */
export const serviceReadinessSchema = z.object({ isReady: z.boolean(), detail: z.string() });
export type ServiceReadiness = z.infer<typeof serviceReadinessSchema>;

export interface Forwarded {
  readonly content: Uint8Array;
  /** `Content-Encoding` of the content; undefined for plain JSON. */
  readonly encoding: string | undefined;
}

/** How the door asks the services behind it. */
export interface Upstream {
  /** @throws UpstreamProblem what the owner answered; TransientError `service-unavailable` when it did not answer. */
  get<T extends z.ZodType>(service: UpstreamName, path: string, answer: T, call: CallContext): Promise<z.infer<T>>;
  /** The same; null when the owner answers 404. */
  find<T extends z.ZodType>(service: UpstreamName, path: string, answer: T, call: CallContext): Promise<z.infer<T> | null>;
  post<T extends z.ZodType>(service: UpstreamName, path: string, body: unknown, answer: T, call: CallContext): Promise<z.infer<T>>;
  /**
   * An answer that nothing is added to, byte for byte: JSON of hundreds of kilobytes is not taken apart to be put together again.
   * `acceptEncoding` is what the caller can read, as its header says.
   */
  forward(service: UpstreamName, path: string, body: unknown, call: CallContext, acceptEncoding: string | undefined): Promise<Forwarded>;
  /** What the service says of itself; null when it does not answer. */
  askReadiness(service: UpstreamName): Promise<ServiceReadiness | null>;
}

/** Injection token of `Upstream`. */
export const UNDICI_UPSTREAM = Symbol('lisible.gateway.upstream');

/** `/applications/` + an identifier from outside. */
export const pathOf = (...segments: readonly string[]): string => segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
