import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '../index.ts';
import type { Database } from '../index.ts';
import { lastStatement } from './pglite.host.ts';

describe('statements to the embedded database', () => {
  let folder: string;
  let database: Database;
  let records: Kysely<object>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-statements-'));
    database = await openEmbeddedDatabase(folder);
    records = database.forService<object>('explainer');
  }, 120_000);
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true });
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
    expect([await read(), await read()]).toEqual([[{ a: 1, b: 2 }], [{ a: 1, b: 2 }]]);
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
