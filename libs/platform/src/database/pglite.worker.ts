/**
 * The worker thread that owns PGlite: one connection, statements strictly in the order they were posted.
 * Started by `pglite.host.ts`; imports nothing of the house, so Node runs it from source as well as from dist.
 */
import { PGlite } from '@electric-sql/pglite';
import { parentPort, workerData } from 'node:worker_threads';

const port = parentPort;
if (port === null) throw new Error('pglite.worker runs in a worker thread only');

const postgres = new PGlite(String(workerData));
await postgres.waitReady;
port.postMessage('open');

/** PostgreSQL's own words without its `detail`: that one quotes values, which may be a client's data. */
const words = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, table, constraint, column }: Record<string, unknown> = { ...error };
  return { message: error.message, code, table, constraint, column };
};

const run = async (request: { kind: string; sql: string; parameters: unknown[] }): Promise<Record<string, unknown>> => {
  switch (request.kind) {
    case 'query': {
      const { rows, fields, affectedRows } = await postgres.query(request.sql, request.parameters);
      return { rows, fields, affectedRows };
    }
    case 'exec':
      await postgres.exec(request.sql);
      return { rows: [], fields: [] };
    default:
      await postgres.close();
      return { rows: [], fields: [] };
  }
};

let previous = Promise.resolve();
port.on('message', (request) => {
  previous = previous.then(async () => {
    try {
      port.postMessage({ id: request.id, ...(await run(request)) });
    } catch (error) {
      port.postMessage({ id: request.id, error: words(error) });
    }
  });
});
