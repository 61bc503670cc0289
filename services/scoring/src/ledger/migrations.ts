import { keepAsUsual, keepInRow } from '@lisible/platform';
import type { Migrations } from '@lisible/platform';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export const migrations: Migrations = {
  '0001_decision_ledger': {
    async up(database: Kysely<unknown>): Promise<void> {
      await database.schema
        .createTable('decision')
        .addColumn('application_id', 'text', (column) => column.primaryKey())
        .addColumn('client_id', 'text', (column) => column.notNull())
        .addColumn('decided_at', 'timestamptz', (column) => column.notNull())
        .addColumn('model_name', 'text', (column) => column.notNull())
        .addColumn('model_version', 'text', (column) => column.notNull())
        .addColumn('policy_name', 'text', (column) => column.notNull())
        .addColumn('policy_version', 'integer', (column) => column.notNull())
        .addColumn('probability_of_default', 'float8', (column) => column.notNull())
        .addColumn('margin', 'float8', (column) => column.notNull())
        .addColumn('decision_threshold', 'float8', (column) => column.notNull())
        .addColumn('grey_zone_lower', 'float8')
        .addColumn('grey_zone_upper', 'float8')
        .addColumn('proposal', 'text', (column) => column.notNull())
        .addColumn('decision', 'text', (column) => column.notNull())
        .addColumn('rule_hits', 'jsonb', (column) => column.notNull())
        .addColumn('is_history_missing', 'boolean', (column) => column.notNull())
        .addColumn('features_hash', 'text', (column) => column.notNull())
        .addColumn('features', 'jsonb', (column) => column.notNull())
        .addColumn('policy_inputs', 'jsonb', (column) => column.notNull())
        .addColumn('catalogue_version', 'text', (column) => column.notNull())
        .addColumn('currency', 'text', (column) => column.notNull())
        .execute();
      await database.schema.createIndex('decision_client').on('decision').columns(['client_id', 'decided_at']).execute();
    },
    async down(database: Kysely<unknown>): Promise<void> {
      await database.schema.dropTable('decision').execute();
    },
  },
  '0002_policy_version': {
    async up(database: Kysely<unknown>): Promise<void> {
      await database.schema
        .createTable('policy_version')
        .addColumn('policy_version', 'integer', (column) => column.primaryKey())
        .addColumn('policy_name', 'text', (column) => column.notNull())
        .addColumn('policy', 'jsonb', (column) => column.notNull())
        .addColumn('adopted_at', 'timestamptz', (column) => column.notNull())
        .addColumn('adopted_by', 'text', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .execute();
    },
    async down(database: Kysely<unknown>): Promise<void> {
      await database.schema.dropTable('policy_version').execute();
    },
  },
  '0003_decision_as_it_was_written': {
    async up(database: Kysely<unknown>): Promise<void> {
      // No query looks into them, so nothing is won by taking them apart when they are written.
      await database.schema
        .alterTable('decision')
        .alterColumn('rule_hits', (column) => column.setDataType(sql`json using rule_hits::json`))
        .alterColumn('features', (column) => column.setDataType(sql`json using features::json`))
        .alterColumn('policy_inputs', (column) => column.setDataType(sql`json using policy_inputs::json`))
        .execute();
      await keepInRow(database, 'decision', ['features']);
    },
    async down(database: Kysely<unknown>): Promise<void> {
      await keepAsUsual(database, 'decision', ['features']);
      await database.schema
        .alterTable('decision')
        .alterColumn('rule_hits', (column) => column.setDataType(sql`jsonb using rule_hits::jsonb`))
        .alterColumn('features', (column) => column.setDataType(sql`jsonb using features::jsonb`))
        .alterColumn('policy_inputs', (column) => column.setDataType(sql`jsonb using policy_inputs::jsonb`))
        .execute();
    },
  },
};
