import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyMonthKinds } from '@lisible/contracts';
import { homeCreditCatalogue, homeCreditLender } from '@lisible/credit';
import type { HistoryTable } from '@lisible/credit';
import { openDuckDb, quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession, Row } from '../duckdb.session.ts';

/** What `libs/credit/golden/make_history_golden.py` computed with pandas from the tables beside it. */
interface HistoryGolden {
  readonly checks: Readonly<Record<string, number>>;
  readonly fields: readonly string[];
  readonly clients: Readonly<Record<string, readonly (number | null)[]>>;
}

const goldenFolder = new URL('../../../../libs/credit/golden/', import.meta.url);
const golden = JSON.parse(readFileSync(new URL('history.golden.json', goldenFolder), 'utf8')) as HistoryGolden;
const history = homeCreditLender.source.history!;
const tolerance = 1e-9;

const cleanTable = (name: string): string => quoteName(`clean ${name}`);

/** The rows of one table as its declaration wants them: typed, bad cells blanked, bad rows left out. */
const load = async (session: DuckDbSession, { name, columns, checks }: HistoryTable): Promise<void> => {
  const path = fileURLToPath(new URL(`history/${name}.csv`, goldenFolder));
  const typed = columns.map((column) => `cast(${quoteName(column.name)} as ${column.type}) as ${quoteName(column.name)}`);
  await session.run(`create table ${quoteName(name)} as select ${typed.join(', ')} from read_csv(${quoteText(path)}, all_varchar = true)`);
  const conditionsOf = (treatment: string, column?: string): string =>
    checks
      .filter((check) => check.treatment === treatment && (column === undefined || check.column === column))
      .map(({ condition }) => `coalesce((${condition}), false)`)
      .join(' or ') || 'false';
  const cells = columns.map(
    (column) => `case when ${conditionsOf('blank', column.name)} then null else ${quoteName(column.name)} end as ${quoteName(column.name)}`,
  );
  await session.run(
    `create table ${cleanTable(name)} as select ${cells.join(', ')} from ${quoteName(name)} where not (${conditionsOf('leave-out')})`,
  );
};

let session: DuckDbSession;
beforeAll(async () => {
  session = await openDuckDb(':memory:');
  for (const table of history.tables) await load(session, table);
});
afterAll(() => session.close());

