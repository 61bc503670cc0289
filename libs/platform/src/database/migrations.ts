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
