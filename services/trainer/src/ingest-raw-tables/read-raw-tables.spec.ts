import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { validateApplication, homeCredit, homeCreditCatalogue, homeCreditLender } from '@lisible/credit';
import { createFolder, drawRows, testColumns, toCsv, trainColumns } from '../../testing/raw-tables.ts';
import type { Cells } from '../../testing/raw-tables.ts';
import { openDuckDb } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { ingestRawTables } from './ingest-raw-tables.ts';
import type { RawApplication, RawTables } from './ingest-raw-tables.ts';
import { RawDataError } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

const { source } = homeCreditLender;
const roles = ['labelled', 'unlabelled'] as const;
const rows = drawRows(2500);

describe('reading raw tables to use a model on them', () => {
  let folder: string;
  let session: DuckDbSession;
  beforeEach(async () => {
    folder = await createFolder();
    session = await openDuckDb(':memory:');
  });
  afterEach(async () => {
    session.close();
    await rm(folder, { recursive: true, force: true });
  });

  const write = (labelled: readonly Cells[], unlabelled: readonly Cells[]): Promise<unknown> =>
    Promise.all([
      writeFile(join(folder, 'application_train.csv'), toCsv(labelled, trainColumns)),
      writeFile(join(folder, 'application_test.csv'), toCsv(unlabelled, testColumns)),
    ]);
  const open = (dataDir = folder): Promise<RawTables> => ingestRawTables(session, { dataDir, source, roles, isForLearning: false });
  const readAll = async (): Promise<readonly RawApplication[]> => {
    const read: RawApplication[] = [];
    for await (const { applications } of (await open()).read()) read.push(...applications);
    return read;
  };
  const problemsOf = (work: Promise<unknown>): Promise<readonly RawProblem[]> =>
    work.then(
      () => [],
      (error: unknown) => (error instanceof RawDataError ? error.problems : Promise.reject(error)),
    );

  it('gives each row once, in the order of the files, as the public door would receive it', async () => {
    await write(rows.slice(0, 2200), rows.slice(2200));
    const expected = rows.map((row, index) => {
      const validation = validateApplication(homeCreditCatalogue, homeCredit.toApplication(row));
      return {
        application: validation.isValid ? validation.application : null,
        defaulted: index < 2200 ? row[homeCredit.targetColumn] : null,
        history: null,
      };
    });
    expect(await readAll()).toEqual(expected);
  });

  it('lists what is wrong in both tables at the end, and gives nothing to work on after it', async () => {
    const faulty = rows.slice(0, 2200).map((row, index): Cells => {
      if (index === 3) return { ...row, AMT_CREDIT: 'much' };
      if (index === 9) return { ...row, TARGET: 2 };
      return index === 2150 ? { ...row, SK_ID_CURR: rows[0]?.['SK_ID_CURR'] ?? null } : row;
    });
    await write(faulty, [...rows.slice(2200), faulty[1] ?? {}]);
    const problems = await problemsOf(readAll());
    expect(problems.map(({ table, row }) => `${table} ${row}`).toSorted()).toEqual([
      'application_test 301',
      'application_train 10',
      'application_train 2151',
      'application_train 4',
    ]);
    const given: RawApplication[] = [];
    await problemsOf(
      (async () => {
        for await (const { role, applications } of (await open()).read()) if (role === 'unlabelled') given.push(...applications);
      })(),
    );
    expect(given).toEqual([]);
  });

  it('asks for no more than there is to use: one table, one outcome, few rows', async () => {
    await writeFile(
      join(folder, 'application_train.csv'),
      toCsv(
        rows.slice(0, 20).map((row) => ({ ...row, TARGET: 0 })),
        trainColumns,
      ),
    );
    expect(await readAll()).toHaveLength(20);
  });

  it('finds nothing in an empty folder, and a fault where there is no folder', async () => {
    expect((await open()).numRows).toBe(0);
    expect(await problemsOf(open(join(folder, 'absent')))).toEqual([
      { table: 'application_train', column: null, row: null, reason: expect.stringContaining('does not exist') },
    ]);
  });
});
