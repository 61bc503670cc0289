import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import { snapshotFiles } from '@lisible/contracts';
import { drawLoans, madeUpFields, madeUpSource } from '../../testing/history-tables.ts';
import { createFolder, drawRows, testColumns, toCsv, trainColumns } from '../../testing/raw-tables.ts';
import type { Cells } from '../../testing/raw-tables.ts';
import { openDuckDb } from '../duckdb.session.ts';
import { writeMonths as writeClientMonths } from '../publish-snapshot/write-history.ts';
import { ingestRawTables } from './ingest-raw-tables.ts';
import type { IngestionOrder, RawApplication } from './ingest-raw-tables.ts';
import type { ClientHistory } from './ingest-history-tables.ts';
import { RawDataError } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

/** Some specs read a dozen folders. */
jest.setTimeout(120_000);

const rows = drawRows(820);
const labelled = rows.slice(0, 800).map((row) => Number(row['SK_ID_CURR']));
const unlabelled = rows.slice(800).map((row) => Number(row['SK_ID_CURR']));
const everybody = drawLoans([...labelled, ...unlabelled]);
let folder: string;
beforeEach(async () => {
  folder = await createFolder();
  await write('application_train.csv', toCsv(rows.slice(0, 800), trainColumns));
  await write('application_test.csv', toCsv(rows.slice(800), testColumns));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(folder, name), content);
const writeLoans = (loans: readonly Cells[]): Promise<void> => write('loans.csv', toCsv(loans));
const writeMonths = (months: readonly Cells[]): Promise<void> => write('months.csv', toCsv(months));
/** Rows with some cells replaced; keys are row numbers from 1. */
const changed = (original: readonly Cells[], changes: Readonly<Record<number, Cells>>): Cells[] =>
  original.map((row, index) => ({ ...row, ...changes[index + 1] }));

type Outcome = { readonly history: ClientHistory | null; readonly applications: readonly RawApplication[] };

const ingest = async (order: Partial<IngestionOrder> & { readonly learnFrom?: 'all' | readonly string[] } = {}): Promise<Outcome> => {
  const session = await openDuckDb(':memory:');
  try {
    const { learnFrom = null, ...others } = order;
    const tables = await ingestRawTables(session, {
      dataDir: folder,
      source: madeUpSource,
      roles: ['labelled', 'unlabelled'],
      isForLearning: true,
      history: { fieldNames: [...madeUpFields], tables: null, learnFrom },
      ...others,
    });
    const applications: RawApplication[] = [];
    for await (const batch of tables.read()) applications.push(...batch.applications);
    return { history: tables.history, applications };
  } finally {
    session.close();
  }
};

const problemsOf = async (order: Parameters<typeof ingest>[0] = {}): Promise<readonly RawProblem[]> => {
  try {
    await ingest(order);
    return [];
  } catch (error) {
    if (error instanceof RawDataError) return error.problems;
    throw error;
  }
};

const past = { loansCount: 2, loansAmount: 150, lateMonthsCount: 2 };

describe('history tables', () => {
  it('are optional: without any there is no history', async () => {
    const { history, applications } = await ingest();
    expect(history).toBeNull();
    expect(applications).toHaveLength(820);
    expect(applications.every((application) => application.history === null)).toBe(true);
  });

  it('give each application its client’s past, in the order of the applications', async () => {
    await writeLoans(everybody.loans.slice(2).toReversed());
    await writeMonths(everybody.months);
    const { history, applications } = await ingest();
    expect(applications.map(({ application: { clientId } }) => Number(clientId))).toEqual([...labelled, ...unlabelled]);
    expect(applications[0]?.history).toBeNull();
    expect(applications.slice(1).map((application) => application.history)).toEqual(Array.from({ length: 819 }, () => past));
    expect(history).toMatchObject({ fields: madeUpFields, learntTables: new Set(['loans', 'months']) });
  });

  it('are the same from CSV, gzipped CSV and Parquet, whose own types are taken to the declared ones', async () => {
    await writeLoans(everybody.loans);
    const fromCsv = await ingest();
    const session = await openDuckDb(':memory:');
    await session.run(
      `copy (select * replace (cast(AMOUNT as varchar) as AMOUNT, cast(DAYS as double) as DAYS) from read_csv('${join(folder, 'loans.csv')}')) to '${join(folder, 'loans.parquet')}' (format parquet)`,
    );
    session.close();
    await rm(join(folder, 'loans.csv'));
    expect(await ingest()).toEqual(fromCsv);
    await rm(join(folder, 'loans.parquet'));
    await write('loans.csv.gz', gzipSync(toCsv(everybody.loans).replaceAll('\n', '\r\n')));
    expect(await ingest()).toEqual(fromCsv);
  });

  it('keep months when asked for them, of the applications’ clients only, and write them sorted', async () => {
    await writeLoans(everybody.loans);
    await writeMonths(everybody.months);
    const session = await openDuckDb(':memory:');
    try {
      const history = { fieldNames: [...madeUpFields], tables: null, learnFrom: null, withMonths: true };
      const order = { dataDir: folder, source: madeUpSource, isForLearning: true, history };
      const { history: found } = await ingestRawTables(session, { ...order, roles: ['unlabelled'] });
      const hashes = [createHash('sha256'), createHash('sha256')] as const;
      expect(await writeClientMonths(session, found?.monthsTable ?? '', folder, hashes[0])).toBe(20);
      const written = await session.rows(`select * from read_parquet('${join(folder, snapshotFiles.historyMonths)}')`);
      expect(written.map(({ clientId }) => clientId)).toEqual(unlabelled.map(String).toSorted());
      expect(written[0]).toMatchObject({ kind: 'loans', month: -1, count: 4, lateCount: 2, balanceAmount: 300, dueAmount: null });
      await session.run(`update "client months" set "lateCount" = 3 where "clientId" = '${unlabelled[3]}'`);
      await writeClientMonths(session, found?.monthsTable ?? '', folder, hashes[1]);
      expect(hashes[0].digest('hex')).not.toBe(hashes[1].digest('hex'));
    } finally {
      session.close();
    }
    expect((await ingest()).history?.monthsTable).toBeNull();
  });

  it('yield what the tables at hand can tell: the others’ fields are not there', async () => {
    await writeLoans(everybody.loans);
    const { history, applications } = await ingest();
    expect(history?.fields).toEqual(['loansCount', 'loansAmount']);
    expect(applications[0]?.history).toEqual({ loansCount: 2, loansAmount: 150 });
  });

  it('leave out rows and blank cells as declared, count both, and tell no value', async () => {
    await writeLoans(changed(everybody.loans, { 1: { DAYS: 12_345 }, 4: { AMOUNT: -98_765 }, 6: { AMOUNT: 'nan' } }));
    const { history, applications } = await ingest();
    expect(history?.repairs).toEqual([
      { table: 'loans', column: 'AMOUNT', reason: 'not a finite number', treatment: 'blank', rows: 1 },
      { table: 'loans', column: 'DAYS', reason: 'the loan is younger than the application', treatment: 'leave-out', rows: 1 },
      { table: 'loans', column: 'AMOUNT', reason: 'the amount is below zero', treatment: 'blank', rows: 1 },
    ]);
    expect(JSON.stringify(history)).not.toMatch(/12345|98765/);
    expect(applications.slice(0, 3).map((application) => application.history)).toEqual([
      { loansCount: 1, loansAmount: 50 },
      { loansCount: 2, loansAmount: 100 },
      { loansCount: 2, loansAmount: 100 },
    ]);
  });

  it('leave out rows of strangers and of missing parents, counted', async () => {
    const strangers = drawLoans([7, 8]);
    await writeLoans([...everybody.loans, ...strangers.loans]);
    await writeMonths([...everybody.months, ...strangers.months, { LOAN: 5, LATE: 1 }]);
    const { history } = await ingest();
    expect(history?.repairs).toEqual([
      { table: 'loans', column: 'CLIENT', reason: 'the client has no application here', treatment: 'leave-out', rows: 4 },
      { table: 'months', column: 'LOAN', reason: 'the key is not in loans', treatment: 'leave-out', rows: 1 },
      { table: 'months', column: 'LOAN', reason: 'the client has no application here', treatment: 'leave-out', rows: 8 },
    ]);
    expect(history?.coverage.map(({ rows: count, clients }) => ({ count, clients }))).toEqual([
      { count: 1644, clients: 820 },
      { count: 3289, clients: 820 },
    ]);
  });

  it('refuse keys that match nothing, in words', async () => {
    const strangers = drawLoans([7, 8]);
    await writeLoans(strangers.loans);
    expect(await problemsOf()).toEqual([
      { table: 'loans', column: 'CLIENT', row: null, reason: 'no client of this table is among the applications' },
    ]);
    await writeLoans(everybody.loans);
    await writeMonths(strangers.months);
    expect(await problemsOf()).toEqual([{ table: 'months', column: 'LOAN', row: null, reason: 'no key of this table is in loans' }]);
  });

  it('refuse rows as declared, by column with the first rows and their number', async () => {
    await writeLoans(changed(everybody.loans, { 2: { CLIENT: null }, 5: { CLIENT: null }, 6: { CLIENT: null }, 900: { CLIENT: null } }));
    expect(await problemsOf()).toEqual([
      ...[2, 5, 6].map((row) => ({ table: 'loans', column: 'CLIENT', row, reason: 'the key is missing' })),
      { table: 'loans', column: 'CLIENT', row: null, reason: 'the key is missing: 4 rows in all, the first 3 are listed' },
    ]);
  });

  it('refuse a row that is there twice by its key, whether or not another table hangs on it', async () => {
    await writeLoans([...everybody.loans, ...everybody.loans.slice(0, 1)]);
    const refused = [{ table: 'loans', column: 'LOAN', row: null, reason: 'duplicated key: 1 rows repeat one' }];
    expect(await problemsOf()).toEqual(refused);
    await writeMonths(everybody.months);
    expect(await problemsOf()).toEqual(refused);
    // Several rows a loan are what months are.
    await writeLoans(everybody.loans);
    expect((await ingest()).history?.repairs).toEqual([]);
  });

  it('refuse texts in numeric columns, from CSV and from Parquet, without telling the text', async () => {
    const bad = changed(everybody.loans, { 3: { AMOUNT: 'secret' }, 8: { AMOUNT: 'secret' }, 9: { DAYS: 'old' } });
    const expected = [
      { table: 'loans', column: 'AMOUNT', row: 3, reason: 'not a number' },
      { table: 'loans', column: 'AMOUNT', row: 8, reason: 'not a number' },
      { table: 'loans', column: 'DAYS', row: 9, reason: 'not a whole number' },
    ];
    await writeLoans(bad);
    expect(await problemsOf()).toEqual(expected);
    const session = await openDuckDb(':memory:');
    await session.run(
      `copy (select * from read_csv('${join(folder, 'loans.csv')}', all_varchar = true)) to '${join(folder, 'loans.parquet')}' (format parquet)`,
    );
    session.close();
    await rm(join(folder, 'loans.csv'));
    const fromParquet = await problemsOf();
    expect(fromParquet).toHaveLength(3);
    expect(fromParquet).toEqual(expect.arrayContaining(expected));
  });

  it('name a missing and a renamed column once, beside the problems of the applications', async () => {
    await write('application_train.csv', toCsv(changed(rows.slice(0, 800), { 2: { AMT_CREDIT: 'x' } }), trainColumns));
    await writeLoans(everybody.loans.map(({ CLIENT: client = null, AMOUNT: amount = null, ...others }) => ({ ...others, client, Sum: amount })));
    expect(await problemsOf()).toEqual([
      { table: 'loans', column: 'CLIENT', row: null, reason: 'the column is missing: is it “client”?' },
      { table: 'loans', column: 'AMOUNT', row: null, reason: 'the column is missing' },
      { table: 'application_train', column: 'AMT_CREDIT', row: 2, reason: 'not a number' },
    ]);
  });

  it('do without an optional column', async () => {
    const columns = ['CLIENT', 'LOAN', 'DAYS', 'AMOUNT'];
    await write('loans.csv', toCsv(everybody.loans, columns));
    expect((await ingest()).applications[0]?.history).toEqual({ loansCount: 2, loansAmount: 150 });
  });

  it('are refused when empty, there twice, truncated, of another separator or encoding', async () => {
    const csv = toCsv(everybody.loans);
    const told = async (name: string, content: string | Uint8Array): Promise<readonly string[]> => {
      await write(name, content);
      const problems = await problemsOf();
      await rm(join(folder, name));
      expect(problems.every(({ table }) => table === 'loans')).toBe(true);
      return problems.map(({ reason }) => reason);
    };
    expect(await told('loans.csv', '')).toEqual(['the table is empty: not even a header']);
    expect(await told('loans.csv', `${csv.split('\n')[0]}\n`)).toEqual(['the table is empty: a header and no rows']);
    expect(await told('loans.csv', csv.replaceAll(',', ';'))).toEqual(['columns are separated by “;”: commas are expected']);
    expect(await told('loans.csv', Buffer.from(csv, 'utf16le'))).toEqual(['not text in UTF-8']);
    expect(await told('loans.csv', Buffer.from(csv.replace('cash', 'prêt'), 'latin1'))).toEqual(['not text in UTF-8']);
    const compressed = gzipSync(csv);
    expect(await told('loans.csv.gz', compressed.subarray(0, compressed.length / 2))).toEqual(['the gzip file is truncated']);
    expect(await told('loans.parquet', 'PAR1 no more')).toEqual(['not a readable Parquet file']);
    expect(await told('loans.csv', csv.replace(/\n(.*)\n/, '\n1,2\n$1\n'))).toEqual(['fewer values than the header has columns']);
    await write('loans.csv.gz', compressed);
    expect(await told('loans.csv', csv)).toEqual(['the same table is there more than once (loans.csv, loans.csv.gz): keep one']);
  });

  it('are read only when wanted', async () => {
    await writeLoans(everybody.loans);
    await write('months.csv', 'nonsense');
    const only = { fieldNames: [...madeUpFields], tables: new Set(['loans']), learnFrom: null };
    expect((await ingest({ history: only })).history?.fields).toEqual(['loansCount', 'loansAmount']);
  });

  it('may hold other clients than the applications of one role', async () => {
    await writeLoans(drawLoans(unlabelled).loans);
    const { history, applications } = await ingest({ roles: ['labelled'], isForLearning: false });
    expect(history?.coverage).toMatchObject([{ clients: 0, labelledShare: 0, unlabelledShare: null }]);
    expect(applications.every((application) => application.history === null)).toBe(true);
  });
});

describe('coverage', () => {
  const covering = async (order: Parameters<typeof ingest>[0] = {}) => {
    const { history } = await ingest(order);
    return Object.fromEntries(history?.coverage.map(({ table, isLearntFrom, reason }) => [table, { isLearntFrom, reason }]) ?? []);
  };

  it('keeps a table that covers under half of the labelled clients from being learnt from, and says so', async () => {
    await writeLoans(drawLoans([...labelled.slice(0, 399), ...unlabelled]).loans);
    expect((await covering())['loans']).toEqual({
      isLearntFrom: false,
      reason: {
        fr: expect.stringMatching(/ne couvre que 49,9\s% /u),
        en: expect.stringContaining('It covers only 49.9% of the clients whose repayment is known'),
      },
    });
    await writeLoans(drawLoans([...labelled.slice(0, 400), ...unlabelled.slice(0, 10)]).loans);
    expect((await covering())['loans']).toMatchObject({ isLearntFrom: true });
  });

  it('notices a cut that nobody declared: labelled clients with much less than the others', async () => {
    await writeLoans(drawLoans([...labelled.slice(0, 500), ...unlabelled]).loans);
    expect((await covering())['loans']).toMatchObject({ isLearntFrom: false, reason: { en: expect.stringContaining('100% of the others') } });
    const one = everybody.loans.filter((_, position) => position % 2 === 0 || position >= 1600);
    const more = [1, 2, 3].flatMap((copy) => everybody.loans.slice(1600).map((loan): Cells => ({ ...loan, LOAN: Number(loan['LOAN']) * 10 + copy })));
    const many = [...one, ...more];
    await writeLoans(many);
    expect((await covering())['loans']).toMatchObject({ isLearntFrom: false, reason: { en: expect.stringContaining('1 rows a client') } });
  });

  it('takes a declared cut at its word', async () => {
    await writeLoans(everybody.loans);
    await writeMonths(everybody.months);
    await write('dataset.json', JSON.stringify({ tables: { months: { isCut: true, reason: 'only the last year' }, loans: { isCut: false } } }));
    expect(await covering()).toEqual({
      loans: { isLearntFrom: true, reason: expect.anything() },
      months: { isLearntFrom: false, reason: expect.objectContaining({ en: 'The data set declares it cut: only the last year' }) },
    });
  });

  it('refuses declarations that cannot be read or name no table', async () => {
    await write('dataset.json', '{"tables": {"loans": true}}');
    expect(await problemsOf()).toMatchObject([{ table: 'dataset.json', reason: expect.stringContaining('not readable') }]);
    await write('dataset.json', '{"tables": {"lawns": {"isCut": true}}}');
    expect(await problemsOf()).toMatchObject([{ table: 'lawns', reason: expect.stringContaining('no history table has this name') }]);
  });

  it('gives way to what was asked', async () => {
    await writeLoans(drawLoans(labelled.slice(0, 10)).loans);
    await writeMonths(drawLoans(labelled.slice(0, 10)).months);
    expect(await covering({ learnFrom: 'all' })).toMatchObject({
      loans: { isLearntFrom: true, reason: { en: expect.stringContaining('in spite of this: It covers only') } },
      months: { isLearntFrom: true },
    });
    expect(await covering({ learnFrom: ['loans'] })).toMatchObject({ loans: { isLearntFrom: true }, months: { isLearntFrom: false } });
    expect(await problemsOf({ learnFrom: ['months'] })).toMatchObject([
      { table: 'months', reason: 'cannot be learnt from without loans: ask for both' },
    ]);
    expect(await problemsOf({ learnFrom: ['lawns'] })).toMatchObject([
      { table: 'lawns', reason: expect.stringContaining('there are loans, months') },
    ]);
  });
});
