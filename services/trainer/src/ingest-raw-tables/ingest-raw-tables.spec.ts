import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createFolder, drawRows, testColumns, toCsv, trainColumns } from '../../testing/raw-tables.ts';
import type { Cells } from '../../testing/raw-tables.ts';
import { homeCreditLender } from '@lisible/credit';
import { openDuckDb } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { ingestRawTables } from './ingest-raw-tables.ts';
import type { RawApplication } from './ingest-raw-tables.ts';
import { RawDataError } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

const rows = drawRows(800);
let folder: string;
beforeEach(async () => (folder = await createFolder()));
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(folder, name), content);
const writeTrain = (changed: readonly Cells[] = rows, columns: readonly string[] = trainColumns): Promise<void> =>
  write('application_train.csv', toCsv(changed, columns));
/** The rows with some cells replaced; keys are row numbers from 1, as problems tell them. */
const withCells = (changes: Readonly<Record<number, Cells>>): Cells[] => rows.map((row, index) => ({ ...row, ...changes[index + 1] }));

const problemsOf = async (): Promise<readonly RawProblem[]> => {
  const session = await openDuckDb(':memory:');
  try {
    await collect(session);
    return [];
  } catch (error) {
    if (error instanceof RawDataError) return error.problems;
    throw error;
  } finally {
    session.close();
  }
};

const collect = async (session: DuckDbSession): Promise<readonly RawApplication[]> => {
  const { source } = homeCreditLender;
  const tables = await ingestRawTables(session, { dataDir: folder, source, roles: ['labelled', 'unlabelled'], isForLearning: true });
  const all: RawApplication[] = [];
  for await (const { applications } of tables.read()) all.push(...applications);
  return all;
};

const table = 'application_train';

