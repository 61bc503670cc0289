import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What joins a request's answers and log lines: `x-correlation-id` when it is well formed, else the trace's id, else a new one. */
export const correlationIdOf = (headers: IncomingHttpHeaders): string => {
  const asked = headers['x-correlation-id'];
  if (typeof asked === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(asked)) return asked;
  const { traceparent } = headers;
  const traceId = typeof traceparent === 'string' ? /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1] : undefined;
  return traceId ?? randomUUID();
};
