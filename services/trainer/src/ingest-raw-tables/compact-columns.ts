import type { RawTable } from '@lisible/credit';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';

/** A column with more different texts is not one of categories. */
const maxWords = 200;
/** Rows that show whether a column may be one. */
const rowsSampled = 2048;

/**
 * SQL that selects these columns of a table so that they cross into JavaScript cheaply, each cell meaning what it meant: texts that are
 * numbers throughout, in a column whose source reads both alike, as numbers; few texts that come again and again as positions in their
 * list. A text that costs a copy and a decoding each is left only where texts differ or one of them is no number.
 */
export const compactColumns = async (
  session: DuckDbSession,
  { name: table, columns: declared }: Pick<RawTable, 'name' | 'columns'>,
  columnNames: readonly string[],
): Promise<string> => {
  const source = quoteName(table);
  const types = await session.rows(`select column_name as name from (describe ${source}) where column_type = 'VARCHAR'`);
  const texts = new Set(types.map(({ name }) => String(name)).filter((name) => columnNames.includes(name)));
  const numbers = await whichHold(
    session,
    declared.filter(({ name, isNumber }) => isNumber === true && texts.has(name)).map(({ name }) => name),
    (cell) => `coalesce(bool_and(${cell} is null or coalesce(${isPlainNumber(cell)}, false)), true)`,
    source,
  );
  const repeating = await whichHold(
    session,
    [...texts].filter((name) => !numbers.has(name)),
    (cell) => `count(distinct ${cell}) between 1 and ${maxWords}`,
    `(select * from ${source} limit ${rowsSampled})`,
  );
  const words = await listWords(session, [...repeating], source);
  return columnNames
    .map((name) => {
      const cell = quoteName(name);
      if (numbers.has(name)) return `cast(${cell} as double) as ${cell}`;
      const known = words.get(name);
      return known === undefined ? cell : `cast(${cell} as enum(${known.map(quoteText).join(', ')})) as ${cell}`;
    })
    .join(', ');
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
