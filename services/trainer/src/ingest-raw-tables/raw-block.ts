import type { Application } from '@lisible/contracts';
import { cellAt, codeApplication, codeHistoryField, createCodedRows } from '@lisible/credit';
import type { Catalogue, CodedRows, ColumnOfCells, ColumnReader, HistoryRow, RawSource, RawValue, RowReader } from '@lisible/credit';
import type { RawProblem } from './raw-problem.ts';

/** An application as the public door would receive it; `defaulted` is null where the table does not say. */
export interface RawApplication {
  readonly application: Application;
  /** 1 when the loan was not repaid. */
  readonly defaulted: 0 | 1 | null;
  /** The client's past; null where none was found or none was asked for. */
  readonly history: HistoryRow | null;
}

/** Some rows of a table of applications as they left DuckDB. */
export interface RawBlock {
  readonly table: string;
  readonly columnNames: readonly string[];
  readonly columns: readonly ColumnOfCells[];
  /** Of each row in its file, from 1, header not counted. */
  readonly rowNumbers: readonly number[];
  readonly pasts: BlockPasts | null;
}

/** The pasts of a block's clients. */
export interface BlockPasts {
  readonly fields: readonly string[];
  /** 1 a row whose client has a past. */
  readonly isKnown: Uint8Array;
  /** One array a field, one number a row: NaN where it is missing. */
  readonly values: readonly Float64Array[];
}

/** A block read: its sound rows in their order, and everything wrong with the others. */
export interface BlockReading {
  readonly applications: readonly RawApplication[];
  readonly problems: readonly RawProblem[];
}

/** A block read as the numbers that features read, row by row in its order; rows that something is wrong with are NaN. */
export interface CodedBlock {
  readonly applicationIds: readonly string[];
  readonly rows: CodedRows;
  readonly problems: readonly RawProblem[];
}

/** Opened once a table and its columns. */
const remembering = <Reader>(open: (table: string, columnNames: readonly string[]) => Reader): ((block: RawBlock) => Reader) => {
  const readers = new Map<string, Reader>();
  return ({ table, columnNames }) => {
    const name = JSON.stringify([table, ...columnNames]);
    const reader = readers.get(name) ?? open(table, columnNames);
    readers.set(name, reader);
    return reader;
  };
};

/** Reads blocks of any of the source's tables as applications. */
export const openBlockReader = ({ openReader }: Pick<RawSource, 'openReader'>): ((block: RawBlock) => BlockReading) => {
  const readerOf = remembering<RowReader>(openReader);
  return (block) => {
    const read = readerOf(block);
    const cells = block.columns.map((column) => cellsOf(column, block.rowNumbers.length));
    const applications: RawApplication[] = [];
    const problems: RawProblem[] = [];
    for (const [row, rowNumber] of block.rowNumbers.entries()) {
      const { application, defaulted, problems: ofRow } = read(cells, row, rowNumber);
      if (application === null) problems.push(...ofRow);
      else applications.push({ application, defaulted, history: block.pasts === null ? null : pastAt(block.pasts, row) });
    }
    return { applications, problems };
  };
};

/**
 * Reads blocks of any of the source's tables as numbers: column by column where the source can, and row by row what it leaves. The same
 * numbers as those of the applications that `openBlockReader` gives.
 */
export const openCodedReader = (source: RawSource, catalogue: Catalogue): ((block: RawBlock) => CodedBlock) => {
  const rowReaderOf = remembering<RowReader>((table, names) => source.openReader(table, names));
  const columnReaderOf = remembering<ColumnReader>((table, names) => source.openColumnReader?.(table, names) ?? noColumns(catalogue));
  return (block) => {
    const { isSound, applicationIds, rows } = columnReaderOf(block)(block.columns, block.rowNumbers.length);
    const problems: RawProblem[] = [];
    const ids = [...applicationIds];
    const open = isSound.every((sound) => sound === 1) ? null : block.columns.map((column) => cellsOf(column, rows.numRows));
    if (open !== null)
      for (const [row, rowNumber] of block.rowNumbers.entries()) {
        if (isSound[row] === 1) continue;
        const { application, problems: ofRow } = rowReaderOf(block)(open, row, rowNumber);
        if (application === null) problems.push(...ofRow);
        else {
          codeApplication(catalogue, rows, row, application);
          ids[row] = application.applicationId;
        }
      }
    for (const [field, name] of (block.pasts?.fields ?? []).entries()) {
      const values = block.pasts?.values[field];
      if (values !== undefined) codeHistoryField(catalogue, rows, name, values);
    }
    return { applicationIds: ids, rows, problems };
  };
};

/** The reader of a source that reads no columns: every row is left to be read by itself. */
const noColumns =
  (catalogue: Catalogue): ColumnReader =>
  (_columns, numRows) => ({
    isSound: new Uint8Array(numRows),
    applicationIds: new Array<string>(numRows).fill(''),
    rows: createCodedRows(catalogue, numRows),
  });

const cellsOf = (column: ColumnOfCells, numRows: number): readonly RawValue[] =>
  column.kind === 'cell' ? column.cells : Array.from({ length: numRows }, (_, row) => cellAt(column, row));

const pastAt = ({ fields, isKnown, values }: BlockPasts, row: number): HistoryRow | null => {
  if (isKnown[row] !== 1) return null;
  const past: Record<string, number | null> = {};
  for (const [field, name] of fields.entries()) {
    const value = values[field]?.[row] ?? Number.NaN;
    past[name] = Number.isNaN(value) ? null : value;
  }
  return past;
};
