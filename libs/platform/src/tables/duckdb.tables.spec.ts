import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDbTables } from '../index.ts';
import type { DuckDbTables } from '../index.ts';

describe('tables read by DuckDB', () => {
  let tables: DuckDbTables;
  beforeAll(async () => {
    tables = await openDuckDbTables();
  });
  afterAll(() => tables.close());

  it('come as plain values: numbers, text, ISO dates, null', async () => {
    const rows = await tables.query(
      "select 9007199254740991::bigint as whole, 1.5::decimal(10, 2) as amount, 2.5::float as share, date '2026-11-23' as day, timestamp '2026-11-23 04:05:06' as instant, true as claim, 'é' as word, null as nothing",
    );
    expect(rows).toEqual([
      {
        whole: 9_007_199_254_740_991,
        amount: 1.5,
        share: 2.5,
        day: '2026-11-23',
        instant: '2026-11-23T04:05:06.000Z',
        claim: true,
        word: 'é',
        nothing: null,
      },
    ]);
  });

  it('take parameters as values, never as SQL', async () => {
    expect(await tables.query('select $1 as word, $2::double as number, $3 as nothing', ["'; drop table x; --", 1.25, null])).toEqual([
      { word: "'; drop table x; --", number: 1.25, nothing: null },
    ]);
  });

  it('are read from Parquet, by many queries at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lisible-tables-'));
    const file = join(folder, 'rows.parquet');
    await tables.query(`copy (select range as id, range * 2 as twice from range(1000)) to '${file}' (format parquet)`);
    const answers = await Promise.all([1, 10, 500, 999].map((id) => tables.query('select twice from read_parquet($1) where id = $2', [file, id])));
    expect(answers.flat()).toEqual([{ twice: 2 }, { twice: 20 }, { twice: 1000 }, { twice: 1998 }]);
    await rm(folder, { recursive: true });
  });

  it('refuse a nested value rather than invent text for it', async () => {
    await expect(tables.query('select [1, 2] as list')).rejects.toThrow('Column list holds a nested value');
  });

  it('spills no client data into the folder it was started from, and fetches no extension from elsewhere', async () => {
    const settings = await tables.query(
      `select current_setting('temp_directory') as spill, current_setting('autoinstall_known_extensions') as fetches`,
    );
    expect(settings).toEqual([{ spill: '', fetches: false }]);
  });
});
