import type { Application } from '@lisible/contracts';
import { checkColumns } from '@lisible/credit';
import type { HistoryRow, RawSource, RawTable } from '@lisible/credit';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { clientsTable } from '../measure-coverage/match-clients.ts';
import { checkDuplicates, checkOutcomes, checkSharedKeys, createCellFaults, emptyTable, keyText } from './check-raw-table.ts';
import type { CellFaults } from './check-raw-table.ts';
import { compactColumns } from './compact-columns.ts';
import { ingestHistoryTables } from './ingest-history-tables.ts';
import type { ClientHistory, HistoryOrder } from './ingest-history-tables.ts';
import { loadRawTable } from './load-raw-table.ts';
import type { LoadedTable } from './load-raw-table.ts';
import { findRawFiles } from './raw-folder.ts';
import { readHistories } from './read-histories.ts';
import { RawDataError, withLikelyName } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

/** An application as the public door would receive it; `defaulted` is null where the table does not say. */
export interface RawApplication {
  readonly application: Application;
  /** 1 when the loan was not repaid. */
  readonly defaulted: 0 | 1 | null;
  /** The client's past; null where none was found or none was asked for. */
  readonly history: HistoryRow | null;
}

export interface RawBatch {
  readonly role: RawTable['role'];
  readonly applications: readonly RawApplication[];
  /** Rows of both roles read so far, sound or not. */
  readonly rowsRead: number;
}

/** The tables that a folder holds. */
export interface RawTables {
  readonly numRows: number;
  readonly labelledRows: number;
  /** Null where no history table was asked for or none was there. */
  readonly history: ClientHistory | null;
  /**
   * Every row once, labelled ones first, in the order of the files: cells are checked as they are read, in the one pass. The end
   * of the pass is the word that the tables are sound, so nothing may be made of it before. @throws RawDataError at the end
   */
  read(): AsyncIterable<RawBatch>;
}

export interface IngestionOrder {
  readonly dataDir: string;
  readonly source: RawSource;
  readonly roles: readonly RawTable['role'][];
  /** Learning needs the required tables and enough of both outcomes; without it what is missing is for the caller to judge. */
  readonly isForLearning: boolean;
  /** Absent: the applications alone. */
  readonly history?: WantedHistory;
  readonly onProgress?: (share: number, message: string) => void;
}

/** Which history tables to read, and the catalogue's history fields that they are for. */
export type WantedHistory = Pick<HistoryOrder, 'fieldNames' | 'tables' | 'learnFrom'>;

interface OpenTable {
  readonly declared: RawTable;
  readonly loaded: LoadedTable;
}

/**
 * Opens what a folder holds of the lender's tables in DuckDB: files, headers, keys and outcomes are checked now, cells by `read`.
 * @throws RawDataError with everything found so far when there is no row to read, or none to learn from
 */
export const ingestRawTables = async (session: DuckDbSession, order: IngestionOrder): Promise<RawTables> => {
  const { dataDir, source, roles, isForLearning } = order;
  const wanted = source.tables.filter(({ role }) => roles.includes(role));
  const { files, problems: misplaced } = await findRawFiles(
    dataDir,
    wanted.map(({ name, file, isRequired }) => ({ name, file, isRequired: isForLearning && isRequired })),
  );
  const problems: RawProblem[] = [...misplaced];
  const tables: OpenTable[] = [];
  for (const declared of wanted) {
    const file = files.find(({ table }) => table === declared.name);
    if (file === undefined) continue;
    const { loaded, problems: unreadable } = await loadRawTable(session, file, columnNames(declared));
    problems.push(...unreadable);
    if (loaded === null) continue;
    problems.push(...checkColumns(declared, loaded.columns).map((problem) => withLikelyName(problem, loaded.columns)));
    if (loaded.numRows === 0) problems.push(emptyTable(loaded));
    problems.push(...(await checkDuplicates(session, source, loaded)));
    if (isForLearning && declared.role === 'labelled') problems.push(...(await checkOutcomes(session, source, loaded)));
    tables.push({ declared, loaded });
  }
  const tableOf = (role: RawTable['role']): LoadedTable | undefined => tables.find(({ declared }) => declared.role === role)?.loaded;
  const labelled = tableOf('labelled');
  const unlabelled = tableOf('unlabelled');
  if (labelled !== undefined && unlabelled !== undefined) problems.push(...(await checkSharedKeys(session, source, unlabelled, labelled)));
  const numRows = tables.reduce((sum, { loaded }) => sum + loaded.numRows, 0);
  if (numRows === 0 && problems.length > 0) throw new RawDataError(problems);
  const { history, problems: ofHistory } = await ingestHistory(session, order, tables);
  problems.push(...ofHistory);
  return { numRows, labelledRows: labelled?.numRows ?? 0, history, read: () => readAll(session, source, tables, history, problems) };
};

