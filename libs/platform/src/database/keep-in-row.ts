import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';

/** The most that PostgreSQL keeps in one row of its pages of 8 kB, bytes. */
const largestRow = 8160;

/**
 * For a migration: long texts of a table stay with their row as they are, up to a page. Unasked, PostgreSQL compresses whatever is past
 * 2 kB, which takes longer than everything else about an insert; the price is disk, some three times as much.
 */
export const keepInRow = async (database: QueryExecutorProvider, table: string, columns: readonly string[]): Promise<void> => {
  for (const column of columns) await sql`alter table ${sql.table(table)} alter column ${sql.ref(column)} set storage external`.execute(database);
  await sql`alter table ${sql.table(table)} set (toast_tuple_target = ${sql.lit(largestRow)})`.execute(database);
};

/** The way back from `keepInRow`: PostgreSQL treats long values of the columns as it treats any other again, those written from then on. */
export const keepAsUsual = async (database: QueryExecutorProvider, table: string, columns: readonly string[]): Promise<void> => {
  for (const column of columns) await sql`alter table ${sql.table(table)} alter column ${sql.ref(column)} set storage extended`.execute(database);
  await sql`alter table ${sql.table(table)} reset (toast_tuple_target)`.execute(database);
};
