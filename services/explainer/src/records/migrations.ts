import { keepAsUsual, keepInRow } from '@lisible/platform';
import type { Migrations } from '@lisible/platform';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export const migrations: Migrations = {
  '0001_explanation': {
    async up(database: Kysely<unknown>): Promise<void> {
      await database.schema
        .createTable('explanation')
        .addColumn('application_id', 'text', (column) => column.primaryKey())
        .addColumn('explained_at', 'timestamptz', (column) => column.notNull())
        .addColumn('model_version', 'text', (column) => column.notNull())
        .addColumn('policy_version', 'integer', (column) => column.notNull())
        .addColumn('explanation', 'jsonb', (column) => column.notNull())
        .execute();
    },
    async down(database: Kysely<unknown>): Promise<void> {
      await database.schema.dropTable('explanation').execute();
    },
  },
  '0002_policy_version': {
    async up(database: Kysely<unknown>): Promise<void> {
      await database.schema
        .createTable('policy_version')
        .addColumn('policy_version', 'integer', (column) => column.primaryKey())
        .addColumn('policy_name', 'text', (column) => column.notNull())
        .addColumn('policy', 'jsonb', (column) => column.notNull())
        .execute();
    },
    async down(database: Kysely<unknown>): Promise<void> {
      await database.schema.dropTable('policy_version').execute();
    },
  },
  '0003_explanation_as_it_was_written': {
    async up(database: Kysely<unknown>): Promise<void> {
      // No query looks into it, so nothing is won by taking it apart when it is written.
      await database.schema
        .alterTable('explanation')
        .alterColumn('explanation', (column) => column.setDataType(sql`json using explanation::json`))
        .execute();
      await keepInRow(database, 'explanation', ['explanation']);
    },
    async down(database: Kysely<unknown>): Promise<void> {
      await keepAsUsual(database, 'explanation', ['explanation']);
      await database.schema
        .alterTable('explanation')
        .alterColumn('explanation', (column) => column.setDataType(sql`jsonb using explanation::jsonb`))
        .execute();
    },
  },
};
