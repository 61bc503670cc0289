import { checkColumns } from '@lisible/credit';
import type { RawSource, RawTable } from '@lisible/credit';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { clientsTable } from '../measure-coverage/match-clients.ts';
import { checkDuplicates, checkOutcomes, checkSharedKeys, createCellFaults, emptyTable, keyText } from './check-raw-table.ts';
import { compactColumns, toColumnOfCells } from './compact-columns.ts';
import { ingestHistoryTables } from './ingest-history-tables.ts';
import type { ClientHistory, HistoryOrder } from './ingest-history-tables.ts';
import { loadRawTable } from './load-raw-table.ts';
import type { LoadedTable } from './load-raw-table.ts';
import { openBlockReader } from './raw-block.ts';
import type { RawApplication, RawBlock } from './raw-block.ts';
import { findRawFiles } from './raw-folder.ts';
import { openHistories } from './read-histories.ts';
import { RawDataError, withLikelyName } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

export type { RawApplication } from './raw-block.ts';

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
  /** The same pass, each block read as the caller would have it. @throws RawDataError at the end */
  readBlocks<Done extends BlockDone>(read: ReadBlock<Done>): AsyncIterable<DoneBlock<Done>>;
}

/** What reading a block must tell, whatever else it does. */
export interface BlockDone {
  readonly problems: readonly RawProblem[];
}

export type ReadBlock<Done extends BlockDone> = (block: RawBlock) => Done;

export interface DoneBlock<Done extends BlockDone> {
  readonly role: RawTable['role'];
  readonly done: Done;
  /** Rows of both roles read so far, sound or not. */
  readonly rowsRead: number;
  /** False once something is wrong: nothing may be made of the block. */
  readonly isSound: boolean;
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
export type WantedHistory = Pick<HistoryOrder, 'fieldNames' | 'tables' | 'learnFrom' | 'withMonths'>;

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
    const { loaded, problems: unreadable } = await loadRawTable(session, file, declared.columns);
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
  const population: Population = { session, source, tables, history, problems };
  return {
    numRows,
    labelledRows: labelled?.numRows ?? 0,
    history,
    read: () => readHere(population),
    readBlocks: (read) => readBlocks(population, read),
  };
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

interface Population {
  readonly session: DuckDbSession;
  readonly source: RawSource;
  readonly tables: readonly OpenTable[];
  readonly history: ClientHistory | null;
  /** Known before the first row is read. */
  readonly problems: readonly RawProblem[];
}

async function* readHere(population: Population): AsyncIterable<RawBatch> {
  for await (const { role, done, rowsRead, isSound } of readBlocks(population, openBlockReader(population.source)))
    yield { role, applications: isSound ? done.applications : [], rowsRead };
}

async function* readBlocks<Done extends BlockDone>(
  { session, source, tables, history, problems: known }: Population,
  read: ReadBlock<Done>,
): AsyncIterable<DoneBlock<Done>> {
  const problems: RawProblem[] = [...known];
  let rowsRead = 0;
  let isSound = problems.length === 0;
  for (const table of tables) {
    const faults = createCellFaults(table.loaded.table);
    for await (const block of readTable(session, source, table, history)) {
      const done = read(block);
      rowsRead += block.rowNumbers.length;
      faults.add(done.problems);
      isSound &&= done.problems.length === 0;
      yield { role: table.declared.role, done, rowsRead, isSound };
    }
    // A missing column is told by its name, not again by each of its rows.
    problems.push(...faults.list().filter(({ column }) => column === null || table.loaded.columns.includes(column)));
  }
  if (problems.length > 0) throw new RawDataError(problems);
}

async function* readTable(session: DuckDbSession, { keyColumn }: RawSource, open: OpenTable, history: ClientHistory | null): AsyncIterable<RawBlock> {
  const { table, fileRow } = open.loaded;
  const histories = history === null || keyColumn === null ? null : openHistories(session, { table, key: keyText(keyColumn) }, history);
  const names = declaredNames(open);
  const selected = await compactColumns(session, open.declared, names);
  let rowid = 0;
  try {
    for await (const batch of session.resultBatches(`select ${selected.map(({ sql }) => sql).join(', ')} from ${quoteName(table)} order by rowid`)) {
      const { numRows } = batch;
      const columns = selected.map((column, place) => toColumnOfCells(column, batch, place));
      const first = rowid;
      const rowNumbers = Array.from({ length: numRows }, (_, row) => fileRow(first + row));
      rowid += numRows;
      yield { table, columnNames: names, columns, rowNumbers, pasts: histories === null ? null : await histories.take(numRows) };
    }
  } finally {
    await histories?.close();
  }
}

/** Tables bring columns that nobody declared: those are not carried out of DuckDB. */
const declaredNames = ({ declared, loaded }: OpenTable): readonly string[] => columnNames(declared).filter((name) => loaded.columns.includes(name));
