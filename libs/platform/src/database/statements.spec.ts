import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase, openPostgresDatabase } from '../index.ts';
import type { Database } from '../index.ts';
import { lastStatement } from './last-statement.ts';
import { createSpecDatabase, findPostgres } from './postgres.testing.ts';

interface Opened {
  readonly database: Database;
  remove(): Promise<void>;
}

const openEmbedded = async (): Promise<Opened> => {
  const folder = await mkdtemp(join(tmpdir(), 'lisible-statements-'));
  return { database: await openEmbeddedDatabase(folder), remove: () => rm(folder, { recursive: true }) };
};
const server = findPostgres();
if (server === null) console.warn('STATEMENTS WERE NOT TESTED ON POSTGRESQL: DATABASE_URL names none (npm run infra -- up).');
const openReal = async (url: string): Promise<Opened> => {
  const { url: own, drop } = await createSpecDatabase(url);
  return { database: openPostgresDatabase({ url: own, applicationName: 'spec' }), remove: drop };
};

const databases = [['the embedded database', openEmbedded] as const, ...(server === null ? [] : [['PostgreSQL', () => openReal(server)] as const])];

describe.each(databases)('statements to %s', (_, open) => {
  let opened: Opened;
  let records: Kysely<object>;

  beforeAll(async () => {
    opened = await open();
    records = opened.database.forService<object>('explainer');
  }, 120_000);
  afterAll(async () => {
    await opened.database.close();
    await opened.remove();
  });

  it('takes and gives every kind of value as it is', async () => {
    await sql`create table kinds (a text, b boolean, c float8, d timestamptz, e json, f text[], g bigint, h integer)`.execute(records);
    const at = new Date('2026-11-26T03:04:05.678Z');
    const texts = ['it’s “a” \\ {x}', '', 'NULL', 'a,b', '"'];
    for (const text of texts)
      await sql`insert into kinds values (${text}, ${true}, ${0.1}, ${at}, ${JSON.stringify({ text })}, ${texts}, ${2 ** 40}, ${null})`.execute(
        records,
      );
    const { rows } = await sql`select * from kinds`.execute(records);
    expect(rows).toEqual(texts.map((text) => ({ a: text, b: true, c: 0.1, d: at, e: { text }, f: texts, g: 2 ** 40, h: null })));
  });

  it('plans a statement anew when its table has changed', async () => {
    const read = async (): Promise<unknown> => (await sql`select * from changing`.execute(records)).rows;
    await sql`create table changing (a integer)`.execute(records);
    await sql`insert into changing values (1)`.execute(records);
    expect([await read(), await read()]).toEqual([[{ a: 1 }], [{ a: 1 }]]);
    await sql`alter table changing add column b integer default 2`.execute(records);
    // PostgreSQL tells each connection that its plan is outdated, once; the next one plans anew.
    await read().catch(() => undefined);
    expect([await read(), await read()]).toEqual([[{ a: 1, b: 2 }], [{ a: 1, b: 2 }]]);
  });

  it('gives the same values of every type that tables of the house have or may have', async () => {
    const read = (): Promise<unknown> =>
      sql`select 9007199254740991::int8 as largest_number, 9007199254740993::int8 as beyond, 12::int2 as small, 1.50::numeric(5, 2) as decimal,
        1.25::float4 as single, 'NaN'::float8 as nothing, '2026-11-26'::date as day, '2026-11-26 03:04:05'::timestamptz at time zone 'UTC' as local,
        'infinity'::timestamptz as never, '1 day 02:03:04'::interval as lasting, '\\x00ff'::bytea as bytes, gen_random_uuid() is not null as is_uuid,
        array[1, null, 3]::int4[] as numbers, array[[1, 2], [3, 4]]::int8[] as matrix, array['a', null, 'null', '"']::text[] as texts,
        array['2026-11-26T00:00:00Z']::timestamptz[] as moments, array['{"a": [1]}']::jsonb[] as documents, '[1, {"b": null}]'::jsonb as document,
        'null'::json as none, array[]::text[] as empty, null::text as missing, 'x'::varchar as short, 'x'::name as named, true as yes`.execute(
        records,
      );
    expect(await read()).toMatchObject({
      rows: [
        {
          largest_number: 9007199254740991,
          beyond: 9007199254740993n,
          small: 12,
          decimal: '1.50',
          single: 1.25,
          nothing: NaN,
          day: new Date('2026-11-26T00:00:00Z'),
          local: new Date('2026-11-26 03:04:05'),
          never: Infinity,
          lasting: '1 day 02:03:04',
          bytes: new Uint8Array([0, 255]),
          is_uuid: true,
          numbers: [1, null, 3],
          matrix: [
            [1, 2],
            [3, 4],
          ],
          texts: ['a', null, 'null', '"'],
          moments: [new Date('2026-11-26T00:00:00Z')],
          documents: [{ a: [1] }],
          document: [1, { b: null }],
          none: null,
          empty: [],
          missing: null,
          short: 'x',
          named: 'x',
          yes: true,
        },
      ],
    });
  });

  it('says how many rows a write touched, and nothing of a table’s own', async () => {
    await sql`create schema explainer`.execute(records);
    await sql`create table explainer.counted (a integer)`.execute(records);
    const counted = opened.database.forService<{ counted: { a: number } }>('explainer');
    await counted
      .insertInto('counted')
      .values([{ a: 1 }, { a: 2 }, { a: 3 }])
      .execute();
    const updated = await counted.updateTable('counted').set({ a: 9 }).where('a', '>', 1).executeTakeFirst();
    const deleted = await counted.deleteFrom('counted').where('a', '=', 9).executeTakeFirst();
    expect([updated.numUpdatedRows, deleted.numDeletedRows]).toEqual([2n, 2n]);
  });

  it('keeps nothing of a transaction that fails, and says so where a failure was swallowed', async () => {
    await sql`create table kept (a integer primary key)`.execute(records);
    const insert = (transaction: Kysely<object>, number: number): Promise<unknown> => sql`insert into kept values (${number})`.execute(transaction);
    await expect(
      records.transaction().execute(async (transaction) => {
        await insert(transaction, 1);
        throw new Error('thought better of it');
      }),
    ).rejects.toThrow('better');
    await expect(
      records.transaction().execute(async (transaction) => {
        await insert(transaction, 2);
        await insert(transaction, 2).catch(() => undefined);
      }),
    ).rejects.toThrow('rolled back');
    await records.transaction().execute(() => Promise.resolve());
    await records.transaction().execute((transaction) => insert(transaction, 3));
    const { rows } = await sql`select a from kept`.execute(records);
    expect(rows).toEqual([{ a: 3 }]);
  });

  it('names what a statement broke, without a word of the values', async () => {
    await sql`create table strict (a text primary key)`.execute(records);
    const insert = (): Promise<unknown> => sql`insert into strict values ('Camille Moreau')`.execute(records);
    await insert();
    const error: unknown = await insert().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'StatementError', code: '23505', table: 'strict', constraint: 'strict_pkey' });
    expect(JSON.stringify(error) + String(error)).not.toContain('Moreau');
  });

  it('commits with the statement that says it is the last, and nothing where that one fails', async () => {
    await sql`create table once (a integer primary key)`.execute(records);
    const insert = (...numbers: readonly number[]): Promise<void> =>
      records.transaction().execute(async (transaction) => {
        for (const [index, number] of numbers.entries())
          await sql`insert into once values (${number}) ${sql.raw(index === numbers.length - 1 ? lastStatement : '')}`.execute(transaction);
      });
    await insert(1, 2);
    await expect(insert(3, 1)).rejects.toThrow('duplicate key');
    await insert(4);
    const { rows } = await sql<{ a: number }>`select a from once order by a`.execute(records);
    expect(rows.map(({ a }) => a)).toEqual([1, 2, 4]);
  });
});
