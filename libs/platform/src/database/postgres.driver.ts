import { CompiledQuery, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, Kysely, TransactionSettings } from 'kysely';
import { PostgresConnection } from './postgres.connection.ts';

/** Where connections are borrowed. */
export interface ConnectionSource {
  /** @throws DatabaseUnavailableError */
  borrow(): Promise<PostgresConnection>;
  giveBack(connection: PostgresConnection): void;
  end(): Promise<void>;
}

/** Kysely over our own connections: its driver of PostgreSQL awaits BEGIN and COMMIT by themselves and prepares nothing. */
export const postgresDialect = (source: ConnectionSource): Dialect => ({
  createDriver: () => new PostgresDriver(source),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (database: Kysely<unknown>) => new PostgresIntrospector(database),
});

class PostgresDriver implements Driver {
  readonly #source: ConnectionSource;

  constructor(source: ConnectionSource) {
    this.#source = source;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  acquireConnection(): Promise<PostgresConnection> {
    return this.#source.borrow();
  }

  beginTransaction(connection: DatabaseConnection, { isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const words = [
      'begin',
      ...(isolationLevel === undefined ? [] : [`isolation level ${isolationLevel}`]),
      ...(accessMode === undefined ? [] : [accessMode]),
    ];
    ours(connection).begin(words.join(' '));
    return Promise.resolve();
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return ours(connection).commit();
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return ours(connection).rollback();
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint ${quoted(name)}`));
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to savepoint ${quoted(name)}`));
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release savepoint ${quoted(name)}`));
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#source.giveBack(ours(connection));
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    return this.#source.end();
  }
}

/** Kysely hands back what it was given. */
const ours = (connection: DatabaseConnection): PostgresConnection => {
  if (!(connection instanceof PostgresConnection)) throw new TypeError('not a connection of this driver');
  return connection;
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
