import { AbortedTransactionError } from 'kysely';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { DatabaseError as ServerError } from 'pg';
import type { ClientBase } from 'pg';
import { findErrorCode } from '../errors.ts';
import { DatabaseUnavailableError, StatementError } from './database-errors.ts';
import { lastStatement } from './last-statement.ts';
import type { PreparedNames } from './prepared-names.ts';

/** What the client answers to one statement. */
interface Answer<R> {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: R[];
}

type TransactionState = 'none' | 'unsent' | 'open' | 'ended';

/** SQLSTATEs that say that a connection's plans are of no use any more: the tables changed, or a pooler between gave another connection. */
const stalePlans = ['0A000', '26000'];

/** SQLSTATEs behind which the server closes the connection: it was told to end it, or shuts down, or waited too long for a word. */
const lastWords = ['57P01', '57P02', '57P05', '25P03'];

/**
 * One connection of PostgreSQL, with fewer waits than there are statements: BEGIN leaves with the first statement of a transaction, COMMIT
 * with the one that says it is the last (`lastStatement`), and a transaction without statements sends nothing. The client must be in
 * pipeline mode: it sends without awaiting the answer to what it sent before.
 */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: ClientBase;
  readonly #names: PreparedNames;
  #begin = 'begin';
  #state: TransactionState = 'none';
  #isUsable = true;
  #isLost = false;

  constructor(client: ClientBase, names: PreparedNames) {
    this.#client = client;
    this.#names = names;
    client.on('error', () => this.#lose()).on('end', () => this.#lose());
  }

  /** False when it must not serve again: lost, or with plans that are of no use. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  begin(statement: string): void {
    this.#begin = statement;
    this.#state = 'unsent';
  }

  /** @throws AbortedTransactionError when PostgreSQL undid the transaction because a statement of it had failed */
  async commit(): Promise<void> {
    const state = this.#state;
    this.#state = 'none';
    if (state === 'open') await this.#sendCommit();
  }

  async rollback(): Promise<void> {
    const state = this.#state;
    this.#state = 'none';
    // PostgreSQL undoes by itself what a lost connection had begun.
    if (state !== 'open' || this.#isLost) return;
    try {
      await this.#send('rollback');
    } catch {
      // It may still hold the transaction and its locks: nobody shall continue it.
      this.#isUsable = false;
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.#execute<R>(sql, parameters);
    const isWrite = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE';
    return isWrite ? { numAffectedRows: BigInt(rowCount ?? 0), rows } : { rows };
  }

  streamQuery(): never {
    throw new Error('Rows are not streamed from PostgreSQL: read them in pages.');
  }

  #execute<R>(sql: string, parameters: readonly unknown[]): Promise<Answer<R>> {
    switch (this.#state) {
      case 'none':
        return this.#send<R>(sql, parameters);
      case 'ended':
        throw new Error('A statement came after the one that said it was the last of its transaction.');
      case 'unsent':
        this.#state = 'open';
        // Its failure makes the next ones fail.
        void this.#send(this.#begin).catch(() => undefined);
        break;
      case 'open':
        break;
    }
    return sql.endsWith(lastStatement) ? this.#executeLast<R>(sql, parameters) : this.#send<R>(sql, parameters);
  }

  async #executeLast<R>(sql: string, parameters: readonly unknown[]): Promise<Answer<R>> {
    this.#state = 'ended';
    const [result, commit] = await Promise.allSettled([this.#send<R>(sql, parameters), this.#sendCommit()]);
    // Where the statement failed, PostgreSQL has answered the COMMIT with a ROLLBACK.
    if (result.status === 'rejected') throw result.reason;
    if (commit.status === 'rejected') throw commit.reason;
    return result.value;
  }

  async #sendCommit(): Promise<void> {
    const { command } = await this.#send('commit');
    // PostgreSQL's silent way; the caller would believe its effects were kept.
    if (command === 'ROLLBACK') throw new AbortedTransactionError();
  }

  async #send<R = unknown>(text: string, parameters: readonly unknown[] = []): Promise<Answer<R>> {
    const name = this.#names.nameOf(text);
    try {
      return await this.#client.query<Extract<R, object>>({ text, values: [...parameters], ...(name === undefined ? {} : { name }) });
    } catch (error) {
      throw this.#judge(error);
    }
  }

  #judge(error: unknown): unknown {
    if (error instanceof ServerError) {
      if (error.code !== undefined && stalePlans.includes(error.code)) this.#isUsable = false;
      // The connection's end is heard of only later, and whoever borrowed it until then would fail for nothing.
      if (error.code !== undefined && lastWords.includes(error.code)) this.#lose();
      return new StatementError(error);
    }
    // Not the server's word: the connection is gone, or what was asked could not even be written down.
    if (!this.#isLost && !isLoss(error)) return error;
    this.#lose();
    return new DatabaseUnavailableError('The connection to PostgreSQL was lost.', { cause: error });
  }

  #lose(): void {
    this.#isLost = true;
    this.#isUsable = false;
  }
}

/** The client tells a connection that failed, was closed, or did not answer in time by its words alone. */
const isLoss = (error: unknown): boolean =>
  findErrorCode(error) !== null || (error instanceof Error && /terminated|timeout|not queryable/i.test(error.message));
