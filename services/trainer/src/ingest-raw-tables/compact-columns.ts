import type { ColumnOfCells, RawTable } from '@lisible/credit';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession, ResultBatch } from '../duckdb.session.ts';

/** A column with more different texts is not one of categories. */
const maxWords = 200;
/** Rows that show whether a column may be one. */
const rowsSampled = 2048;

/** A column of a table as it leaves DuckDB; what crosses as a number is NaN where the cell is missing, never null, which would cost more. */
export type CompactColumn = {
  readonly name: string;
  /** Selects it. */
  readonly sql: string;
} & (
  | { readonly kind: 'number' }
  | { readonly kind: 'cell' }
  /** Crosses as the position of its word. */
  | { readonly kind: 'word'; readonly words: readonly string[] }
);

/** Types of which JavaScript makes one number each, and the very one that DuckDB makes as a double. */
const numberTypes: ReadonlySet<string> = new Set([
  'DOUBLE',
  'FLOAT',
  ...['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'].flatMap((type) => [type, `U${type}`]),
]);

/**
 * How to select these columns of a table so that they cross into JavaScript cheaply, each cell meaning what it meant: numbers, and texts
 * that are numbers throughout in a column whose source reads both alike, as numbers; few texts that come again and again as positions in
 * their list. A text that costs a copy and a decoding each is left only where texts differ or one of them is no number.
 */
export const compactColumns = async (
  session: DuckDbSession,
  { name: table, columns: declared }: Pick<RawTable, 'name' | 'columns'>,
  columnNames: readonly string[],
): Promise<readonly CompactColumn[]> => {
  const source = quoteName(table);
  const types = new Map(
    (await session.rows(`select column_name as name, column_type as type from (describe ${source})`)).map(({ name, type }) => [
      String(name),
      String(type),
    ]),
  );
  const texts = columnNames.filter((name) => types.get(name) === 'VARCHAR');
  const numbers = await whichHold(
    session,
    declared.filter(({ name, isNumber }) => isNumber === true && texts.includes(name)).map(({ name }) => name),
    (cell) => `coalesce(bool_and(${cell} is null or coalesce(${isPlainNumber(cell)}, false)), true)`,
    source,
  );
  const repeating = await whichHold(
    session,
    texts.filter((name) => !numbers.has(name)),
    (cell) => `count(distinct ${cell}) between 1 and ${maxWords}`,
    `(select * from ${source} limit ${rowsSampled})`,
  );
  const lists = await listWords(session, [...repeating], source);
  return columnNames.map((name): CompactColumn => {
    const cell = quoteName(name);
    const words = lists.get(name);
    if (words !== undefined)
      return { name, kind: 'word', words, sql: asNumber(`enum_code(cast(${cell} as enum(${words.map(quoteText).join(', ')})))`, cell) };
    if (numbers.has(name) || numberTypes.has(types.get(name) ?? '')) return { name, kind: 'number', sql: asNumber(cell, cell) };
    return { name, kind: 'cell', sql: cell };
  });
};

const asNumber = (value: string, name: string): string => `coalesce(cast(${value} as double), 'nan'::double) as ${name}`;

/** The cells of a column selected by its SQL, which stands at this place of the query. */
export const toColumnOfCells = (column: CompactColumn, batch: ResultBatch, place: number): ColumnOfCells => {
  if (column.kind === 'cell') return { kind: 'cell', cells: batch.cells(place) };
  const numbers = new Float64Array(batch.numRows);
  batch.copyNumbers(place, numbers);
  return column.kind === 'number' ? { kind: 'number', numbers } : { kind: 'word', words: column.words, numbers };
};

/** What DuckDB and JavaScript read as the same finite number. */
const isPlainNumber = (cell: string): string => `(isfinite(try_cast(${cell} as double)) and not contains(${cell}, '_'))`;

const whichHold = async (
  session: DuckDbSession,
  names: readonly string[],
  condition: (cell: string) => string,
  source: string,
): Promise<ReadonlySet<string>> => {
  if (names.length === 0) return new Set();
  const [row = {}] = await session.rows(
    `select ${names.map((name) => `${condition(quoteName(name))} as ${quoteName(name)}`).join(', ')} from ${source}`,
  );
  return new Set(names.filter((name) => row[name] === true));
};

/** The different texts of each column, where they are few. */
const listWords = async (session: DuckDbSession, names: readonly string[], source: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  if (names.length === 0) return new Map();
  // One row a word: a list would cross as one text.
  const lists = names.map(
    (name, column) =>
      `(select ${column} as place, ${quoteName(name)} as word from ${source} where ${quoteName(name)} is not null group by all limit ${maxWords + 1})`,
  );
  const words = new Map(names.map((name) => [name, new Array<string>()]));
  for (const { place, word } of await session.rows(lists.join(' union all '))) words.get(names[Number(place)] ?? '')?.push(String(word));
  return new Map([...words].filter(([, known]) => known.length > 0 && known.length <= maxWords));
};