/** History hangs on the applications' keys: a table of applications without them is a problem already. */
const ingestHistory = async (
  session: DuckDbSession,
  { dataDir, source: { keyColumn, history, tables: declared }, roles, history: wanted, onProgress }: IngestionOrder,
  tables: readonly OpenTable[],
): Promise<Awaited<ReturnType<typeof ingestHistoryTables>>> => {
  if (wanted === undefined || history === null || keyColumn === null) return { history: null, problems: [] };
  const keyed = tables.filter(({ loaded }) => loaded.columns.includes(keyColumn));
  if (keyed.length === 0) return { history: null, problems: [] };
  const clients = keyed.map(
    ({ declared: { role }, loaded: { table } }) => `select ${keyText(keyColumn)} as client, ${quoteText(role)} as role from ${quoteName(table)}`,
  );
  await session.run(`create table ${quoteName(clientsTable)} as ${clients.join(' union all ')}`);
  const outcome = await ingestHistoryTables(session, {
    ...wanted,
    dataDir,
    source: history,
    isWholePopulation: declared.every(({ role }) => roles.includes(role)),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  await session.run(`drop table ${quoteName(clientsTable)}`);
  return outcome;
};

const columnNames = ({ columns }: RawTable): readonly string[] => columns.map(({ name }) => name);

async function* readAll(
  session: DuckDbSession,
  source: RawSource,
  tables: readonly OpenTable[],
  history: ClientHistory | null,
  known: readonly RawProblem[],
): AsyncIterable<RawBatch> {
  const problems: RawProblem[] = [...known];
  let rowsRead = 0;
  for (const table of tables) {
    const faults = createCellFaults(table.loaded.table);
    for await (const { applications, numRows } of readTable(session, source, table, history, faults)) {
      rowsRead += numRows;
      // Once something is wrong the rest is only checked.
      yield { role: table.declared.role, applications: problems.length > 0 ? [] : applications, rowsRead };
    }
    // A missing column is told by its name, not again by each of its rows.
    problems.push(...faults.list().filter(({ column }) => column === null || table.loaded.columns.includes(column)));
  }
  if (problems.length > 0) throw new RawDataError(problems);
}

interface CheckedRows {
  readonly numRows: number;
  readonly applications: readonly RawApplication[];
}

async function* readTable(
  session: DuckDbSession,
  source: RawSource,
  open: OpenTable,
  history: ClientHistory | null,
  faults: CellFaults,
): AsyncIterable<CheckedRows> {
  const { table, fileRow } = open.loaded;
  const { keyColumn } = source;
  const histories = history === null || keyColumn === null ? null : readHistories(session, { table, key: keyText(keyColumn) }, history);
  const names = declaredNames(open);
  const read = source.openReader(table, names);
  const rows = session.columnBatches(`select ${await compactColumns(session, open.declared, names)} from ${quoteName(table)} order by rowid`);
  let rowid = 0;
  try {
    for await (const { numRows, columns } of rows) {
      const applications: RawApplication[] = [];
      for (let position = 0; position < numRows; position += 1) {
        const { application, defaulted, problems } = read(columns, position, fileRow(rowid));
        rowid += 1;
        const past = histories === null ? null : await histories.next();
        if (application === null) faults.add(problems);
        else applications.push({ application, defaulted, history: past?.value ?? null });
      }
      yield { numRows, applications };
    }
  } finally {
    await histories?.return();
  }
}

/** Tables bring columns that nobody declared: those are not carried out of DuckDB. */
const declaredNames = ({ declared, loaded }: OpenTable): readonly string[] => columnNames(declared).filter((name) => loaded.columns.includes(name));
