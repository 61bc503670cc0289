/**
 * The worker thread that owns PGlite: one connection, statements strictly in the order they were posted.
 * Started by `pglite.host.ts`; imports nothing of the house but what stands beside it, so Node runs it from source as well as from dist.
 */
import { PGlite, parse, protocol } from '@electric-sql/pglite';
import { parentPort, workerData } from 'node:worker_threads';
import { WireMessages } from './wire-messages.ts';

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
  readonly parameters: readonly unknown[];
  /** The first statement of a transaction: BEGIN runs before it. */
  readonly begins?: boolean;
  /** The last statement of a transaction: COMMIT runs after it, unless it failed. */
  readonly ends?: boolean;
}

/** Names of prepared statements by their SQL, the least recently used first; PostgreSQL keeps them whatever becomes of a transaction. */
const prepared = new Map<string, string>();
const maxPrepared = 300;
let lastPrepared = 0;
/** Tables may change under the plans that were made for them: after anything but these, plans are made anew. */
const isPlanned = (sql: string): boolean => /^\s*(select|insert|update|delete|with)\b/i.test(sql);
const isOfTransaction = (sql: string): boolean => /^\s*(begin|commit|rollback|savepoint|release)\b/i.test(sql);

const messages = new WireMessages();
const parser = new protocol.Parser();

/** Runs what was written to `messages`, all in one call of PostgreSQL. PGlite's own `query` makes five calls of a statement and plans it anew. */
const send = async (): Promise<ReturnType<typeof parse.parseResults>[number]> => {
  const answers: Parameters<typeof parse.parseResults>[0] = [];
  let failure: unknown = null;
  await postgres.execProtocolRawStream(messages.take(), {
    syncToFs: false,
    onRawData: (data) =>
      // A copy: the data are a view of PostgreSQL's own memory.
      parser.parse(data.slice(), (answer) => {
        if (answer instanceof Error) failure ??= answer;
        else answers.push(answer);
      }),
  });
  if (failure !== null) throw failure;
  return parse.parseResults(answers, postgres.parsers).at(-1) ?? { rows: [], fields: [], affectedRows: 0 };
};

const query = async (sql: string, parameters: readonly unknown[]) => {
  const values = parameters.map(toText);
  if (!isPlanned(sql)) {
    await forgetPlans();
    messages.parse('', sql).bind('', values).execute().sync();
    return send();
  }
  const known = prepared.get(sql);
  if (known !== undefined) {
    prepared.delete(sql);
    prepared.set(sql, known);
    messages.bind(known, values).execute().sync();
    return send();
  }
  const name = `s${(lastPrepared += 1)}`;
  const [oldest] = prepared;
  if (prepared.size >= maxPrepared && oldest !== undefined) {
    prepared.delete(oldest[0]);
    messages.closeStatement(oldest[1]);
  }
  messages.parse(name, sql).bind(name, values).execute().sync();
  // Remembered only where it ran: what failed may not have been prepared at all.
  try {
    const result = await send();
    prepared.set(sql, name);
    return result;
  } catch (error) {
    messages.closeStatement(name).sync();
    await send();
    throw error;
  }
};

const forgetPlans = async (): Promise<void> => {
  if (prepared.size === 0) return;
  for (const name of prepared.values()) messages.closeStatement(name);
  prepared.clear();
  messages.sync();
  await send();
};

/** A value in PostgreSQL's text format; the server knows which type it is to be read as. */
const toText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map(toElement).join(',')}}`;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value);
};

const toElement = (value: unknown): string => {
  const text = toText(value);
  if (text === null) return 'null';
  return Array.isArray(value) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
};

const simple = async (sql: string): Promise<void> => {
  messages.query(sql);
  await send();
};

const run = async (request: Request): Promise<Record<string, unknown>> => {
  switch (request.kind) {
    case 'query': {
      if (request.begins === true) await simple('begin');
      const { rows, fields, affectedRows } = await query(request.sql, request.parameters);
      if (request.ends === true) await simple('commit');
      return { rows, fields, affectedRows };
    }
    case 'exec':
      if (!isOfTransaction(request.sql)) await forgetPlans();
      await simple(request.sql);
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
