import type { Application } from '@lisible/contracts';
import type { CodedRows } from '../features/index.ts';
import type { HistorySource } from './history-source.ts';

/** A cell as a table reader gives it: readers differ on whether Y and N are texts or truth values. */
export type RawValue = string | number | boolean | null;
export type RawRow = Readonly<Record<string, RawValue>>;

export interface RawColumn {
  readonly name: string;
  /** Its absence from the table is no problem. */
  readonly isOptional: boolean;
  /** A text that says a number and that number are read alike, so that a table may be read as numbers; absent: no. */
  readonly isNumber?: boolean;
}

/** How a text file of values is laid out where it is not a comma-separated table with a header. */
export interface TextLayout {
  readonly separator: ',' | ';' | '\t' | '|';
  /** Lines before the first row (or the header) that hold nothing. */
  readonly blankLines: number;
  /** False: the columns stand in declared order. */
  readonly hasHeader: boolean;
}

/** A raw table of applications, one row each. */
export interface RawTable {
  readonly name: string;
  readonly role: 'labelled' | 'unlabelled';
  /** A training without it is refused. */
  readonly isRequired: boolean;
  readonly columns: readonly RawColumn[];
  /** Its one file's name, where the table is not `NAME.csv`, `NAME.csv.gz` or `NAME.parquet`. */
  readonly file: { readonly name: string; readonly layout: TextLayout } | null;
}

/** What is wrong with a raw table: `column` and `row` (from 1, header not counted) are null where the problem has none. */
export interface RawDataProblem {
  readonly table: string;
  readonly column: string | null;
  readonly row: number | null;
  readonly reason: string;
}

/** One row read: the application that the public door would make of it, or everything wrong with it. */
export interface RawReading {
  readonly application: Application | null;
  /** 1 when the loan was not repaid; null where the table does not say. */
  readonly defaulted: 0 | 1 | null;
  readonly problems: readonly RawDataProblem[];
}

/**
 * Reads one row out of columns of cells.
 * @param columns one array a column name that the reader was opened for, in that order
 * @param position of the row in each of them
 * @param rowNumber of the row in its table, from 1, header not counted
 */
export type RowReader = (columns: readonly (readonly RawValue[])[], position: number, rowNumber: number) => RawReading;

/** The cells of one column for some rows, as few objects as they can be: NaN where a number or a word is missing. */
export type ColumnOfCells =
  | { readonly kind: 'number'; readonly numbers: Float64Array }
  /** Each number is the place of the cell's word. */
  | { readonly kind: 'word'; readonly words: readonly string[]; readonly numbers: Float64Array }
  | { readonly kind: 'cell'; readonly cells: readonly RawValue[] };

export const cellAt = (column: ColumnOfCells | undefined, row: number): RawValue => {
  if (column === undefined) return null;
  if (column.kind === 'cell') return column.cells[row] ?? null;
  const number = column.numbers[row] ?? Number.NaN;
  if (Number.isNaN(number)) return null;
  return column.kind === 'number' ? number : (column.words[number] ?? null);
};

/** Rows read column by column. */
export interface ColumnReading {
  /** 1 for a row in which `readRow` would find nothing wrong; of the others nothing is told, and `readRow` must judge them. */
  readonly isSound: Uint8Array;
  readonly applicationIds: readonly string[];
  /** The numbers that features read of the applications that `readRow` would give; history fields are missing. */
  readonly rows: CodedRows;
}

/** Reads rows column by column. @param columns one a column name that the reader was opened for, in that order, `numRows` long */
export type ColumnReader = (columns: readonly ColumnOfCells[], numRows: number) => ColumnReading;

/** Everything that knows a lender's raw tables: files, columns, keys, and the way from a row to an application. */
export interface RawSource {
  /** Identifies a row; null where the file has no key and the row's number stands in. */
  readonly keyColumn: string | null;
  readonly targetColumn: string;
  readonly tables: readonly RawTable[];
  readonly history: HistorySource | null;
  /** What a cell of the target column says: 1 not repaid, 0 repaid, null neither. */
  outcomeOf(cell: RawValue): 0 | 1 | null;
  /** @param rowNumber from 1, header not counted */
  readRow(table: string, row: RawRow, rowNumber: number): RawReading;
  /** `readRow` for many rows of the table, whose columns at hand are named once. */
  openReader(table: string, columnNames: readonly string[]): RowReader;
  /** The short way from columns to what features read, which makes no applications; absent where the source has none. */
  openColumnReader?(table: string, columnNames: readonly string[]): ColumnReader;
}

/** The row that stands at a position of some columns. */
export const rowAt = (columnNames: readonly string[], columns: readonly (readonly RawValue[])[], position: number): RawRow => {
  const row: Record<string, RawValue> = {};
  for (const [column, name] of columnNames.entries()) row[name] = columns[column]?.[position] ?? null;
  return row;
};

/** The reader of a source that has no faster way than row by row. */
export const readerByRow =
  (readRow: RawSource['readRow']): RawSource['openReader'] =>
  (table, columnNames) =>
  (columns, position, rowNumber) =>
    readRow(table, rowAt(columnNames, columns, position), rowNumber);

/** Declared columns that a table lacks or has twice; columns that nobody declared are left alone. */
export const checkColumns = (
  { name: table, columns: declared }: Pick<RawTable, 'name' | 'columns'>,
  columns: readonly string[],
): readonly RawDataProblem[] => {
  const counts = new Map<string, number>();
  for (const name of columns) counts.set(name, (counts.get(name) ?? 0) + 1);
  return declared.flatMap(({ name, isOptional }): readonly RawDataProblem[] => {
    const count = counts.get(name) ?? 0;
    if (count > 1) return [{ table, column: name, row: null, reason: 'the column is there more than once' }];
    return count === 0 && !isOptional ? [{ table, column: name, row: null, reason: 'the column is missing' }] : [];
  });
};
