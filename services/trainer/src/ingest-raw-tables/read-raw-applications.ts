import type { Application } from '@lisible/contracts';
import { homeCredit } from '@lisible/credit';
import type { HomeCreditTable } from '@lisible/credit';
import { quoteName } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { checkDuplicates, checkSharedKeys, createCellFaults } from './check-raw-table.ts';
import type { CellFaults } from './check-raw-table.ts';
import { withLikelyName } from './ingest-raw-tables.ts';
import { loadRawTable } from './load-raw-table.ts';
import type { LoadedTable } from './load-raw-table.ts';
import { findRawFiles } from './raw-folder.ts';
import { RawDataError } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

/** An application as the public door would receive it; `defaulted` is null where the table does not say. */
export interface RawApplication {
  readonly application: Application;
  readonly defaulted: 0 | 1 | null;
}

export interface RawBatch {
  readonly applications: readonly RawApplication[];
  /** Share of all rows read so far, 0..1. */
  readonly share: number;
}

/** The tables that were found, without one required: what is missing is for the caller to judge. */
export interface RawTables {
  readonly numRows: number;
  /**
   * Every row once, in the order of the files: cells are checked as they are read, in the one pass. The end of the pass is the
   * word that the tables are sound, so nothing may be made of it before. @throws RawDataError at the end
   */
  read(): AsyncIterable<RawBatch>;
}

/**
 * Opens what a folder holds of the named tables to use a model on them: checked as for a training, but for what only learning
 * needs (both outcomes, enough rows of each).
 * @throws RawDataError with every problem but those of cells when a table cannot be read, lacks columns or repeats keys
 */
export const openRawTables = async (session: DuckDbSession, dataDir: string, names: readonly HomeCreditTable[]): Promise<RawTables> => {
  const { files, problems: misplaced } = await findRawFiles(
    dataDir,
    names.map((name) => ({ name, isRequired: false })),
  );
  const problems: RawProblem[] = [...misplaced];
  const tables: LoadedTable<HomeCreditTable>[] = [];
  for (const file of files) {
    const { loaded, problems: unreadable } = await loadRawTable<HomeCreditTable>(session, file);
    problems.push(...unreadable);
    if (loaded === null) continue;
    problems.push(...homeCredit.checkColumns(loaded.table, loaded.columns).map((problem) => withLikelyName(problem, loaded.columns)));
    if (loaded.numRows === 0) problems.push({ table: loaded.table, column: null, row: null, reason: 'the table is empty: a header and no rows' });
    if (loaded.columns.includes(homeCredit.keyColumn)) problems.push(...(await checkDuplicates(session, loaded)));
    tables.push(loaded);
  }
  const labelled = tables.find(({ table }) => table === 'application_train');
  const unlabelled = tables.find(({ table }) => table === 'application_test');
  if (labelled !== undefined && unlabelled !== undefined) problems.push(...(await checkSharedKeys(session, unlabelled, labelled)));
  const numRows = tables.reduce((sum, table) => sum + table.numRows, 0);
  if (numRows === 0 && problems.length > 0) throw new RawDataError(problems);
  return { numRows, read: () => readAll(session, tables, problems) };
};

async function* readAll(
  session: DuckDbSession,
  tables: readonly LoadedTable<HomeCreditTable>[],
  known: readonly RawProblem[],
): AsyncIterable<RawBatch> {
  const problems: RawProblem[] = [...known];
  const numRows = tables.reduce((sum, table) => sum + table.numRows, 0);
  let rowsRead = 0;
  for (const loaded of tables) {
    const faults = createCellFaults(loaded.table);
    for await (const batch of readTable(session, loaded, faults)) {
      rowsRead += batch.numRows;
      // Once something is wrong the rest is only checked.
      yield { applications: problems.length > 0 ? [] : batch.applications, share: rowsRead / numRows };
    }
    // A missing column is told by its name, not again by each of its rows.
    problems.push(...faults.list().filter(({ column }) => column === null || loaded.columns.includes(column)));
  }
  if (problems.length > 0) throw new RawDataError(problems);
}

interface CheckedRows {
  readonly numRows: number;
  readonly applications: readonly RawApplication[];
}

async function* readTable(session: DuckDbSession, loaded: LoadedTable<HomeCreditTable>, faults: CellFaults): AsyncIterable<CheckedRows> {
  const { table, fileRow } = loaded;
  let rowid = 0;
  for await (const batch of session.batches(`select ${declaredColumns(loaded)} from ${quoteName(table)} order by rowid`)) {
    const applications: RawApplication[] = [];
    for (const row of batch) {
      const { application, problems } = homeCredit.readRow(table, row, fileRow(rowid));
      rowid += 1;
      if (application === null) faults.add(problems);
      else applications.push({ application, defaulted: table === 'application_train' ? outcomeIn(row[homeCredit.targetColumn]) : null });
    }
    yield { numRows: batch.length, applications };
  }
}

/** Tables bring columns that nobody declared: those are not carried out of DuckDB. */
const declaredColumns = ({ table, columns }: LoadedTable<HomeCreditTable>): string =>
  homeCredit.tables[table]
    .map(({ name }) => name)
    .filter((name) => columns.includes(name))
    .map((name) => quoteName(name))
    .join(', ');

const outcomeIn = (value: string | number | boolean | null | undefined): 0 | 1 => (Number(value) === 1 ? 1 : 0);
