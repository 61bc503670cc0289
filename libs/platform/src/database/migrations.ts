import type { ServiceName } from '@lisible/contracts';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { schemaOf } from './database.ts';
import type { Database, Migrations } from './database.ts';
import { platformMigrations } from './platform-tables.ts';

/** Brings the platform's tables of a service's schema (outbox, inbox, position) to the present; runs nothing twice. */
export const migratePlatformTables = (database: Database, service: ServiceName): Promise<void> => migrate(database, service, platformMigrations, 'platform_migration');

/** Brings a service's own tables to the present, forward only. */
export const migrateServiceTables = (database: Database, service: ServiceName, migrations: Migrations): Promise<void> => migrate(database, service, migrations, 'migration');

const migrate = async (database: Database, service: ServiceName, migrations: Migrations, table: string): Promise<void> => {
  const db = database.forService<Record<string, never>>(service);
  const schema = schemaOf(service);
  await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableSchema: schema,
    migrationTableName: table,
    migrationLockTableName: `${table}_lock`,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  throw new Error(`The tables of ${service} could not be brought up to date${failed === undefined ? '' : ` (migration ${failed})`}.`, { cause: error });
};
