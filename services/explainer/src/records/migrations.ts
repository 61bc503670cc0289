import type { Migrations } from '@lisible/platform';
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
  },
};
