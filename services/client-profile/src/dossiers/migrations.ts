import { keepAsUsual, keepInRow } from '@lisible/platform';
import type { Migrations } from '@lisible/platform';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Identifiers sort by code unit in every engine, so that pages merged from two sources agree. */
const identifier = sql`text collate "C"`;

export const migrations: Migrations = {
  '0001_application': {
    async up(database: Kysely<unknown>): Promise<void> {
      await database.schema
        .createTable('application')
        .addColumn('application_id', identifier, (column) => column.primaryKey())
        .addColumn('client_id', identifier, (column) => column.notNull())
        .addColumn('branch_id', identifier)
        .addColumn('submitted_at', 'timestamptz', (column) => column.notNull())
        .addColumn('received_at', 'timestamptz', (column) => column.notNull())
        .addColumn('currency', 'text', (column) => column.notNull())
        .addColumn('display_name', 'text')
        .addColumn('credit_amount', 'float8')
        .addColumn('annuity_amount', 'float8')
        .addColumn('contract_type', 'text')
        .addColumn('search_key', 'text', (column) => column.notNull())
        .addColumn('content', 'jsonb', (column) => column.notNull())
        .addColumn('content_hash', 'text', (column) => column.notNull())
        .addColumn('data_quality', 'jsonb', (column) => column.notNull())
        .addColumn('catalogue_version', 'text', (column) => column.notNull())
        .execute();
      await database.schema.createIndex('application_client').on('application').columns(['client_id', 'submitted_at']).execute();
      await database.schema.createIndex('application_submitted').on('application').columns(['submitted_at', 'application_id']).execute();
      await database.schema.createIndex('application_credit').on('application').columns(['credit_amount', 'application_id']).execute();
    },
    async down(database: Kysely<unknown>): Promise<void> {
      await database.schema.dropTable('application').execute();
    },
  },
  '0002_content_as_it_came': {
    async up(database: Kysely<unknown>): Promise<void> {
      // No query looks into the content, so nothing is won by taking it apart when it is written.
      await database.schema
        .alterTable('application')
        .alterColumn('content', (column) => column.setDataType(sql`json using content::json`))
        .alterColumn('data_quality', (column) => column.setDataType(sql`json using data_quality::json`))
        .execute();
      await keepInRow(database, 'application', ['content']);
    },
    async down(database: Kysely<unknown>): Promise<void> {
      await keepAsUsual(database, 'application', ['content']);
      await database.schema
        .alterTable('application')
        .alterColumn('content', (column) => column.setDataType(sql`jsonb using content::jsonb`))
        .alterColumn('data_quality', (column) => column.setDataType(sql`jsonb using data_quality::jsonb`))
        .execute();
    },
  },
};
