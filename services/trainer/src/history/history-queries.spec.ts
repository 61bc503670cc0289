import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
