import type { ServiceName } from '@lisible/contracts';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A service's migrations by name; names sort in the order they run. Forward only. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Where records live: one schema a service. */
export interface Database {
  /** The service's own view: table names need no schema. */
  forService<Tables>(service: ServiceName): Kysely<Tables>;
  /** Resolves when the database is gone for good and this process with it can only end; never by `close`. */
  readonly ended: Promise<Error>;
  close(): Promise<void>;
}

/** The schema of a service's tables: its name with `_`. */
export const schemaOf = (service: ServiceName): string => service.replaceAll('-', '_');
