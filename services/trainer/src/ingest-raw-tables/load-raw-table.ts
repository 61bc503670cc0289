import type { TextLayout } from '@lisible/credit';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { listRows } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';
import { readCsvHeader } from './raw-folder.ts';
import type { RawFile } from './raw-folder.ts';

/** A raw table inside DuckDB: from CSV every column is text, so that a wrong value can be told apart from a missing one; from Parquet types are kept. */
export interface LoadedTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly numRows: number;
  /** The file's row (1 = first after the header) of DuckDB's rowid; they differ when broken lines were left out. */
  readonly fileRow: (rowid: number) => number;
}

export interface Loading {
  readonly loaded: LoadedTable | null;
  readonly problems: readonly RawProblem[];
}

/**
 * Loads one file; what makes it unreadable is in `problems`, then `loaded` is null.
 * @param declared the columns of a file without a header, in their order
 */
export const loadRawTable = async (session: DuckDbSession, file: RawFile, declared: readonly string[] = []): Promise<Loading> => {
  const wholeTable = (reason: string) => ({ loaded: null, problems: [{ table: file.table, column: null, row: null, reason }] });
  try {
    return file.format === 'csv' ? await loadCsv(session, file, declared) : await loadParquet(session, file);
  } catch (error) {
    // Only the kind of failure is told: messages of DuckDB quote the line they stumbled over.
    return wholeTable(describeFailure(file, error));
  }
};

/** Why a file cannot be read, without a word of its content. */
export const describeFailure = (file: RawFile, error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code === 'Z_BUF_ERROR') return 'the gzip file is truncated';
  if (code !== null && code.startsWith('Z_')) return 'not a readable gzip file';
  if (code !== null) return `the file cannot be read (${code})`;
  return file.format === 'parquet' ? 'not a readable Parquet file' : `not readable as ${separatedText(layoutOf(file))} in UTF-8`;
};

const commaSeparated: TextLayout = { separator: ',', blankLines: 0, hasHeader: true };
const layoutOf = ({ layout }: RawFile): TextLayout => layout ?? commaSeparated;
const separatorNames = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const satisfies Record<TextLayout['separator'], string>;
const separatedText = ({ separator }: TextLayout): string => `${separatorNames[separator]}-separated text`;

/** The header's cells, or what is wrong with it: an empty file, another separator, a name twice. */
export const headerOf = async ({
  table,
  path,
}: RawFile): Promise<{ readonly header: readonly string[]; readonly problems: readonly RawProblem[] }> => {
  const refused = (reason: string, columns: readonly (string | null)[] = [null]) => ({
    header: [],
    problems: columns.map((column) => ({ table, column, row: null, reason })),
  });
  const header = await readCsvHeader(path);
  if (header.length === 0) return refused('the table is empty: not even a header');
  // A NUL or a replacement character: UTF-16, Latin-1.
  if (header.some((name) => name.includes('\0') || name.includes('\uFFFD'))) return refused('not text in UTF-8');
  const [only = ''] = header;
  const separator = header.length > 1 ? undefined : [';', '\t', '|'].find((candidate) => only.includes(candidate));
  if (separator !== undefined) return refused(`columns are separated by ${separator === '\t' ? 'tabs' : `“${separator}”`}: commas are expected`);
  const repeated = new Set(header.filter((name, index) => header.indexOf(name) < index));
  return repeated.size > 0 ? refused('the header names this column more than once', [...repeated]) : { header, problems: [] };
};

const loadCsv = async (session: DuckDbSession, file: RawFile, declared: readonly string[]): Promise<Loading> => {
  const { table, path } = file;
  const layout = layoutOf(file);
  const { header, problems: unreadable } = layout.hasHeader ? await headerOf(file) : { header: declared, problems: [] };
  if (unreadable.length > 0) return { loaded: null, problems: unreadable };

  const rejects = quoteName(`rejects_${table}`);
  const columns = header.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  await session.run(
    `create table ${quoteName(table)} as select * from read_csv(${quoteText(path)}, auto_detect = false, header = ${layout.hasHeader}, skip = ${layout.blankLines},
       delim = ${quoteText(layout.separator)}, quote = '"', escape = '"', nullstr = '', columns = {${columns}},
       store_rejects = true, rejects_table = ${quoteText(`rejects_${table}`)}, rejects_scan = ${quoteText(`scan_${table}`)}, rejects_limit = 0)`,
  );
  const linesBefore = layout.blankLines + (layout.hasHeader ? 1 : 0);
  const broken = (await session.rows(`select distinct line, error_type from ${rejects} order by line`)).map(({ line, error_type: kind }) => ({
    row: Number(line) - linesBefore,
    kind: String(kind),
  }));
  const brokenRows = [...new Set(broken.map(({ row }) => row))];
  const problems = [...new Set(broken.map(({ kind }) => kind))].flatMap((kind) => {
    const rows = broken.filter((line) => line.kind === kind).map(({ row }) => row);
    return listRows(table, null, rows, rows.length, brokenLineReasons[kind] ?? `the line cannot be read as ${separatedText(layout)}`);
  });
  return {
    loaded: {
      table,
      columns: header,
      numRows: await countRows(session, table),
      fileRow: fileRowsBetween(brokenRows),
    },
    problems,
  };
};

/** The file's row of each row that was kept, by halves: a file may have as many broken lines as others. @param brokenRows ascending */
const fileRowsBetween = (brokenRows: readonly number[]): LoadedTable['fileRow'] => {
  // How many rows were kept before each broken one.
  const keptBefore = brokenRows.map((row, index) => row - index - 1);
  return (rowid) => {
    let [low, high] = [0, keptBefore.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keptBefore[middle] ?? 0) <= rowid) low = middle + 1;
      else high = middle;
    }
    return rowid + 1 + low;
  };
};

/** Kinds of DuckDB's rejects. */
export const brokenLineReasons: Readonly<Record<string, string>> = {
  'MISSING COLUMNS': 'fewer values than the header has columns',
  'TOO MANY COLUMNS': 'more values than the header has columns',
  'UNQUOTED VALUE': 'a quotation mark is not closed',
  'LINE SIZE OVER MAXIMUM': 'the line is too long',
  'INVALID ENCODING': 'not text in UTF-8',
  'INVALID UNICODE': 'not text in UTF-8',
};

const loadParquet = async (session: DuckDbSession, { table, path }: RawFile): Promise<Loading> => {
  const source = `read_parquet(${quoteText(path)})`;
  const columns = (await session.rows(`describe select * from ${source}`)).map(({ column_name: name }) => String(name));
  await session.run(`create table ${quoteName(table)} as select * from ${source}`);
  return { loaded: { table, columns, numRows: await countRows(session, table), fileRow: (rowid) => rowid + 1 }, problems: [] };
};

const countRows = async (session: DuckDbSession, table: string): Promise<number> =>
  Number((await session.rows(`select count(*) as n from ${quoteName(table)}`))[0]?.['n'] ?? 0);
