import { homeCredit } from '@lisible/credit';
import type { HomeCreditTable } from '@lisible/credit';
import { quoteName } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import type { LoadedTable } from './load-raw-table.ts';
import { listRows, rowsListed } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

/** Each outcome needs enough rows for every fold and inner split to hold some of both. */
const minRowsPerOutcome = 50;

const { keyColumn, targetColumn } = homeCredit;

/** Every problem of a loaded table, in the columns that are there: keys, then outcomes, then cell by cell what the catalogue says. */
export const checkRawTable = async (session: DuckDbSession, loaded: LoadedTable<HomeCreditTable>): Promise<readonly RawProblem[]> => {
  if (loaded.numRows === 0) return [{ table: loaded.table, column: null, row: null, reason: 'the table is empty: a header and no rows' }];
  const isThere = (column: string | null): boolean => column === null || loaded.columns.includes(column);
  // A missing column is told by its name, not again by each of its rows.
  const cells = (await checkCells(session, loaded)).filter(({ column }) => isThere(column));
  const hasOutcomes = loaded.table === 'application_train' && isThere(targetColumn) && !cells.some(({ column }) => column === targetColumn);
  return [
    ...(isThere(keyColumn) ? await checkDuplicates(session, loaded) : []),
    ...(hasOutcomes ? await checkOutcomes(session, loaded) : []),
    ...cells,
  ];
};

/** A key as text, whatever type a Parquet file gave it. */
const key = `cast(${quoteName(keyColumn)} as varchar)`;

export const checkDuplicates = async (session: DuckDbSession, { table, fileRow }: LoadedTable): Promise<readonly RawProblem[]> => {
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

const checkOutcomes = async (session: DuckDbSession, { table }: LoadedTable): Promise<readonly RawProblem[]> => {
  const outcomes = await session.rows(
    `select cast(${quoteName(targetColumn)} as double) as outcome, count(*) as n from ${quoteName(table)} group by 1`,
  );
  const countOf = (value: number): number => Number(outcomes.find(({ outcome }) => outcome === value)?.['n'] ?? 0);
  const [repaid, defaulted] = [countOf(0), countOf(1)];
  const whole = (reason: string): readonly RawProblem[] => [{ table, column: targetColumn, row: null, reason }];
  if (repaid === 0 || defaulted === 0) return whole(`the outcome is constant: every row says ${repaid === 0 ? 1 : 0}, so there is nothing to learn`);
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

/** Row by row, by the word of the room that knows these tables. */
const checkCells = async (session: DuckDbSession, { table, fileRow }: LoadedTable<HomeCreditTable>): Promise<readonly RawProblem[]> => {
  const faults = createCellFaults(table);
  let rowid = 0;
  for await (const batch of session.batches(`select * from ${quoteName(table)} order by rowid`)) {
    for (const row of batch) faults.add(homeCredit.checkRow(table, row, fileRow(rowid++)));
  }
  return faults.list();
};

/** Clients of the unlabelled table must not be among the labelled ones: their answer would have been learnt. Tables without keys share none. */
export const checkSharedKeys = async (
  session: DuckDbSession,
  { table, columns, fileRow }: LoadedTable,
  labelled: LoadedTable,
): Promise<readonly RawProblem[]> => {
  if (![columns, labelled.columns].every((names) => names.includes(keyColumn))) return [];
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
