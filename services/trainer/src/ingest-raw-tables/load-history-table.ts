import { checkColumns } from '@lisible/credit';
import type { HistoryCheck, HistoryColumn, HistoryTable } from '@lisible/credit';
import type { TableRepair } from '@lisible/contracts';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { brokenLineReasons, describeFailure, headerOf } from './load-raw-table.ts';
import type { RawFile } from './raw-folder.ts';
import { listRows, rowsListed, withLikelyName } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

/** A history table inside DuckDB under its own name: typed as declared, its cells as they came. */
export interface LoadedHistory {
  readonly declared: HistoryTable;
  /** As in the file. */
  readonly numRows: number;
  /** SQL of the rows that are not left out, bad cells blanked, to stand after `from`. */
  readonly soundRows: string;
  readonly repairs: readonly TableRepair[];
}

export interface HistoryLoading {
  /** Null where nothing could be read. */
  readonly loaded: LoadedHistory | null;
  readonly problems: readonly RawProblem[];
}

/** Rejected cells and lines that are kept; beyond, "at least" is said. */
const maxRejects = 10_000;

/**
 * A table is read, typed and stored as it came, in memory or, beyond the limit, in the temporary folder. Its checks are counted on what
 * is stored, where DuckDB knows the smallest and largest of each column and need not look at a row for most of them; cells are blanked and
 * rows left out when they are read, and only by the checks that found some.
 */
export const loadHistoryTable = async (session: DuckDbSession, file: RawFile, declared: HistoryTable): Promise<HistoryLoading> => {
  try {
    return file.format === 'csv' ? await loadCsv(session, file, declared) : await loadParquet(session, file, declared);
  } catch (error) {
    if (!isOfFile(error)) throw error;
    return { loaded: null, problems: [{ table: file.table, column: null, row: null, reason: describeFailure(file, error) }] };
  }
};

/** What a lender declares is SQL; that it cannot be understood is no fault of the file. */
const isOfFile = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  ('code' in error || ('message' in error && /^(?!Binder|Catalog|Parser|Internal|Out of Memory)[A-Z][A-Za-z ]* Error:/.test(String(error.message))));

const loadCsv = async (session: DuckDbSession, file: RawFile, declared: HistoryTable): Promise<HistoryLoading> => {
  const { header, problems: unreadable } = await headerOf(file);
  if (unreadable.length > 0) return { loaded: null, problems: unreadable };
  const typeOf = new Map(declared.columns.map(({ name, type }) => [name, type]));
  const columns = header.map((name) => `${quoteText(name)}: '${typeOf.get(name) ?? 'VARCHAR'}'`).join(', ');
  const rejects = `rejects_${file.table}`;
  const read = (onReject: string): string =>
    `read_csv(${quoteText(file.path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', columns = {${columns}}, ${onReject})`;
  const present = declared.columns.filter(({ name }) => header.includes(name));
  const { loaded, problems } = await store(session, declared, header, {
    source: read(
      `store_rejects = true, rejects_table = ${quoteText(rejects)}, rejects_scan = ${quoteText(`scan_${file.table}`)}, rejects_limit = ${maxRejects}`,
    ),
    // Told once, the first time.
    again: read('ignore_errors = true'),
    cells: new Map(present.map(({ name }) => [name, quoteName(name)])),
  });
  return { loaded, problems: [...(await listRejects(session, declared, rejects)), ...problems] };
};

const loadParquet = async (session: DuckDbSession, file: RawFile, declared: HistoryTable): Promise<HistoryLoading> => {
  const rows = `read_parquet(${quoteText(file.path)})`;
  const types = new Map(
    (await session.rows(`describe select * from ${rows}`)).map((row) => [String(row['column_name']), String(row['column_type'])]),
  );
  const present = declared.columns.filter(({ name }) => types.has(name));
  const retyped = present.filter(({ name, type }) => types.get(name) !== type);
  const source = `(select *, ${retyped.map(({ name, type }) => `try_cast(${quoteName(name)} as ${type}) as ${quoteName(castName(name))}`).join(', ') || '0'} from ${rows})`;
  return store(
    session,
    declared,
    [...types.keys()],
    {
      source,
      again: source,
      cells: new Map(present.map((column) => [column.name, quoteName(retyped.includes(column) ? castName(column.name) : column.name)])),
    },
    retyped.map((column) => ({
      column: column.name,
      reason: notOfType(column),
      condition: `${quoteName(rawName(column.name))} is not null and ${quoteName(column.name)} is null`,
      treatment: 'refuse',
    })),
    retyped.map(({ name }) => name),
  );
};

const castName = (column: string): string => `cast ${column}`;
const rawName = (column: string): string => `raw ${column}`;
const notOfType = ({ type }: Pick<HistoryColumn, 'type'>): string =>
  type === 'DOUBLE' ? 'not a number' : type === 'VARCHAR' ? 'not a text' : 'not a whole number';

interface Selection {
  /** SQL of the file's rows. */
  readonly source: string;
  /** The same rows read once more. */
  readonly again: string;
  /** SQL of each declared column that is there. */
  readonly cells: ReadonlyMap<string, string>;
}

/** Numbers that no sum survives; tools write NaN where a number is missing. */
const finiteChecks = (columns: readonly HistoryColumn[]): readonly HistoryCheck[] =>
  columns
    .filter(({ type }) => type === 'DOUBLE')
    .map(({ name }) => ({ column: name, reason: 'not a finite number', condition: `not isfinite(${quoteName(name)})`, treatment: 'blank' as const }));