describe('ingest-raw-tables', () => {
  it('reads CSV, gzipped CSV and Parquet to the same applications', async () => {
    const session = await openDuckDb(':memory:');
    const csv = toCsv(rows, trainColumns);
    await write('application_train.csv', csv);
    const fromCsv = await collect(session);
    session.close();
    expect(fromCsv).toHaveLength(rows.length);
    expect(fromCsv.filter(({ defaulted }) => defaulted === 1)).toHaveLength(rows.filter(({ TARGET }) => TARGET === 1).length);

    const other = await openDuckDb(':memory:');
    await other.run(
      `copy (select * from read_csv('${join(folder, 'application_train.csv')}', header = true)) to '${join(folder, 'application_train.parquet')}' (format parquet)`,
    );
    await rm(join(folder, 'application_train.csv'));
    expect(await collect(other)).toEqual(fromCsv);
    other.close();

    const third = await openDuckDb(':memory:');
    await rm(join(folder, 'application_train.parquet'));
    await write('application_train.csv.gz', gzipSync(csv.replaceAll('\n', '\r\n')));
    expect(await collect(third)).toEqual(fromCsv);
    third.close();
  });

  it('needs application_train, and says which names it takes', async () => {
    expect(await problemsOf()).toEqual([
      {
        table,
        column: null,
        row: null,
        reason: expect.stringContaining('application_train.csv, application_train.csv.gz or application_train.parquet'),
      },
    ]);
    await rm(folder, { recursive: true });
    expect(await problemsOf()).toEqual([{ table, column: null, row: null, reason: expect.stringContaining('does not exist') }]);
    folder = await createFolder();
  });

  it('refuses an empty file and a header without rows', async () => {
    await write('application_train.csv', '');
    expect(await problemsOf()).toEqual([{ table, column: null, row: null, reason: expect.stringContaining('empty') }]);
    await writeTrain([]);
    expect(await problemsOf()).toEqual([{ table, column: null, row: null, reason: expect.stringContaining('no rows') }]);
  });

  it('names every missing and every renamed column, and a column that is there twice', async () => {
    await writeTrain(
      rows,
      trainColumns.filter((name) => name !== 'AMT_CREDIT' && name !== 'TARGET'),
    );
    expect(await problemsOf()).toEqual([
      { table, column: 'TARGET', row: null, reason: 'the column is missing' },
      { table, column: 'AMT_CREDIT', row: null, reason: 'the column is missing' },
    ]);
    await writeTrain(
      rows.map((row) => ({ ...row, amt_credit: row['AMT_CREDIT']! })),
      trainColumns.map((name) => (name === 'AMT_CREDIT' ? 'amt_credit' : name)),
    );
    expect(await problemsOf()).toEqual([{ table, column: 'AMT_CREDIT', row: null, reason: 'the column is missing: is it “amt_credit”?' }]);
    await writeTrain(rows, [...trainColumns, 'AMT_CREDIT']);
    expect(await problemsOf()).toEqual([{ table, column: 'AMT_CREDIT', row: null, reason: expect.stringContaining('more than once') }]);
  });

  it('checks the columns that are there even where others are missing', async () => {
    const first = rows[0]!['SK_ID_CURR']!;
    await writeTrain(
      withCells({ 3: { AMT_INCOME_TOTAL: 'x' }, 5: { SK_ID_CURR: first } }),
      trainColumns.filter((name) => name !== 'AMT_CREDIT' && name !== 'WEEKDAY_APPR_PROCESS_START'),
    );
    expect(await problemsOf()).toEqual([
      { table, column: 'WEEKDAY_APPR_PROCESS_START', row: null, reason: 'the column is missing' },
      { table, column: 'AMT_CREDIT', row: null, reason: 'the column is missing' },
      { table, column: 'SK_ID_CURR', row: 5, reason: 'duplicated key: the same as in row 1' },
      { table, column: 'AMT_INCOME_TOTAL', row: 3, reason: 'not a number' },
    ]);
    await writeTrain(
      rows.map((row) => ({ ...row, TARGET: 1 })),
      trainColumns.filter((name) => name !== 'SK_ID_CURR'),
    );
    await write('application_test.csv', toCsv(rows.slice(0, 3), testColumns));
    expect(await problemsOf()).toEqual([
      { table, column: 'SK_ID_CURR', row: null, reason: 'the column is missing' },
      { table, column: 'TARGET', row: null, reason: expect.stringContaining('constant') },
    ]);
  });

  it('finds texts in numeric columns by row, lists three and counts the others, without telling the text', async () => {
    await writeTrain(
      withCells({
        2: { AMT_CREDIT: 'a lot' },
        5: { AMT_CREDIT: 'a lot' },
        6: { AMT_CREDIT: 'x' },
        700: { AMT_CREDIT: 'x' },
        9: { DAYS_BIRTH: 'old', AMT_INCOME_TOTAL: 'inf' },
      }),
    );
    const problems = await problemsOf();
    expect(problems.filter(({ column, reason }) => column === 'AMT_CREDIT' && reason.startsWith('not a number'))).toEqual([
      { table, column: 'AMT_CREDIT', row: 2, reason: 'not a number' },
      { table, column: 'AMT_CREDIT', row: 5, reason: 'not a number' },
      { table, column: 'AMT_CREDIT', row: 6, reason: 'not a number' },
      { table, column: 'AMT_CREDIT', row: null, reason: 'not a number: 4 rows in all, the first 3 are listed' },
    ]);
    expect(problems).toContainEqual({ table, column: 'DAYS_BIRTH', row: 9, reason: 'not a number' });
    expect(problems).toContainEqual({ table, column: 'AMT_INCOME_TOTAL', row: 9, reason: 'not a number' });
    expect(JSON.stringify(problems)).not.toContain('a lot');
  });

  it.each(['1_000', 'inf', 'nan', '0x1g', '1e400'])('finds %s in a numeric column, which DuckDB may read as a number', async (strange) => {
    await writeTrain(withCells({ 700: { AMT_CREDIT: strange } }));
    expect(await problemsOf()).toEqual([{ table, column: 'AMT_CREDIT', row: 700, reason: 'not a number' }]);
  });

  it.each([-2, -1, 0, 1])('finds digits grouped by an underscore wherever the file is cut into pieces (%p)', async (shift) => {
    const pieceBytes = 65_536;
    const header = trainColumns.join(',');
    const lineOf = (row: Cells): string => toCsv([row], trainColumns).split('\n')[1] ?? '';
    const credit = trainColumns.indexOf('AMT_CREDIT');
    const strange = lineOf({ ...rows[0], AMT_CREDIT: '1_000' }).split(',');
    // A column that nobody declared moves the underscore to where it is wanted.
    const before = rows.slice(1, 150).map((row) => `${lineOf(row)},`);
    const bytesUpTo = (lines: readonly string[]): number => [`${header},x`, ...lines].join('\n').length + 1;
    const kept = before.slice(
      0,
      before.findIndex((_, index) => bytesUpTo(before.slice(0, index + 3)) > pieceBytes),
    );
    const inLine = strange.slice(0, credit).join(',').length + 2;
    const padding = pieceBytes + shift - inLine - bytesUpTo(kept);
    const padded = kept.map((line, index) => (index === 0 ? `${line}${'p'.repeat(padding)}` : line));
    const content = [`${header},x`, ...padded, `${strange.join(',')},`, ...rows.slice(200).map((row) => `${lineOf(row)},`), ''].join('\n');
    expect(content.indexOf('1_000') + 1).toBe(pieceBytes + shift);
    await write('application_train.csv', content);
    expect(await problemsOf()).toEqual([{ table, column: 'AMT_CREDIT', row: kept.length + 1, reason: 'not a number' }]);
  });

  it('refuses outcomes that are texts, other numbers, missing, constant or too rare', async () => {
    await writeTrain(withCells({ 3: { TARGET: 'yes' }, 4: { TARGET: 2 }, 5: { TARGET: null } }));
    expect(await problemsOf()).toEqual([3, 4, 5].map((row) => ({ table, column: 'TARGET', row, reason: 'the outcome is neither 0 nor 1' })));
    await writeTrain(rows.map((row) => ({ ...row, TARGET: 0 })));
    expect(await problemsOf()).toEqual([{ table, column: 'TARGET', row: null, reason: expect.stringContaining('constant') }]);
    await writeTrain(rows.map((row, index) => ({ ...row, TARGET: index < 3 ? 1 : 0 })));
    expect(await problemsOf()).toEqual([{ table, column: 'TARGET', row: null, reason: expect.stringContaining('too few rows') }]);
  });

  it('finds duplicated and missing keys, within a table and between the two', async () => {
    const first = rows[0]!['SK_ID_CURR']!;
    await writeTrain(withCells({ 4: { SK_ID_CURR: first }, 6: { SK_ID_CURR: first }, 8: { SK_ID_CURR: null } }));
    await write('application_test.csv', toCsv([{ ...rows[1] }], testColumns));
    expect(await problemsOf()).toEqual([
      { table, column: 'SK_ID_CURR', row: 4, reason: 'duplicated key: the same as in row 1' },
      { table, column: 'SK_ID_CURR', row: 6, reason: 'duplicated key: the same as in row 1' },
      { table: 'application_test', column: 'SK_ID_CURR', row: 1, reason: 'the key is in application_train too' },
      { table, column: 'SK_ID_CURR', row: 8, reason: expect.stringContaining('missing') },
    ]);
  });

  it('refuses the same table twice', async () => {
    await writeTrain();
    await write('application_train.csv.gz', gzipSync(toCsv(rows, trainColumns)));
    expect(await problemsOf()).toEqual([
      { table, column: null, row: null, reason: expect.stringContaining('more than once (application_train.csv, application_train.csv.gz)') },
    ]);
  });

  it('tells a truncated gzip file from one that is none, and an unreadable Parquet file', async () => {
    const compressed = gzipSync(toCsv(rows, trainColumns));
    await write('application_train.csv.gz', compressed.subarray(0, compressed.length / 2));
    expect(await problemsOf()).toEqual([{ table, column: null, row: null, reason: 'the gzip file is truncated' }]);
    await write('application_train.csv.gz', 'SK_ID_CURR,TARGET\n');
    expect(await problemsOf()).toEqual([{ table, column: null, row: null, reason: 'not a readable gzip file' }]);
    await rm(join(folder, 'application_train.csv.gz'));
    await write('application_train.parquet', 'PAR1 no more');
    expect(await problemsOf()).toEqual([{ table, column: null, row: null, reason: 'not a readable Parquet file' }]);
  });

  it('finds broken lines, and still numbers the rows after them as the file does', async () => {
    const lines = toCsv(withCells({ 10: { AMT_CREDIT: 'x' } }), trainColumns).split('\n');
    lines[4] = '1,2,3';
    lines[6] = `${lines[6]},extra`;
    await write('application_train.csv', lines.join('\n'));
    expect(await problemsOf()).toEqual(
      expect.arrayContaining([
        { table, column: null, row: 4, reason: 'fewer values than the header has columns' },
        { table, column: null, row: 6, reason: 'more values than the header has columns' },
        { table, column: 'AMT_CREDIT', row: 10, reason: 'not a number' },
      ]),
    );
  });

  it('tells a table with semicolons as one problem, not as a hundred missing columns', async () => {
    await write('application_train.csv', toCsv(rows, trainColumns).replaceAll(',', ';'));
    expect(await problemsOf()).toEqual([{ table, column: null, row: null, reason: expect.stringContaining('commas are expected') }]);
  });

  it('tells the problems of both tables at once', async () => {
    await writeTrain(withCells({ 2: { AMT_CREDIT: 'x' } }));
    await write('application_test.csv', 'SK_ID_CURR\n');
    const tables = new Set((await problemsOf()).map((problem) => problem.table));
    expect(tables).toEqual(new Set(['application_train', 'application_test']));
  });
});
