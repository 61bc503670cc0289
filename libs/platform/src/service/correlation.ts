import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { findTraceId } from '../trace/trace-context.ts';

/** What joins a request's answers and log lines: `x-correlation-id` when it is well formed, else the trace's id, else a new one. */
export const correlationIdOf = (headers: IncomingHttpHeaders): string => {
  const asked = headers['x-correlation-id'];
  if (typeof asked === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(asked)) return asked;
  return findTraceId(headers['traceparent']) ?? randomUUID();
};
