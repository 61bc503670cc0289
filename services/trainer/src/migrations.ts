import type { Migrations } from '@lisible/platform';
import { sql } from 'kysely';

/** The tables of registry and portfolio, in the schema `trainer`. */
export const migrations: Migrations = {
  '0001-registry': {
    up: async (database) => {
      await database.schema
        .createTable('training')
        .addColumn('training_id', 'text', (column) => column.primaryKey())
        .addColumn('data_dir', 'text', (column) => column.notNull())
        .addColumn('seed', 'bigint', (column) => column.notNull())
        .addColumn('started_at', 'text', (column) => column.notNull())
        .addColumn('finished_at', 'text')
        .addColumn('phase', 'text', (column) => column.notNull())
        .addColumn('message', 'text', (column) => column.notNull())
        .addColumn('model_version', 'text')
        .addColumn('problems', 'jsonb', (column) => column.notNull())
        .execute();
      // One training at a time, whoever asks: the database refuses the second unfinished row.
      await database.schema
        .createIndex('one_training_at_a_time')
        .on('training')
        .unique()
        .expression(sql`(finished_at is null)`)
        .where(sql.ref('finished_at'), 'is', null)
        .execute();
      await database.schema
        .createTable('model_version')
        .addColumn('model_version', 'text', (column) => column.primaryKey())
        .addColumn('model_name', 'text', (column) => column.notNull())
        .addColumn('snapshot_id', 'text', (column) => column.notNull())
        .addColumn('training_id', 'text', (column) => column.notNull())
        .addColumn('manifest_hash', 'text', (column) => column.notNull())
        .addColumn('rows', 'integer', (column) => column.notNull())
        .addColumn('metrics', 'jsonb', (column) => column.notNull())
        .addColumn('registered_at', 'text', (column) => column.notNull())
        .addColumn('promoted_at', 'text')
        .addColumn('promoted_by', 'text')
        .addColumn('previous_version', 'text')
        .addColumn('announced_at', 'text')
        .execute();
    },
    down: async (database) => {
      for (const table of ['model_version', 'training']) await database.schema.dropTable(table).execute();
    },
  },
  '0002-portfolio': {
    up: async (database) => {
      // One row for all decisions that are alike in its key: rows add up, whoever wrote them.
      await database.schema
        .createTable('portfolio_count')
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('model_version', 'text', (column) => column.notNull())
        .addColumn('policy_version', 'integer', (column) => column.notNull())
        .addColumn('currency', 'text', (column) => column.notNull())
        .addColumn('proposal', 'text', (column) => column.notNull())
        .addColumn('decision', 'text', (column) => column.notNull())
        .addColumn('bin', 'integer', (column) => column.notNull())
        .addColumn('applications', 'bigint', (column) => column.notNull())
        .addColumn('pd_sum', 'double precision', (column) => column.notNull())
        .addColumn('with_amount', 'bigint', (column) => column.notNull())
        .addColumn('amount_sum', 'double precision', (column) => column.notNull())
        .addColumn('last_decided_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('portfolio_count_pk', ['day', 'model_version', 'policy_version', 'currency', 'proposal', 'decision', 'bin'])
        .execute();
    },
    down: async (database) => {
      await database.schema.dropTable('portfolio_count').execute();
    },
  },
};
