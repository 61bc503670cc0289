import { checkColumns } from '@lisible/credit';
import type { HistoryCheck, HistoryColumn, HistoryTable } from '@lisible/credit';
import type { TableRepair } from '@lisible/contracts';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { brokenLineReasons, describeFailure, headerOf } from './load-raw-table.ts';
import type { RawFile } from './raw-folder.ts';
import { listRows, rowsListed, withLikelyName } from './raw-problem.ts';
import type { RawProblem } from './raw-problem.ts';

/** A history table inside DuckDB under its own name: typed, checked, cells blanked as declared. */
export interface LoadedHistory {
  readonly declared: HistoryTable;
  /** As in the file. */
  readonly numRows: number;
  /** SQL of the rows that are not left out, to stand after `from`. */
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
/** What is wrong with a row is one bit of a number that a double holds exactly. */
const checksPerMask = 50;
const maskType = (numChecks: number): string =>
  numChecks <= 8 ? 'utinyint' : numChecks <= 16 ? 'usmallint' : numChecks <= 32 ? 'uinteger' : 'bigint';
const maskName = (mask: number): string => `faults ${mask}`;

/**
 * A table is read, typed, checked and stored in one pass, in memory or, beyond the limit, in the temporary folder; its checks are counted
 * afterwards from the one column of bits.
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
  const source = `read_csv(${quoteText(file.path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
    columns = {${columns}}, store_rejects = true, rejects_table = ${quoteText(rejects)}, rejects_scan = ${quoteText(`scan_${file.table}`)}, rejects_limit = ${maxRejects})`;
  const present = declared.columns.filter(({ name }) => header.includes(name));
  const { loaded, problems } = await store(session, declared, header, { source, cells: new Map(present.map(({ name }) => [name, quoteName(name)])) });
  return { loaded, problems: [...(await listRejects(session, declared, rejects)), ...problems] };
};

const loadParquet = async (session: DuckDbSession, file: RawFile, declared: HistoryTable): Promise<HistoryLoading> => {
  const source = `read_parquet(${quoteText(file.path)})`;
  const types = new Map(
    (await session.rows(`describe select * from ${source}`)).map((row) => [String(row['column_name']), String(row['column_type'])]),
  );
  const present = declared.columns.filter(({ name }) => types.has(name));
  const retyped = present.filter(({ name, type }) => types.get(name) !== type);
  return store(
    session,
    declared,
    [...types.keys()],
    {
      source: `(select *, ${retyped.map(({ name, type }) => `try_cast(${quoteName(name)} as ${type}) as ${quoteName(castName(name))}`).join(', ') || '0'} from ${source})`,
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
  readonly source: string;
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
  { source, cells }: Selection,
  typeChecks: readonly HistoryCheck[] = [],
  keptRaw: readonly string[] = [],
): Promise<HistoryLoading> => {
  const { name: table } = declared;
  const missing = checkColumns(declared, columns).map((problem) => withLikelyName(problem, columns));
  // What is missing is told once, by its name.
  const checks = [...typeChecks, ...finiteChecks(declared.columns), ...declared.checks].filter(({ column }) => cells.has(column));
  const masks = Array.from({ length: Math.ceil(checks.length / checksPerMask) }, (_, mask) =>
    checks.slice(mask * checksPerMask, (mask + 1) * checksPerMask),
  );
  const bitsOf = (isWanted: (check: HistoryCheck) => boolean): string =>
    masks
      .map((group, mask) => ({ mask, bits: group.reduce((sum, check, bit) => sum + (isWanted(check) ? 2 ** bit : 0), 0) }))
      .filter(({ bits }) => bits > 0)
      .map(({ mask, bits }) => `(${quoteName(maskName(mask))} & ${bits}) <> 0`)
      .join(' or ');
  const typed = declared.columns.map(({ name, type }) => `${cells.get(name) ?? `null::${type}`} as ${quoteName(name)}`);
  const raw = keptRaw.map((name) => `${quoteName(name)} as ${quoteName(rawName(name))}`);
  const counted = masks.map(
    (group, mask) =>
      `cast(${group.map(({ condition }, bit) => `case when ${condition} then ${2 ** bit} else 0 end`).join(' + ')} as ${maskType(group.length)}) as ${quoteName(maskName(mask))}`,
  );
  const kept = declared.columns.map(({ name }) => {
    const isBad = bitsOf(({ column, treatment }) => column === name && treatment === 'blank');
    return isBad === '' ? quoteName(name) : `case when ${isBad} then null else ${quoteName(name)} end as ${quoteName(name)}`;
  });
  const maskNames = masks.map((_, mask) => quoteName(maskName(mask)));
  await session.run(
    `create temp table ${quoteName(table)} as select ${[...kept, ...maskNames].join(', ')}
     from (select ${['*', ...counted].join(', ')} from (select ${[...typed, ...raw].join(', ')} from ${source}))`,
  );

  const counts = await session.rows(`select ${[...maskNames, 'count(*) as n'].join(', ')} from ${quoteName(table)} group by all`);
  const numRows = counts.reduce((sum, { n }) => sum + Number(n), 0);
  const rowsOf = (check: HistoryCheck): number => {
    const position = checks.indexOf(check);
    const mask = maskName(Math.floor(position / checksPerMask));
    return counts.reduce((sum, row) => sum + (Math.floor(Number(row[mask]) / 2 ** (position % checksPerMask)) % 2) * Number(row['n']), 0);
  };
  const faults = checks
    .map((check) => ({ ...check, rows: rowsOf(check), isIt: bitsOf((candidate) => candidate === check) }))
    .filter(({ rows }) => rows > 0);
  const problems: RawProblem[] = [...missing];
  if (numRows === 0) problems.push({ table, column: null, row: null, reason: 'the table is empty: a header and no rows' });
  for (const { column, reason, rows, isIt } of faults.filter(({ treatment }) => treatment === 'refuse')) {
    const first = await session.rows(`select rowid as id from ${quoteName(table)} where ${isIt} order by rowid limit ${rowsListed}`);
    problems.push(
      ...listRows(
        table,
        column,
        first.map(({ id }) => Number(id) + 1),
        rows,
        reason,
      ),
    );
  }
  const leftOut = bitsOf(
    (check) => check.treatment === 'leave-out' && faults.some(({ column, reason }) => column === check.column && reason === check.reason),
  );
  return {
    loaded: {
      declared,
      numRows,
      soundRows: leftOut === '' ? quoteName(table) : `(select * from ${quoteName(table)} where not (${leftOut}))`,
      repairs: faults.flatMap(({ column, reason, treatment, rows }) => (treatment === 'refuse' ? [] : [{ table, column, reason, treatment, rows }])),
    },
    problems,
  };
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
