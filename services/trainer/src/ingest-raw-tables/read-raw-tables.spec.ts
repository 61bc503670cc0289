import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  codeApplication,
  createCodedRows,
  germanCreditLender,
  homeCredit,
  homeCreditCatalogue,
  homeCreditLender,
  validateApplication,
} from '@lisible/credit';
import { createFolder, drawRows, testColumns, toCsv, trainColumns } from '../../testing/raw-tables.ts';
import type { Cells } from '../../testing/raw-tables.ts';
import { openDuckDb } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { ingestRawTables } from './ingest-raw-tables.ts';
import type { RawApplication, RawTables } from './ingest-raw-tables.ts';
import { openBlockReader, openCodedReader } from './raw-block.ts';
import type { RawBlock } from './raw-block.ts';
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

  it('gives as numbers those of the very applications, whichever way their cells are written', async () => {
    // Each is sound, and not as the others: read by itself, or in a column that is no more one of numbers.
    const written = rows.map((row, index): Cells => {
      if (index === 5) return { ...row, AMT_CREDIT: '0x4000' };
      if (index === 2100) return { ...row, FLAG_MOBIL: 'true', OCCUPATION_TYPE: 'A trade that nobody listed' };
      return index === 2300 ? { ...row, DAYS_EMPLOYED: 365_243, NAME_FAMILY_STATUS: 'XNA' } : row;
    });
    await write(written.slice(0, 2200), written.slice(2200));
    const applications = await readAll();
    const expected = createCodedRows(homeCreditCatalogue, written.length);
    for (const [row, { application }] of applications.entries()) codeApplication(homeCreditCatalogue, expected, row, application);
    const ids: string[] = [];
    const columns = expected.columns.map((): number[] => []);
    session.close();
    session = await openDuckDb(':memory:');
    for await (const { done, rowsRead } of (await open()).readBlocks(openCodedReader(source, homeCreditCatalogue))) {
      ids.push(...done.applicationIds);
      for (const [position, column] of done.rows.columns.entries()) columns[position]?.push(...column);
      expect(rowsRead).toBe(ids.length);
    }
    expect(ids).toEqual(applications.map(({ application }) => application.applicationId));
    expect(columns).toEqual(expected.columns.map((column) => [...column]));
  });

  it('gives as numbers the rows of a source that reads no columns', async () => {
    const { source: other, catalogue } = germanCreditLender;
    const line = 'A11 6 A34 A43 1169 A65 A75 4 A93 A101 4 A121 67 A143 A152 2 A173 1 A192 A201 1';
    const block: RawBlock = {
      table: other.tables[0]!.name,
      columnNames: other.tables[0]!.columns.map(({ name }) => name),
      columns: line.split(' ').map((cell) => ({ kind: 'cell', cells: [cell, cell === '67' ? 'old' : cell] })),
      rowNumbers: [7, 8],
      pasts: null,
    };
    const { applications, problems } = openBlockReader(other)(block);
    expect(applications).toHaveLength(1);
    expect(problems.map(({ row }) => row)).toEqual([8]);
    const coded = openCodedReader(other, catalogue)(block);
    const expected = createCodedRows(catalogue, 2);
    codeApplication(catalogue, expected, 0, applications[0]!.application);
    expect(coded).toEqual({ applicationIds: ['7', ''], rows: expected, problems });
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
