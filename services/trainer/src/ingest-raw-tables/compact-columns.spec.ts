import { cellAt } from '@lisible/credit';
import { openDuckDb, quoteText } from '../duckdb.session.ts';
import type { Cell, DuckDbSession } from '../duckdb.session.ts';
import { compactColumns, toColumnOfCells } from './compact-columns.ts';
import type { CompactColumn } from './compact-columns.ts';

describe('columns that cross cheaply', () => {
  let session: DuckDbSession;
  beforeEach(async () => {
    session = await openDuckDb(':memory:');
  });
  afterEach(() => session.close());

  const store = async (cells: readonly (string | null)[]): Promise<void> =>
    session.run(
      `create table cells as select unnest([${cells.map((cell) => (cell === null ? 'null' : quoteText(cell))).join(', ')}]::varchar[]) as "a ""cell"""`,
    );
  const read = async (isNumber: boolean): Promise<{ readonly kind: CompactColumn['kind']; readonly cells: readonly Cell[] }> => {
    const name = 'a "cell"';
    const [column] = await compactColumns(session, { name: 'cells', columns: [{ name, isOptional: false, isNumber }] }, [name]);
    const cells: Cell[] = [];
    for await (const batch of session.resultBatches(`select ${column!.sql} from cells order by rowid`)) {
      const given = toColumnOfCells(column!, batch, 0);
      expect(given.kind).toBe(column!.kind);
      for (let row = 0; row < batch.numRows; row += 1) cells.push(cellAt(given, row));
    }
    return { kind: column!.kind, cells };
  };

  it('reads numbers throughout as the numbers that JavaScript reads', async () => {
    const texts = ['1', '-0.5', ' 7 ', '1e5', '.5', '5.', '0.1393757800997895', '123456789012345678', '4.9e-324', '-0', '+3', null];
    await store(texts);
    const { kind, cells } = await read(true);
    expect(kind).toBe('number');
    expect(cells).toEqual(texts.map((text) => (text === null ? null : Number(text))));
  });

  it.each(['1_000', '0x10', 'inf', 'nan', '1e400', '', ' ', '12 months', '1,5'])(
    'leaves a column of numbers as texts for one cell of %p',
    async (strange) => {
      const texts = ['1', strange, null, '2.50'];
      await store(texts);
      const { kind, cells } = await read(true);
      expect(kind).toBe('word');
      expect(cells).toEqual(texts);
    },
  );

  it('keeps texts that its source does not read as numbers', async () => {
    await store(['1', '01', '1.0']);
    expect((await read(false)).cells).toEqual(['1', '01', '1.0']);
  });

  it('gives the very words of categories, quotation marks included', async () => {
    const words = ['l’été', "d'or", 'Stone, brick', null, '', 'l’été'];
    await store(words);
    const { kind, cells } = await read(false);
    expect(kind).toBe('word');
    expect(cells).toEqual(words);
  });

  it('leaves texts that are all different, or turn out to be after the first rows, as they are', async () => {
    const different = Array.from({ length: 300 }, (_, index) => `word ${index}`);
    for (const texts of [different, [...Array.from({ length: 2048 }, () => 'the same'), ...different]]) {
      await store(texts);
      const { kind, cells } = await read(false);
      expect(kind).toBe('cell');
      expect(cells).toEqual(texts);
      await session.run('drop table cells');
    }
  });

  it.each([
    ['double', ['1.5', "'nan'::double", null], [1.5, null, null]],
    ['float', ['0.1', null], [Math.fround(0.1), null]],
    ['bigint', ['9007199254740993', '-3', null], [9007199254740992, -3, null]],
    ['utinyint', ['255', '0'], [255, 0]],
    ['boolean', ['true', null, 'false'], [true, null, false]],
    ['decimal(9, 2)', ['12.50', null], ['12.50', null]],
  ] as const)('reads a column of type %s as it reads a cell of it', async (type, values, expected) => {
    await session.run(`create table cells as select unnest([${values.map((value) => value ?? 'null').join(', ')}]::${type}[]) as "a ""cell"""`);
    expect((await read(false)).cells).toEqual(expected);
  });

  it('reads a column in which nothing stands', async () => {
    await store([null, null]);
    expect((await read(true)).cells).toEqual([null, null]);
    expect((await read(false)).cells).toEqual([null, null]);
  });
});
