import type { ServiceName } from '@lisible/contracts';
import { Kysely } from 'kysely';
import { Client, Pool } from 'pg';
import type { ClientConfig, PoolClient } from 'pg';
import { DatabaseClosedError, DatabaseUnavailableError } from './database-errors.ts';
import { schemaOf } from './database.ts';
import type { Database, DatabaseSession } from './database.ts';
import { PostgresConnection } from './postgres.connection.ts';
import { postgresDialect } from './postgres.driver.ts';
import type { ConnectionSource } from './postgres.driver.ts';
import { sameTypesAsEmbedded } from './postgres.types.ts';
import { PreparedNames } from './prepared-names.ts';

export interface PostgresOptions {
  /** `postgresql://role:password@host:port/database`; parameters such as `sslmode=verify-full` are heeded. */
  readonly url: string;
  /** What the server shows as the connection's application. */
  readonly applicationName: string;
  /** Most connections at a time, sessions not counted. */
  readonly poolSize?: number;
  /** How long one statement may take; the server cancels it then. */
  readonly statementTimeoutMs?: number;
  /** How long a statement may wait for a lock. */
  readonly lockTimeoutMs?: number;
  /** How long a transaction may do nothing: a stopped process must not hold its locks for ever. */
  readonly idleInTransactionTimeoutMs?: number;
}

/** A connection that is not made within this time is none; so is one that becomes free no sooner. */
const connectTimeoutMs = 5_000;
/** Between the server's own limit and ours, which also ends a connection to a server that is gone without a word. */
const answerGraceMs = 5_000;
const keepIdleMs = 60_000;

/**
 * PostgreSQL behind a pool of connections. Nothing is asked of the server before the first statement. A server that is away, restarts or
 * does not answer makes statements fail with what `isDatabaseUnavailable` knows; once it is back they succeed again.
 */
export const openPostgresDatabase = (options: PostgresOptions): Database => {
  const config = clientConfig(options);
  const names = new PreparedNames();
  const pool = new PooledConnections(new Pool({ ...config, max: options.poolSize ?? 4, idleTimeoutMillis: keepIdleMs }), names);
  // oxlint-disable-next-line typescript/no-explicit-any -- every service brings its own tables
  const root = new Kysely<any>({ dialect: postgresDialect(pool) });
  const sessions = new Set<DatabaseSession>();
  return {
    forService: <Tables>(service: ServiceName): Kysely<Tables> => root.withSchema(schemaOf(service)),
    session: async (service) => {
      const session = await openSession(config, service);
      sessions.add(session);
      return session;
    },
    // A server may always come back.
    ended: new Promise(() => undefined),
    close: async () => {
      await Promise.all([...sessions].map((session) => session.close()));
      await root.destroy();
      // Kysely ends only a driver that it has made use of.
      await pool.end();
    },
  };
};

const clientConfig = (options: PostgresOptions): ClientConfig => {
  const { url, applicationName, statementTimeoutMs = 15_000, lockTimeoutMs = 5_000, idleInTransactionTimeoutMs = 10_000 } = options;
  return {
    connectionString: url,
    application_name: applicationName,
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    query_timeout: statementTimeoutMs + answerGraceMs,
    types: sameTypesAsEmbedded,
  };
};

const unavailable = (cause: unknown): DatabaseUnavailableError => new DatabaseUnavailableError('PostgreSQL cannot be reached.', { cause });

class PooledConnections implements ConnectionSource {
  readonly #pool: Pool;
  readonly #names: PreparedNames;
  readonly #connections = new WeakMap<PoolClient, PostgresConnection>();
  readonly #borrowed = new Map<PostgresConnection, PoolClient>();
  #ending: Promise<void> | null = null;

  constructor(pool: Pool, names: PreparedNames) {
    this.#pool = pool;
    this.#names = names;
    // A connection that is lost while nobody uses it leaves the pool; that is all there is to do.
    pool.on('error', () => undefined);
  }

  async borrow(): Promise<PostgresConnection> {
    if (this.#ending !== null) throw new DatabaseClosedError('The database is closed.');
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      // Even where the server refuses our name or password: no event shall be judged by that.
      throw unavailable(error);
    }
    const connection = this.#connections.get(client) ?? new PostgresConnection(client, this.#names);
    this.#connections.set(client, connection);
    this.#borrowed.set(connection, client);
    return connection;
  }

  giveBack(connection: PostgresConnection): void {
    this.#borrowed.get(connection)?.release(!connection.isUsable);
    this.#borrowed.delete(connection);
  }

  end(): Promise<void> {
    return (this.#ending ??= this.#pool.end());
  }
}

/** One connection for one borrower after the other. */
class SingleConnection implements ConnectionSource {
  readonly #connection: PostgresConnection;
  #freed = Promise.resolve();
  #free: () => void = () => undefined;

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
  }

  async borrow(): Promise<PostgresConnection> {
    const before = this.#freed;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#freed = promise;
    await before;
    this.#free = resolve;
    return this.#connection;
  }

  giveBack(): void {
    this.#free();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

const openSession = async (config: ClientConfig, service: ServiceName): Promise<DatabaseSession> => {
  const client = new Client(config);
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>();
  let isClosing = false;
  const lost = (cause?: unknown): void => {
    if (!isClosing) end(new DatabaseUnavailableError('The session with PostgreSQL was lost.', { cause }));
  };
  client.on('error', lost).on('end', () => lost());
  try {
    await client.connect();
  } catch (error) {
    throw unavailable(error);
  }
  const listeners = new Map<string, (payload: string) => void>();
  client.on('notification', ({ channel, payload = '' }) => listeners.get(channel)?.(payload));
  const source = new SingleConnection(new PostgresConnection(client, new PreparedNames()));
  // oxlint-disable-next-line typescript/no-explicit-any -- the platform's own tables beside those of any service
  const root = new Kysely<any>({ dialect: postgresDialect(source) });
  return {
    db: root.withSchema(schemaOf(service)),
    listen: async (channel, onNotify) => {
      listeners.set(channel, onNotify);
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
    },
    ended,
    close: async () => {
      isClosing = true;
      await root.destroy();
      await client.end().catch(() => undefined);
    },
  };
};