const store = async (
  session: DuckDbSession,
  declared: HistoryTable,
  columns: readonly string[],
  { source, again, cells }: Selection,
  typeChecks: readonly HistoryCheck[] = [],
  keptRaw: readonly string[] = [],
): Promise<HistoryLoading> => {
  const { name: table } = declared;
  const missing = checkColumns(declared, columns).map((problem) => withLikelyName(problem, columns));
  // What is missing is told once, by its name.
  const checks = [...typeChecks, ...finiteChecks(declared.columns), ...declared.checks].filter(({ column }) => cells.has(column));
  const typed = declared.columns.map(({ name, type }) => `${cells.get(name) ?? `null::${type}`} as ${quoteName(name)}`);
  const raw = keptRaw.map((name) => `${quoteName(name)} as ${quoteName(rawName(name))}`);
  const typedRows = (file: string): string => `select ${[...typed, ...raw].join(', ')} from ${file}`;
  await inAnyOrder(session, `create temp table ${quoteName(table)} as ${typedRows(source)}`);

  const [size] = await session.rows(`select count(*) as n from ${quoteName(table)}`);
  const numRows = Number(size?.['n'] ?? 0);
  const faults = await countFaults(session, table, checks);
  const problems: RawProblem[] = [...missing];
  if (numRows === 0) problems.push({ table, column: null, row: null, reason: 'the table is empty: a header and no rows' });
  for (const { column, reason, rows, condition } of faults.filter(({ treatment }) => treatment === 'refuse')) {
    const first = await session.rows(
      `select place from (select *, row_number() over () as place from (${typedRows(again)})) where ${condition} limit ${rowsListed}`,
    );
    problems.push(
      ...listRows(
        table,
        column,
        first.map(({ place }) => Number(place)),
        rows,
        reason,
      ),
    );
  }
  return {
    loaded: {
      declared,
      numRows,
      soundRows: soundRowsOf(declared, faults),
      repairs: faults.flatMap(({ column, reason, treatment, rows }) => (treatment === 'refuse' ? [] : [{ table, column, reason, treatment, rows }])),
    },
    problems,
  };
};

/** Two threads that need not wait for each other's rows; nothing reads a history table in the order of its file. */
const inAnyOrder = async (session: DuckDbSession, sql: string): Promise<void> => {
  await session.run('set preserve_insertion_order = false');
  try {
    await session.run(sql);
  } finally {
    await session.run('set preserve_insertion_order = true');
  }
};

interface Fault extends HistoryCheck {
  readonly rows: number;
}

/** Checks that are true of some rows. */
const countFaults = async (session: DuckDbSession, table: string, checks: readonly HistoryCheck[]): Promise<readonly Fault[]> => {
  if (checks.length === 0) return [];
  // Each counts among the bad rows only, which are few; a condition outside of a column's range is dropped from `where` unread.
  const counts = checks.map(({ condition }, position) => `count(*) filter (where ${condition}) as "${position}"`);
  const [found] = await session.rows(`select ${counts.join(', ')} from ${quoteName(table)} where ${anyOf(checks)}`);
  return checks.map((check, position) => ({ ...check, rows: Number(found?.[position] ?? 0) })).filter(({ rows }) => rows > 0);
};

const anyOf = (checks: readonly HistoryCheck[]): string => checks.map(({ condition }) => `(${condition})`).join(' or ');

const soundRowsOf = ({ name: table, columns }: HistoryTable, faults: readonly Fault[]): string => {
  const leftOut = faults.filter(({ treatment }) => treatment === 'leave-out');
  const blanked = faults.filter(({ treatment }) => treatment === 'blank');
  if (leftOut.length + blanked.length === 0) return quoteName(table);
  const cells = columns.map(({ name }) => {
    const bad = blanked.filter(({ column }) => column === name);
    return bad.length === 0 ? quoteName(name) : `case when ${anyOf(bad)} then null else ${quoteName(name)} end as ${quoteName(name)}`;
  });
  return `(select ${cells.join(', ')} from ${quoteName(table)}${leftOut.length === 0 ? '' : ` where not coalesce(${anyOf(leftOut)}, false)`})`;
};

/** Cells that are not of their column's type and lines that are none, as DuckDB noted them; the text of a cell is told nobody. */
const listRejects = async (session: DuckDbSession, { name: table, columns }: HistoryTable, rejects: string): Promise<readonly RawProblem[]> => {
  const kinds = await session.rows(
    `select kind, "column", line, n, total from (
       select kind, "column", line, row_number() over (partition by kind, "column" order by line) as place, count(*) over (partition by kind, "column") as n, count(*) over () as total
       from (select distinct error_type::varchar as kind, case when error_type = 'CAST' then column_name end as "column", line from ${quoteName(rejects)}))
     where place <= ${rowsListed} order by kind, "column", line`,
  );
  const firsts = kinds.filter(
    (row, position) => position === 0 || kinds[position - 1]?.['kind'] !== row['kind'] || kinds[position - 1]?.['column'] !== row['column'],
  );
  return firsts.flatMap((first): readonly RawProblem[] => {
    const rows = kinds.filter(({ kind, column }) => kind === first['kind'] && column === first['column']);
    const column = columns.find(({ name }) => name === first['column']);
    const reason =
      column === undefined ? (brokenLineReasons[String(first['kind'])] ?? 'the line cannot be read as comma-separated text') : notOfType(column);
    // Header not counted.
    const lines = rows.map(({ line }) => Number(line) - 1);
    const isCut = Number(first['total']) >= maxRejects;
    return isCut
      ? [
          ...listRows(table, column?.name ?? null, lines, 0, reason),
          { table, column: column?.name ?? null, row: null, reason: `${reason}: at least ${Number(first['n'])} rows` },
        ]
      : listRows(table, column?.name ?? null, lines, Number(first['n']), reason);
  });
};
