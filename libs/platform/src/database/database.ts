import type { ServiceName } from '@lisible/contracts';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A service's migrations by name; names sort in the order they run. The running platform only goes forward. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Where records live: one schema a service. */
export interface Database {
  /** The service's own view: table names need no schema. */
  forService<Tables>(service: ServiceName): Kysely<Tables>;
  /** A connection of its own, for what lasts as long as a connection does: session locks, LISTEN. Absent where one connection serves all. */
  session?(service: ServiceName): Promise<DatabaseSession>;
  /** Resolves when the database is gone for good and this process with it can only end; never by `close`. */
  readonly ended: Promise<Error>;
  close(): Promise<void>;
}

/** One connection, of which nobody else makes use; statements run in the order they are asked. Once it is lost it does not come back. */
export interface DatabaseSession {
  /** Bound to the connection and to the service's schema. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the platform's own tables beside those of any service
  readonly db: Kysely<any>;
  /** From when this resolves on, `onNotify` hears the payload of every NOTIFY of the channel. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<void>;
  /** Resolves when the connection is lost, with why; never by `close`. */
  readonly ended: Promise<Error>;
  close(): Promise<void>;
}

/** The schema of a service's tables: its name with `_`. */
export const schemaOf = (service: ServiceName): string => service.replaceAll('-', '_');
