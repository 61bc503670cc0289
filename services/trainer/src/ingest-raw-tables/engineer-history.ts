import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableCoverage } from '@lisible/contracts';
import { getLender } from '@lisible/credit';
import { openDuckDb, quoteName, quoteText } from '../duckdb.session.ts';
import { clientsTable } from '../measure-coverage/match-clients.ts';
import { writeHistory } from '../publish-snapshot/write-history.ts';
import { ingestHistoryTables } from './ingest-history-tables.ts';
import { loadRawTable } from './load-raw-table.ts';
import { findRawFiles } from './raw-folder.ts';
import { RawDataError } from './raw-problem.ts';

export interface EngineeredHistory {
  readonly fields: readonly string[];
  readonly coverage: readonly TableCoverage[];
  /** From the first history table opened to the last byte written; the applications' keys are there before. */
  readonly seconds: number;
}

/**
 * The clients' pasts of a raw folder as a training computes them, written into `outDir` as a snapshot has them, without a training.
 * @throws RawDataError with every problem of the history tables; RangeError when no lender has the name
 */
export const engineerHistory = async (lenderName: string, dataDir: string, outDir: string): Promise<EngineeredHistory> => {
  const { source, catalogue } = getLender(lenderName);
  const { keyColumn, history: tables } = source;
  if (tables === null || keyColumn === null) throw new RangeError(`The lender ${lenderName} has no history tables`);
  const folder = await mkdtemp(join(outDir, 'scratch-'));
  const session = await openDuckDb(join(folder, 'scratch.duckdb'));
  try {
    const wanted = source.tables.map(({ name, file }) => ({ name, file, isRequired: false }));
    const { files, problems: misplaced } = await findRawFiles(dataDir, wanted);
    const problems = [...misplaced];
    const keys: string[] = [];
    for (const file of files) {
      const loading = await loadRawTable(session, file);
      problems.push(...loading.problems);
      const role = source.tables.find(({ name }) => name === file.table)?.role ?? 'labelled';
      keys.push(`select cast(${quoteName(keyColumn)} as varchar) as client, ${quoteText(role)} as role from ${quoteName(file.table)}`);
    }
    if (problems.length > 0) throw new RawDataError(problems);
    await session.run(`create table ${quoteName(clientsTable)} as ${keys.join(' union all ')}`);
    for (const { table } of files) await session.run(`drop table ${quoteName(table)}`);
    const startedAt = performance.now();
    const outcome = await ingestHistoryTables(session, {
      dataDir,
      source: tables,
      fieldNames: catalogue.historyFields.map(({ name }) => name),
      tables: null,
      learnFrom: null,
      isWholePopulation: true,
    });
    if (outcome.history === null) throw new RawDataError(outcome.problems);
    await writeHistory(session, outcome.history, outDir, createHash('sha256'));
    return { fields: outcome.history.fields, coverage: outcome.history.coverage, seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    session.close();
    await rm(folder, { recursive: true, force: true });
  }
};