describe('the history queries of Home Credit, against pandas', () => {
  it('count what the checks name, and refuse nothing', async () => {
    const found: Record<string, number> = {};
    const refused: string[] = [];
    for (const { name, checks } of history.tables) {
      for (const { column, reason, condition, treatment } of checks) {
        const [row] = await session.rows(`select count(*) as n from ${quoteName(name)} where ${condition}`);
        const count = Number(row?.['n']);
        if (count > 0) found[`${name} ${column} ${reason}`] = count;
        if (count > 0 && treatment === 'refuse') refused.push(column);
      }
    }
    expect(found).toEqual(golden.checks);
    expect(Object.keys(found).length).toBeGreaterThan(30);
    expect(refused).toEqual([]);
  });

  it('are computed for every history field of the catalogue', () => {
    expect(golden.fields.toSorted()).toEqual(homeCreditCatalogue.historyFields.map(({ name }) => name).toSorted());
  });

  it.each(history.queries.map((query) => [query.tables.join(' and '), query] as const))('yield every field of %s', async (_, query) => {
    const rows = await session.rows(query.sql(cleanTable));
    const [first = {}] = rows;
    expect(Object.keys(first)).toEqual(['clientId', ...query.fields]);
    const byClient = new Map<string, Row>(rows.map((row) => [String(row['clientId']), row]));
    expect(byClient.size).toBe(rows.length);
    const wrong: string[] = [];
    for (const [clientId, values] of Object.entries(golden.clients)) {
      for (const field of query.fields) {
        const expected = values[golden.fields.indexOf(field)] ?? null;
        const actual = byClient.get(clientId)?.[field] ?? null;
        const isSame =
          expected === null || actual === null
            ? expected === actual
            : Math.abs(Number(actual) - expected) <= tolerance * Math.max(1, Math.abs(expected));
        if (!isSame) wrong.push(`${clientId} ${field}: ${actual}, expected ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('stay within the range that the catalogue gives them', () => {
    const outside = homeCreditCatalogue.historyFields.filter(({ name, range }) =>
      Object.values(golden.clients).some((values) => {
        const value = values[golden.fields.indexOf(name)] ?? null;
        return value !== null && ((range?.min ?? -Infinity) > value || (range?.max ?? Infinity) < value);
      }),
    );
    expect(outside.map(({ name }) => name)).toEqual([]);
  });

  it('leave no field without a value that tells two clients apart', () => {
    const constant = golden.fields.filter((_, position) => new Set(Object.values(golden.clients).map((values) => values[position])).size < 3);
    expect(constant).toEqual([]);
  });

  it('give the same digits in whatever order the rows stand, and on however many threads', async () => {
    const shuffled = await openDuckDb(':memory:');
    await shuffled.run('set threads = 2');
    for (const table of history.tables) await load(shuffled, table);
    for (const { name } of history.tables) {
      await shuffled.run(`create table ${quoteName(`shuffled ${name}`)} as select * from ${cleanTable(name)} order by hash(rowid)`);
    }
    for (const query of history.queries) {
      const order = 'order by "clientId"';
      const straight = await session.rows(`${query.sql(cleanTable)} ${order}`);
      expect(await shuffled.rows(`${query.sql((name) => quoteName(`shuffled ${name}`))} ${order}`)).toEqual(straight);
    }
    shuffled.close();
  });
});

describe('the months of Home Credit', () => {
  const monthsOf = (kind: string) => history.months.find((query) => query.kind === kind)!;
  const inline: Readonly<Record<string, string>> = {
    POS_CASH_balance: `(select * from (values (1, 10, -1, 0), (1, 11, -1, 7), (1, 10, -2, 0), (1, 10, -48, 3), (2, 20, 0, 0)) as t(SK_ID_CURR, SK_ID_PREV, MONTHS_BALANCE, SK_DPD))`,
    credit_card_balance: `(select * from (values (1, -3, 100.5, 200.0, 0), (1, -3, null, 50.0, 40)) as t(SK_ID_CURR, MONTHS_BALANCE, AMT_BALANCE, AMT_CREDIT_LIMIT_ACTUAL, SK_DPD))`,
    // Paid in two parts, the second three days late; paid early; unpaid to this day; due on the day of the application.
    installments_payments: `(select * from (values
      (1, 10, 1.0, 1, -40.0, -41.0, 30.0, 20.0), (1, 10, 1.0, 1, -40.0, -37.0, 30.0, 10.0),
      (1, 10, 1.0, 2, -45.0, -50.0, 30.0, 30.0), (1, 10, 1.0, 3, -9.0, null, 30.0, null), (1, 10, 1.0, 4, 0.0, 0.0, 30.0, 30.0))
      as t(SK_ID_CURR, SK_ID_PREV, NUM_INSTALMENT_VERSION, NUM_INSTALMENT_NUMBER, DAYS_INSTALMENT, DAYS_ENTRY_PAYMENT, AMT_INSTALMENT, AMT_PAYMENT))`,
    bureau: `(select * from (values (100, 1), (101, 1), (200, 2)) as t(SK_ID_BUREAU, SK_ID_CURR))`,
    bureau_balance: `(select * from (values (100, 0, '0'), (101, 0, '2'), (100, -1, 'C'), (101, -1, 'X'), (100, -2, '1'), (200, -5, '0')) as t(SK_ID_BUREAU, MONTHS_BALANCE, STATUS))`,
  };
  const read = (kind: string): Promise<readonly Row[]> =>
    session.rows(`select * from (${monthsOf(kind).sql((table) => inline[table] ?? '')}) order by "clientId", month`);
  const none = { longestDelayDays: null, balanceAmount: null, limitAmount: null, dueAmount: null, paidAmount: null };

  it('take the loans of a client together, month by month, and forget what is older than four years', async () => {
    expect(await read('loans')).toEqual([
      { ...none, clientId: '1', month: -2, count: 1, lateCount: 0, longestDelayDays: 0 },
      { ...none, clientId: '1', month: -1, count: 2, lateCount: 1, longestDelayDays: 7 },
      { ...none, clientId: '2', month: 0, count: 1, lateCount: 0, longestDelayDays: 0 },
    ]);
  });

  it('add what is owed on cards and what may be', async () => {
    expect(await read('cards')).toEqual([
      { ...none, clientId: '1', month: -3, count: 2, lateCount: 1, longestDelayDays: 40, balanceAmount: 100.5, limitAmount: 250 },
    ]);
  });

  it('count an instalment once however it was paid, and an unpaid one as late to this day', async () => {
    expect(await read('instalments')).toEqual([
      { ...none, clientId: '1', month: -2, count: 2, lateCount: 1, longestDelayDays: 3, dueAmount: 60, paidAmount: 60 },
      { ...none, clientId: '1', month: -1, count: 1, lateCount: 1, longestDelayDays: 9, dueAmount: 30, paidAmount: 0 },
      { ...none, clientId: '1', month: 0, count: 1, lateCount: 0, longestDelayDays: 0, dueAmount: 30, paidAmount: 30 },
    ]);
  });

  it('bring the bureau’s statements to their client, closed and unknown ones left out', async () => {
    expect(await read('bureau')).toEqual([
      { ...none, clientId: '1', month: -2, count: 1, lateCount: 1 },
      { ...none, clientId: '1', month: 0, count: 2, lateCount: 1 },
      { ...none, clientId: '2', month: -5, count: 1, lateCount: 0 },
    ]);
  });

  it('are of every kind that the contract knows', () => {
    expect(history.months.map(({ kind }) => kind)).toEqual([...historyMonthKinds]);
  });
});
