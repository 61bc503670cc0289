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
  const part = (name: string): unknown => Reflect.get(error, name);
  return { message: error.message, code: part('code'), table: part('table'), constraint: part('constraint'), column: part('column') };
};

interface Request {
  readonly kind: string;
  readonly sql: string;
  readonly parameters: unknown[];
}

const run = async (request: Request): Promise<Record<string, unknown>> => {
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

/**
 * After a panic, or a trap of the machine that PostgreSQL runs on, PGlite takes statements as before and fails each of them; only a new
 * one, over what is in the folder, helps.
 */
const isEnd = (error: unknown): boolean =>
  error instanceof Error &&
  (['PANIC', 'FATAL'].includes(String(Reflect.get(error, 'severity'))) || ['RuntimeError', 'ExitStatus'].includes(error.name));

const answer = async (request: Request & { id: number }): Promise<void> => {
  try {
    port.postMessage({ id: request.id, ...(await run(request)) });
  } catch (error) {
    // Nobody catches it: the thread ends, and the host hears of it.
    if (isEnd(error)) throw error;
    port.postMessage({ id: request.id, error: words(error) });
  }
};

// The next statement begins when the one before it has ended, whatever came of that one.
let previous = Promise.resolve();
port.on('message', (request) => {
  previous = previous.then(() => answer(request));
});
