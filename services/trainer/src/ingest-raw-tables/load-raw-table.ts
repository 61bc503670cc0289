import type { RawColumn, TextLayout } from '@lisible/credit';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { listRows } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';
import { readCsvHeader } from './raw-folder.ts';
import type { RawFile } from './raw-folder.ts';

/**
 * A raw table inside DuckDB. From CSV, columns that hold numbers throughout and may be read as such are DOUBLE; any other is text, so that a
 * wrong value can be told apart from a missing one. From Parquet types are kept.
 */
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
 * @param declared columns of the table; those of a file without a header, in their order
 */
export const loadRawTable = async (session: DuckDbSession, file: RawFile, declared: readonly RawColumn[] = []): Promise<Loading> => {
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
export const headerOf = async (
  { table, path }: RawFile,
  watch?: (piece: Buffer) => void,
): Promise<{ readonly header: readonly string[]; readonly problems: readonly RawProblem[] }> => {
  const refused = (reason: string, columns: readonly (string | null)[] = [null]) => ({
    header: [],
    problems: columns.map((column) => ({ table, column, row: null, reason })),
  });
  const header = await readCsvHeader(path, watch);
  if (header.length === 0) return refused('the table is empty: not even a header');
  // A NUL or a replacement character: UTF-16, Latin-1.
  if (header.some((name) => name.includes('\0') || name.includes('\uFFFD'))) return refused('not text in UTF-8');
  const [only = ''] = header;
  const separator = header.length > 1 ? undefined : [';', '\t', '|'].find((candidate) => only.includes(candidate));
  if (separator !== undefined) return refused(`columns are separated by ${separator === '\t' ? 'tabs' : `“${separator}”`}: commas are expected`);
  const repeated = new Set(header.filter((name, index) => header.indexOf(name) < index));
  return repeated.size > 0 ? refused('the header names this column more than once', [...repeated]) : { header, problems: [] };
};

const loadCsv = async (session: DuckDbSession, file: RawFile, declared: readonly RawColumn[]): Promise<Loading> => {
  const { table } = file;
  const layout = layoutOf(file);
  const watch = watchForGroupedDigits();
  const { header, problems: unreadable } = layout.hasHeader
    ? await headerOf(file, watch.see)
    : { header: declared.map(({ name }) => name), problems: [] };
  if (unreadable.length > 0) return { loaded: null, problems: unreadable };
  const numbers = new Set(declared.filter(({ name, isNumber }) => isNumber === true && header.includes(name)).map(({ name }) => name));
  if (layout.hasHeader && numbers.size > 0 && !watch.hasSeen() && (await loadNumbers(session, file, header, numbers)))
    return { loaded: { table, columns: header, numRows: await countRows(session, table), fileRow: (rowid) => rowid + 1 }, problems: [] };
  return loadTexts(session, file, header);
};

/**
 * DuckDB reads `1_000` as a number, and nobody else does: whether an underscore stands between two digits anywhere in a file, which may
 * also be in a text.
 */
const watchForGroupedDigits = (): { readonly see: (piece: Buffer) => void; readonly hasSeen: () => boolean } => {
  const underscore = 0x5f;
  const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
  let hasSeen = false;
  let end = Buffer.alloc(0);
  return {
    see: (piece) => {
      const seam = Buffer.concat([end, piece.subarray(0, 2)]);
      for (const bytes of [seam, piece])
        for (let at = bytes.indexOf(underscore); at >= 0 && !hasSeen; at = bytes.indexOf(underscore, at + 1))
          hasSeen = isDigit(bytes[at - 1]) && isDigit(bytes[at + 1]);
      end = Buffer.concat([end, piece.subarray(-2)]).subarray(-2);
    },
    hasSeen: () => hasSeen,
  };
};

const readCsv = ({ path, ...file }: RawFile, header: readonly string[], typeOf: (name: string) => string, rejects: string): string => {
  const { hasHeader, blankLines, separator } = layoutOf({ path, ...file });
  const columns = header.map((name) => `${quoteText(name)}: '${typeOf(name)}'`).join(', ');
  return `read_csv(${quoteText(path)}, auto_detect = false, header = ${hasHeader}, skip = ${blankLines},
    delim = ${quoteText(separator)}, quote = '"', escape = '"', nullstr = '', columns = {${columns}}, ${rejects})`;
};

/**
 * Stores the file with these columns as numbers, which spares storing them as texts first. False where the file does not bear it: a line
 * or a cell is wrong, or a number is not finite; then nothing is stored.
 */
const loadNumbers = async (session: DuckDbSession, file: RawFile, header: readonly string[], numbers: ReadonlySet<string>): Promise<boolean> => {
  const table = quoteName(file.table);
  const rows = readCsv(file, header, (name) => (numbers.has(name) ? 'DOUBLE' : 'VARCHAR'), 'ignore_errors = false');
  try {
    await session.run(`create table ${table} as select * from ${rows}`);
  } catch {
    return false;
  }
  const areFinite = [...numbers].map((name) => `coalesce(bool_and(isfinite(${quoteName(name)})), true)`).join(' and ');
  const [checked] = await session.rows(`select ${areFinite} as "areFinite" from ${table}`);
  if (checked?.['areFinite'] === true) return true;
  await session.run(`drop table ${table}`);
  return false;
};

const loadTexts = async (session: DuckDbSession, file: RawFile, header: readonly string[]): Promise<Loading> => {
  const { table } = file;
  const layout = layoutOf(file);
  const rejects = quoteName(`rejects_${table}`);
  const storeRejects = `store_rejects = true, rejects_table = ${quoteText(`rejects_${table}`)}, rejects_scan = ${quoteText(`scan_${table}`)}, rejects_limit = 0`;
  await session.run(`create table ${quoteName(table)} as select * from ${readCsv(file, header, () => 'VARCHAR', storeRejects)}`);
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
