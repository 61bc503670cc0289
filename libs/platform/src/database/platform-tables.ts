import { sql } from 'kysely';
import type { Generated } from 'kysely';
import type { Migrations } from './database.ts';
import { keepAsUsual, keepInRow } from './keep-in-row.ts';

/** Outgoing events in commit order; `envelope` is the whole CloudEvent as JSON text, sent as it was written. */
export interface OutboxTable {
  readonly seq: Generated<number>;
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly envelope: string;
  readonly created_at: Generated<Date>;
}

/** Sequence numbers of outbox rows that a relay has still to publish; empty where the courier hands rows over in one process. */
export interface UnpublishedTable {
  readonly seq: number;
}

/** Events that this service has handled. */
export interface InboxTable {
  readonly source: string;
  readonly id: string;
}

/** Where this service stands in each partition of a topic: `next` is the first offset (without a broker: sequence number) it has not handled. */
export interface PositionTable {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

/** The tables that the platform keeps in each service's schema. */
export interface PlatformTables {
  readonly outbox: OutboxTable;
  readonly unpublished: UnpublishedTable;
  readonly inbox: InboxTable;
  readonly position: PositionTable;
}

export const platformMigrations: Migrations = {
  '0001-outbox-inbox-position': {
    up: async (db) => {
      await db.schema
        .createTable('outbox')
        .addColumn('seq', 'bigserial', (column) => column.primaryKey())
        .addColumn('id', 'text', (column) => column.notNull().unique())
        .addColumn('topic', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('envelope', 'text', (column) => column.notNull())
        .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
      await db.schema.createIndex('outbox_topic_seq').on('outbox').columns(['topic', 'seq']).execute();
      await db.schema
        .createTable('inbox')
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('handled_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
        .addPrimaryKeyConstraint('inbox_pk', ['source', 'id'])
        .execute();
      await db.schema
        .createTable('position')
        .addColumn('topic', 'text', (column) => column.notNull())
        .addColumn('partition', 'integer', (column) => column.notNull())
        .addColumn('next', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('position_pk', ['topic', 'partition'])
        .execute();
    },
    down: async (db) => {
      for (const table of ['position', 'inbox', 'outbox']) await db.schema.dropTable(table).execute();
    },
  },
  '0002-outbox-as-it-is': {
    up: async (db) => {
      await keepInRow(db, 'outbox', ['envelope']);
    },
    down: async (db) => {
      await keepAsUsual(db, 'outbox', ['envelope']);
    },
  },
  '0003-unpublished': {
    up: async (db) => {
      // A table of its own, since marking the outbox's rows would write each envelope a second time.
      await db.schema
        .createTable('unpublished')
        .addColumn('seq', 'bigint', (column) => column.primaryKey())
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('unpublished').execute();
    },
  },
};
