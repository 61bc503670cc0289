import type { RawSource } from '@lisible/credit';
import { quoteName } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import type { LoadedTable } from './load-raw-table.ts';
import { listRows, rowsListed } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

/** Each outcome needs enough rows for every fold and inner split to hold some of both. */
const minRowsPerOutcome = 50;

export const emptyTable = ({ table }: Pick<LoadedTable, 'table'>): RawProblem => ({
  table,
  column: null,
  row: null,
  reason: 'the table is empty: a header and no rows',
});

/** A key as text, whatever type a Parquet file gave it. */
export const keyText = (keyColumn: string): string => `cast(${quoteName(keyColumn)} as varchar)`;

/** Rows that repeat a key; none where the source has no key or the table lacks it. */
export const checkDuplicates = async (
  session: DuckDbSession,
  { keyColumn }: Pick<RawSource, 'keyColumn'>,
  { table, columns, fileRow }: LoadedTable,
): Promise<readonly RawProblem[]> => {
  if (keyColumn === null || !columns.includes(keyColumn)) return [];
  const key = keyText(keyColumn);
  const repeated = await session.rows(
    `select rowid as id, first_id, count(*) over () as n
     from (select rowid, min(rowid) over (partition by ${key}) as first_id from ${quoteName(table)} where ${key} is not null)
     where rowid > first_id order by rowid limit ${rowsListed}`,
  );
  const listed = repeated.map(({ id, first_id: first }) => ({
    table,
    column: keyColumn,
    row: fileRow(Number(id)),
    reason: `duplicated key: the same as in row ${fileRow(Number(first))}`,
  }));
  const count = Number(repeated[0]?.['n'] ?? 0);
  return [...listed, ...(count > rowsListed ? listRows(table, keyColumn, [], count, 'duplicated key') : [])];
};

/**
 * Whether there is enough of both outcomes, counted as the source reads them: what a file writes for an outcome is the lender's
 * business. Cells that say neither are told row by row where rows are read.
 */
export const checkOutcomes = async (
  session: DuckDbSession,
  { targetColumn, outcomeOf }: Pick<RawSource, 'targetColumn' | 'outcomeOf'>,
  { table, columns, numRows }: LoadedTable,
): Promise<readonly RawProblem[]> => {
  if (numRows === 0 || !columns.includes(targetColumn)) return [];
  const counts = { repaid: 0, defaulted: 0, unknown: 0 };
  for (const { cell, n } of await session.rows(`select ${quoteName(targetColumn)} as cell, count(*) as n from ${quoteName(table)} group by 1`)) {
    const outcome = outcomeOf(cell ?? null);
    counts[outcome === null ? 'unknown' : outcome === 1 ? 'defaulted' : 'repaid'] += Number(n);
  }
  const { repaid, defaulted, unknown } = counts;
  if (unknown > 0) return [];
  const whole = (reason: string): readonly RawProblem[] => [{ table, column: targetColumn, row: null, reason }];
  if (repaid === 0 || defaulted === 0)
    return whole(`the outcome is constant: every row says ${repaid === 0 ? 'defaulted' : 'repaid'}, so there is nothing to learn`);
  if (Math.min(repaid, defaulted) < minRowsPerOutcome)
    return whole(`too few rows to learn from: ${repaid} repaid and ${defaulted} defaulted, at least ${minRowsPerOutcome} of each are needed`);
  return [];
};

/** What is wrong with the cells of a table, gathered row by row; the same fault of one column is told once. */
export interface CellFaults {
  add(problems: readonly RawProblem[]): void;
  list(): readonly RawProblem[];
}

export const createCellFaults = (table: string): CellFaults => {
  const faults = new Map<string, { readonly column: string | null; readonly reason: string; readonly rows: number[]; count: number }>();
  return {
    add: (problems) => {
      for (const problem of problems) {
        const name = `${problem.column} ${problem.reason}`;
        const fault = faults.get(name) ?? { column: problem.column, reason: problem.reason, rows: [], count: 0 };
        if (fault.rows.length < rowsListed && problem.row !== null) fault.rows.push(problem.row);
        fault.count += 1;
        faults.set(name, fault);
      }
    },
    list: () => [...faults.values()].flatMap(({ column, reason, rows, count }) => listRows(table, column, rows, count, reason)),
  };
};

/** Clients of the unlabelled table must not be among the labelled ones: their answer would have been learnt. Tables without keys share none. */
export const checkSharedKeys = async (
  session: DuckDbSession,
  { keyColumn }: Pick<RawSource, 'keyColumn'>,
  { table, columns, fileRow }: LoadedTable,
  labelled: LoadedTable,
): Promise<readonly RawProblem[]> => {
  if (keyColumn === null || ![columns, labelled.columns].every((names) => names.includes(keyColumn))) return [];
  const key = keyText(keyColumn);
  const shared = await session.rows(
    `select rowid as id, count(*) over () as n from ${quoteName(table)} where ${key} in (select ${key} from ${quoteName(labelled.table)}) order by rowid limit ${rowsListed}`,
  );
  return listRows(
    table,
    keyColumn,
    shared.map(({ id }) => fileRow(Number(id))),
    Number(shared[0]?.['n'] ?? 0),
    `the key is in ${labelled.table} too`,
  );
};
