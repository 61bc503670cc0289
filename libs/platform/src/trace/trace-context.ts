/** W3C Trace Context (Recommendation of 2021): one `traceparent` from the door, or a loan system's event, through every request and event that follow from it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** version-traceId-parentId-flags; a later version may say more behind them. Neither id is all zeros, and version ff is none. */
const pattern = /^(?!ff)(?<version>[0-9a-f]{2})-(?<traceId>(?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?<more>-.*)?$/;

/** The trace's id, 32 hexadecimal digits; null for whatever is no `traceparent`. */
export const findTraceId = (value: unknown): string | null => {
  if (typeof value !== 'string' || value.length > 256) return null;
  const { version, traceId, more } = pattern.exec(value)?.groups ?? {};
  if (traceId === undefined || (version === '00' && more !== undefined)) return null;
  return traceId;
};

/** A new trace; marked as sampled, so that whoever records traces records it. */
export const createTraceparent = (): string => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;

/** What came, where it is a `traceparent`; else a new one. It is passed on unchanged: nothing here records spans of its own. */
export const continueTrace = (value: unknown): string => (typeof value === 'string' && findTraceId(value) !== null ? value : createTraceparent());

const current = new AsyncLocalStorage<string>();

/** Runs what follows from a request under its trace. */
export const runInTrace = <T>(traceparent: string, work: () => T): T => current.run(traceparent, work);

/** The trace of the request from which this code runs; null outside of any. */
export const findCurrentTraceparent = (): string | null => current.getStore() ?? null;
