import type { ServiceName } from '@lisible/contracts';
import { sql } from 'kysely';
import { schemaOf } from './database.ts';
import type { Database, Migrations } from './database.ts';
import { platformMigrations } from './platform-tables.ts';

/** Brings the platform's tables of a service's schema (outbox, inbox, position) to the present; runs nothing twice. */
export const migratePlatformTables = (database: Database, service: ServiceName): Promise<void> =>
  migrate(database, service, platformMigrations, 'platform_migration');

/** Brings a service's own tables to the present, forward only. */
export const migrateServiceTables = (database: Database, service: ServiceName, migrations: Migrations): Promise<void> =>
  migrate(database, service, migrations, 'migration');

/**
 * Takes the last migrations of a service's own tables back, with what the tables hold. For whoever must return to an earlier version,
 * by hand and after a copy: nothing of the running platform goes backward.
 * @param count how many, counted from the last that ran; all when not said, and then nothing is left, not even the record of them
 * @throws Error where a migration that ran is unknown here or cannot be taken back; then nothing has changed
 */
export const revertServiceTables = (database: Database, service: ServiceName, migrations: Migrations, count?: number): Promise<void> =>
  revert(database, service, migrations, 'migration', count);

/** As `revertServiceTables`, for the tables that the platform keeps in the service's schema. */
export const revertPlatformTables = (database: Database, service: ServiceName, count?: number): Promise<void> =>
  revert(database, service, platformMigrations, 'platform_migration', count);

/**
 * All missing migrations in one transaction, under a lock that other replicas wait for. Kysely's own migrator reads the
 * whole catalogue of tables each time, which costs PGlite 0.1 to 0.5 s a schema at every start.
 */
const migrate = async (database: Database, service: ServiceName, migrations: Migrations, table: string): Promise<void> => {
  const schema = schemaOf(service);
  const record = sql.id(schema, table);
  await database
    .forService<unknown>(service)
    .transaction()
    .execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext(${`${schema}.${table}`}))`.execute(transaction);
      // IF NOT EXISTS asks for the right to create one even where it is there, and a service's own role has no such right.
      const { rows: schemas } = await sql`select from pg_namespace where nspname = ${schema}`.execute(transaction);
      if (schemas.length === 0) await sql`create schema ${sql.id(schema)}`.execute(transaction);
      // Kysely puts the schema before the names it knows; in a migration's own SQL this does.
      await sql`select set_config('search_path', ${schema}, true)`.execute(transaction);
      await sql`create table if not exists ${record} (name text primary key, ran_at timestamptz not null default now())`.execute(transaction);
      const { rows } = await sql<{ name: string }>`select name from ${record}`.execute(transaction);
      const done = new Set(rows.map(({ name }) => name));
      const unknown = [...done].filter((name) => !(name in migrations));
      if (unknown.length > 0)
        throw new Error(
          `The tables of ${service} were written by a newer version (${unknown.join(', ')}): start that version, or another state folder.`,
        );
      for (const [name, migration] of Object.entries(migrations).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        if (done.has(name)) continue;
        try {
          await migration.up(transaction);
        } catch (cause) {
          throw new Error(`The tables of ${service} could not be brought up to date by migration ${name}.`, { cause });
        }
        await sql`insert into ${record} (name) values (${name})`.execute(transaction);
      }
    });
};

/** In one transaction, under the lock that `migrate` takes. */
const revert = async (database: Database, service: ServiceName, migrations: Migrations, table: string, count = Infinity): Promise<void> => {
  const schema = schemaOf(service);
  const record = sql.id(schema, table);
  await database
    .forService<unknown>(service)
    .transaction()
    .execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext(${`${schema}.${table}`}))`.execute(transaction);
      await sql`select set_config('search_path', ${schema}, true)`.execute(transaction);
      const { rows } = await sql<{ name: string }>`select name from ${record}`.execute(transaction);
      const done = rows.map(({ name }) => name).toSorted((a, b) => (a < b ? 1 : -1));
      for (const name of done.slice(0, count)) {
        const migration = migrations[name];
        if (migration?.down === undefined) throw new Error(`Migration ${name} of ${service} cannot be taken back here.`);
        await migration.down(transaction);
        await sql`delete from ${record} where name = ${name}`.execute(transaction);
      }
      if (count >= done.length) await sql`drop table ${record}`.execute(transaction);
    });
};
