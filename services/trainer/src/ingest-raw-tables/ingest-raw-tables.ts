import type { Application } from '@lisible/contracts';
import { homeCredit } from '@lisible/credit';
import type { HomeCreditTable } from '@lisible/credit';
import { quoteName } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { checkRawTable, checkSharedKeys } from './check-raw-table.ts';
import { loadRawTable } from './load-raw-table.ts';
import type { LoadedTable } from './load-raw-table.ts';
import { findRawFiles } from './raw-folder.ts';
import { RawDataError } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

export interface LabelledApplication {
  readonly application: Application;
  /** 1 when the loan was not repaid. */
  readonly defaulted: 0 | 1;
}

/** Raw tables that passed every check, read in batches and in the order of the files. */
export interface RawPopulation {
  readonly labelledRows: number;
  readLabelled(): AsyncIterable<readonly LabelledApplication[]>;
  readUnlabelled(limit: number): AsyncIterable<readonly Application[]>;
}

const rawTables = [
  { name: 'application_train', isRequired: true },
  { name: 'application_test', isRequired: false },
] as const satisfies readonly { readonly name: HomeCreditTable; readonly isRequired: boolean }[];

/**
 * Opens a folder of Home Credit tables (CSV, gzipped CSV or Parquet) in DuckDB and checks all of it before anything is made of it.
 * @throws RawDataError with every problem of every table
 */
export const ingestRawTables = async (session: DuckDbSession, dataDir: string): Promise<RawPopulation> => {
  const { files, problems: missing } = await findRawFiles(dataDir, rawTables);
  const problems: RawProblem[] = [...missing];
  const tables = new Map<HomeCreditTable, LoadedTable<HomeCreditTable>>();
  for (const file of files) {
    const { loaded, problems: unreadable } = await loadRawTable<HomeCreditTable>(session, file);
    problems.push(...unreadable);
    if (loaded === null) continue;
    const missingColumns = homeCredit.checkColumns(loaded.table, loaded.columns).map((problem) => withLikelyName(problem, loaded.columns));
    problems.push(...missingColumns, ...(await checkRawTable(session, loaded)));
    tables.set(loaded.table, loaded);
  }
  const labelled = tables.get('application_train');
  const unlabelled = tables.get('application_test');
  if (labelled !== undefined && unlabelled !== undefined) problems.push(...(await checkSharedKeys(session, unlabelled, labelled)));
  if (labelled === undefined || problems.length > 0) throw new RawDataError(problems);
  return {
    labelledRows: labelled.numRows,
    readLabelled: () => readLabelled(session, labelled),
    readUnlabelled: (limit) => (unlabelled === undefined ? nothing() : readUnlabelled(session, unlabelled, limit)),
  };
};

/** A renamed column is mostly the same name in another case. */
export const withLikelyName = (problem: RawProblem, columns: readonly string[]): RawProblem => {
  const likely = columns.find((name) => name !== problem.column && name.toLowerCase() === problem.column?.toLowerCase());
  return likely === undefined ? problem : { ...problem, reason: `${problem.reason}: is it “${likely}”?` };
};

async function* readLabelled(session: DuckDbSession, { table }: LoadedTable): AsyncIterable<readonly LabelledApplication[]> {
  for await (const batch of session.batches(`select * from ${quoteName(table)} order by rowid`))
    yield batch.map((row) => ({ application: homeCredit.toApplication(row), defaulted: Number(row[homeCredit.targetColumn]) === 1 ? 1 : 0 }));
}

async function* readUnlabelled(session: DuckDbSession, { table }: LoadedTable, limit: number): AsyncIterable<readonly Application[]> {
  for await (const batch of session.batches(`select * from ${quoteName(table)} order by rowid limit ${limit}`))
    yield batch.map(homeCredit.toApplication);
}

async function* nothing(): AsyncIterable<readonly Application[]> {}
