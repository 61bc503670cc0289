import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';
import { DatabaseClosedError, DatabaseEndedError, StatementError } from './database-errors.ts';
import type { StatementFailure } from './database-errors.ts';
import { lastStatement } from './last-statement.ts';

/** What came back of one statement; `never` rows fit whatever row type the query builder expects. */
interface StatementResult {
  readonly rows: never[];
  readonly fields: { readonly dataTypeID: number; readonly name: string }[];
  readonly affectedRows?: number;
}

interface Reply extends StatementResult {
  readonly id: number;
  readonly error?: StatementFailure;
}

interface Waiting {
  resolve(result: StatementResult): void;
  reject(error: Error): void;
}

type Request =
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[]; readonly begins?: boolean; readonly ends?: boolean }
  | { readonly kind: 'exec'; readonly sql: string }
  | { readonly kind: 'close' };

/** Starts the thread that runs PostgreSQL; a spec keeps it in hand to end it. */
export type StartWorker = (script: URL, options: WorkerOptions) => Worker;
const startThread: StartWorker = (script, options) => new Worker(script, options);

/** The SQLSTATE of a transaction that cannot be committed because a statement in it failed. */
const inFailedTransaction = '25P02';

/**
 * PGlite in a worker thread, with the surface that Kysely's PGlite dialect asks of a PGlite. One connection: Kysely's
 * mutex keeps statements of others out of an open transaction, so nobody may talk to the host beside Kysely.
 */
export class PGliteHost {
  readonly ready = true;
  readonly waitReady = Promise.resolve();
  readonly #worker: Worker;
  /** Resolves when PostgreSQL ended though nobody closed it. */
  readonly ended: Promise<Error>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #end: Error | null = null;
  #isClosing = false;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: Reply) => this.#settle(reply));
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    const endUnwanted = (reason: string): void => {
      const error = new DatabaseEndedError(`The embedded database ended by itself (${reason})`);
      const isWanted = this.#isClosing || this.closed;
      this.#die(error);
      if (!isWanted) resolve(error);
    };
    worker.on('error', (error) => endUnwanted(error.message));
    worker.on('exit', (code) => endUnwanted(`its worker ended with code ${code}`));
  }

  /** Resolves when PostgreSQL answers; rejects with its last words when the folder cannot be opened. */
  static open(folder: string, startWorker: StartWorker = startThread): Promise<PGliteHost> {
    const script = new URL(import.meta.url.endsWith('.ts') ? './pglite.worker.ts' : './pglite.worker.js', import.meta.url);
    const worker = startWorker(script, { workerData: folder, stdout: true, stderr: true, execArgv: [] });
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(error);
      const exited = (code: number): void => reject(new Error(`PostgreSQL exited with ${code}`));
      worker.once('error', failed).once('exit', exited);
      worker.once('message', () => {
        worker.off('error', failed).off('exit', exited);
        resolve(new PGliteHost(worker));
      });
    });
  }

  get closed(): boolean {
    return this.#end !== null;
  }

  query(sql: string, parameters: readonly unknown[] = []): Promise<StatementResult> {
    return this.#post({ kind: 'query', sql, parameters });
  }

  async transaction<T>(
    work: (transaction: { query(sql: string, parameters?: readonly unknown[]): Promise<StatementResult>; rollback(): Promise<void> }) => Promise<T>,
  ): Promise<T> {
    let failure: unknown = null;
    let hasBegun = false;
    let hasEnded = false;
    // BEGIN travels with the first statement, COMMIT with the one that says it is the last: a message between threads costs as much as a
    // short statement.
    const query = async (sql: string, parameters: readonly unknown[] = []): Promise<StatementResult> => {
      const begins = !hasBegun;
      hasBegun = true;
      const ends = failure === null && sql.endsWith(lastStatement);
      try {
        const result = await this.#post({ kind: 'query', sql, parameters, begins, ends });
        hasEnded = ends;
        if (/^rollback to/i.test(sql)) failure = null;
        return result;
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    const rollback = (): Promise<void> => (hasBegun && !hasEnded ? this.#exec('rollback') : Promise.resolve());
    let result: T;
    try {
      result = await work({ query, rollback });
    } catch (error) {
      await rollback();
      throw error;
    }
    if (!hasBegun || hasEnded) return result;
    if (failure !== null) {
      // PostgreSQL would answer a COMMIT here with a silent ROLLBACK, and the caller would believe its effects were kept.
      await rollback();
      throw new StatementError({ message: 'A statement of this transaction failed, so nothing of it was committed.', code: inFailedTransaction });
    }
    await this.#exec('commit');
    return result;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.#isClosing = true;
    await this.#post({ kind: 'close' });
    this.#die(new DatabaseClosedError('The embedded database is closed.'));
    await this.#worker.terminate();
  }

  async #exec(sql: string): Promise<void> {
    await this.#post({ kind: 'exec', sql });
  }

  #post(request: Request): Promise<StatementResult> {
    if (this.#end !== null) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request });
    });
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.error === undefined) waiting?.resolve(reply);
    else waiting?.reject(new StatementError(reply.error));
  }

  #die(error: Error): void {
    this.#end ??= error;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const statement of waiting) statement.reject(this.#end);
  }
}
