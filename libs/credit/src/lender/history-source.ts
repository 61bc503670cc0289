import type { HistoryMonthKind } from '@lisible/contracts';

/** A column of a history table, of the type that DuckDB reads it as from CSV; Parquet's own type is cast to it. */
export interface HistoryColumn {
  readonly name: string;
  readonly type: 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'VARCHAR';
  /** Its absence from the table is no problem. */
  readonly isOptional: boolean;
}

/** What a row of a history table may not say. */
export interface HistoryCheck {
  readonly column: string;
  /** In words, e.g. `the credit began after the application`. */
  readonly reason: string;
  /** SQL over the row's columns that is true for a bad row. */
  readonly condition: string;
  /** `refuse`: the folder is refused; `leave-out`: the row is; `blank`: the cell becomes missing. All are named and counted. */
  readonly treatment: 'refuse' | 'leave-out' | 'blank';
}

/** A raw table about clients' pasts: any number of rows a client. */
export interface HistoryTable {
  readonly name: string;
  readonly columns: readonly HistoryColumn[];
  /** Null where the rows hang on another table's instead. */
  readonly clientColumn: string | null;
  /** The column that tells its rows apart: a value that is there twice refuses the folder. Null: none does by itself. */
  readonly key: string | null;
  /** The table and the key of it that the rows of this one hang on: monthly balances on their credit. */
  readonly parent: { readonly table: string; readonly column: string } | null;
  readonly checks: readonly HistoryCheck[];
}

/** One query of DuckDB: one row a client. Runs when all its tables are there. */
export interface HistoryQuery {
  readonly tables: readonly string[];
  /** History fields of the catalogue, each a DOUBLE column of the result beside `clientId` (VARCHAR). */
  readonly fields: readonly string[];
  /** @param source gives the SQL that a table is selected from */
  readonly sql: (source: (table: string) => string) => string;
}

/**
 * One query of DuckDB over what a person looks at, not over what a model reads: one row a client and month. Columns beside `clientId`
 * (VARCHAR) and `month` (INTEGER, 0 the month of the application, -1 the one before): those of `ClientMonth` of the contracts, NULL
 * where the kind has no such thing.
 */
export interface MonthsQuery {
  readonly kind: HistoryMonthKind;
  readonly tables: readonly string[];
  /** @param source gives the SQL that a table is selected from */
  readonly sql: (source: (table: string) => string) => string;
}

export interface HistorySource {
  readonly tables: readonly HistoryTable[];
  readonly queries: readonly HistoryQuery[];
  /** Month by month, for the dossier's charts. */
  readonly months: readonly MonthsQuery[];
}
