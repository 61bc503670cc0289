import type { TableCoverage, TableRepair } from '@lisible/contracts';
import type { HistoryQuery, HistorySource, HistoryTable, MonthsQuery } from '@lisible/credit';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { judgeCoverage } from '../measure-coverage/judge-coverage.ts';
import type { CoverageRules, MeasuredTable } from '../measure-coverage/judge-coverage.ts';
import { clientsTable, matchClients } from '../measure-coverage/match-clients.ts';
import { loadHistoryTable } from './load-history-table.ts';
import type { LoadedHistory } from './load-history-table.ts';
import { findRawFiles, readDeclaredCuts } from './raw-folder.ts';
import type { RawProblem } from './raw-problem.ts';

/** The clients' pasts, one row a client of the applications that has any. */
export interface ClientHistory {
  /** DuckDB's table: clientId, then `fields` as float32 (as features are: whoever reads it reads the same bits), sorted by clientId. */
  readonly table: string;
  /** History fields that the tables at hand yield, in catalogue order. */
  readonly fields: readonly string[];
  readonly coverage: readonly TableCoverage[];
  readonly repairs: readonly TableRepair[];
  /** Tables whose features the model may learn from. */
  readonly learntTables: ReadonlySet<string>;
  /** DuckDB's table of the same clients' months: clientId, kind, then the columns of `ClientMonth`. Null where none were asked for. */
  readonly monthsTable: string | null;
}

export interface HistoryOrder extends Pick<CoverageRules, 'learnFrom'> {
  readonly dataDir: string;
  readonly source: HistorySource;
  /** Names of the catalogue's history fields, in its order. */
  readonly fieldNames: readonly string[];
  /** Tables to look for; null: all. */
  readonly tables: ReadonlySet<string> | null;
  /** False where the applications of one role were left aside: their clients' rows are strangers then, and no fault. */
  readonly isWholePopulation: boolean;
  /** Whether to keep the months that the dossier's charts show, too. */
  readonly withMonths?: boolean;
  readonly onProgress?: (share: number, message: string) => void;
}

/** Tables and aggregates that large need two threads and room; what is above goes to disk. */
const historyLimits = { threads: 2, memoryLimit: '2500MB' };
const historyTable = 'client history';
const monthsTable = 'client months';
/** A database in memory beside the scratch file, which would compress what is written once, read twice and dropped. */
const inMemory = 'memory of histories';

/**
 * Loads every history table that the folder holds, matches its clients with those of `clientsTable`, measures coverage, and
 * computes the history fields. The raw rows are dropped again. Without a table there is no history.
 */
export const ingestHistoryTables = (
  session: DuckDbSession,
  order: HistoryOrder,
): Promise<{ readonly history: ClientHistory | null; readonly problems: readonly RawProblem[] }> =>
  session.within(historyLimits, async () => {
    const { dataDir, source, fieldNames, onProgress } = order;
    const wanted = source.tables.filter(({ name }) => order.tables === null || order.tables.has(name));
    const { files, problems: misplaced } = await findRawFiles(
      dataDir,
      wanted.map(({ name }) => ({ name, file: null, isRequired: false })),
    );
    const { declaredCuts, problems: undeclared } = await readDeclaredCuts(dataDir, source);
    const problems: RawProblem[] = [...undeclared, ...misplaced, ...checkOrder(order, new Set(files.map(({ table }) => table)))];
    const loaded = new Map<string, LoadedHistory>();
    const measured: MeasuredTable[] = [];
    const repairs: TableRepair[] = [];
    const isThere = (name: string): boolean => files.some(({ table }) => table === name);
    const queries = source.queries.filter(({ tables }) => tables.every(isThere));
    const results: string[] = [];
    const waiting = new Set<HistoryQuery | MonthsQuery>(queries);
    const monthsQueries = order.withMonths === true ? source.months.filter(({ tables }) => tables.every(isThere)) : [];
    for (const query of monthsQueries) waiting.add(query);
    const isDropped = new Set<string>();
    const unread = new Set(files.map(({ table }) => table));
    for (const [step, declared] of parentsFirst(wanted.filter(({ name }) => isThere(name))).entries()) {
      const file = files.find(({ table }) => table === declared.name);
      if (file === undefined) continue;
      onProgress?.(step / files.length, `reading ${file.table}`);
      unread.delete(file.table);
      const loading = await loadHistoryTable(session, file, declared);
      problems.push(...loading.problems);
      if (loading.loaded === null) continue;
      loaded.set(file.table, loading.loaded);
      // Once something is wrong nothing is computed any more: the tables left are only checked.
      if (problems.length === 0) {
        const match = await matchClients(session, loading.loaded, loaded, order.isWholePopulation);
        measured.push(match.measured);
        repairs.push(...loading.loaded.repairs, ...match.repairs);
        problems.push(...match.problems);
      }
      for (const query of problems.length === 0 ? [...waiting].filter(({ tables }) => tables.every((table) => loaded.has(table))) : []) {
        onProgress?.((step + 0.5) / files.length, `computing histories from ${query.tables.join(' and ')}`);
        const rows = query.sql((table) => loaded.get(table)?.soundRows ?? quoteName(table));
        waiting.delete(query);
        if ('kind' in query) {
          await session.run(`create temp table ${quoteName(monthsOf(query))} as ${rows}`);
          continue;
        }
        const result = `history ${results.length}`;
        const floats = query.fields.map((name) => `cast(${quoteName(name)} as float) as ${quoteName(name)}`);
        await session.run(`create temp table ${quoteName(result)} as select "clientId", ${floats.join(', ')} from (${rows})`);
        results.push(result);
      }
      for (const name of loaded.keys())
        if (!isDropped.has(name) && !isNeeded(name, waiting, unread, wanted)) {
          await session.run(`drop table ${quoteName(name)}`);
          isDropped.add(name);
        }
    }
    if (problems.length > 0 || loaded.size === 0) return { history: null, problems };

    const coverage = judgeCoverage(measured, { declaredCuts, learnFrom: order.learnFrom });
    const yielded = new Set(queries.flatMap(({ fields }) => fields));
    const fields = fieldNames.filter((name) => yielded.has(name));
    await joinHistories(session, results, fields);
    for (const name of results) await session.run(`drop table ${quoteName(name)}`);
    if (monthsQueries.length > 0) await joinMonths(session, monthsQueries);
    return {
      history: {
        table: historyTable,
        fields,
        coverage,
        repairs,
        learntTables: new Set(coverage.filter(({ isLearntFrom }) => isLearntFrom).map(({ table }) => table)),
        monthsTable: monthsQueries.length > 0 ? monthsTable : null,
      },
      problems: [],
    };
  });

/** A table is matched with its parent, which is read before it. */
const parentsFirst = (tables: readonly HistoryTable[]): readonly HistoryTable[] => [
  ...tables.filter(({ parent }) => parent === null),
  ...tables.filter(({ parent }) => parent !== null),
];

/** By a query that still waits, or as the parent of a table that is still to be read: rows are kept no longer than that. */
const isNeeded = (
  name: string,
  waiting: ReadonlySet<HistoryQuery | MonthsQuery>,
  unread: ReadonlySet<string>,
  tables: readonly HistoryTable[],
): boolean =>
  [...waiting].some(({ tables: read }) => read.includes(name)) || tables.some((table) => unread.has(table.name) && table.parent?.table === name);

/** One row a client that any of the queries knows. */
const joinHistories = async (session: DuckDbSession, results: readonly string[], fields: readonly string[]): Promise<void> => {
  const joins = results.map((result) => `left join ${quoteName(result)} on ${quoteName(result)}."clientId" = clients.client`).join(' ');
  const isKnown = results.map((result) => `${quoteName(result)}."clientId" is not null`).join(' or ');
  const kept = `${quoteName(inMemory)}.${quoteName(historyTable)}`;
  await session.run(`attach ':memory:' as ${quoteName(inMemory)}`);
  await session.run(
    `create table ${kept} as select clients.client as "clientId"${fields.map((name) => `, ${quoteName(name)}`).join('')}
     from (select distinct client from ${quoteName(clientsTable)}) as clients ${joins} where ${isKnown === '' ? 'false' : isKnown} order by clients.client`,
  );
  // For every connection, under a plain name.
  await session.run(`create view ${quoteName(historyTable)} as select * from ${kept}`);
};

const monthsOf = ({ kind }: MonthsQuery): string => `months of ${kind}`;

/** Of the applications' clients only, and on disk: nobody reads them again before they are written out. */
const joinMonths = async (session: DuckDbSession, queries: readonly MonthsQuery[]): Promise<void> => {
  const kinds = queries.map((query) => `select ${quoteText(query.kind)} as kind, * from ${quoteName(monthsOf(query))}`);
  await session.run(
    `create table ${quoteName(monthsTable)} as select "clientId", kind, * exclude ("clientId", kind) from (${kinds.join(' union all ')})
     where "clientId" in (select client from ${quoteName(clientsTable)})`,
  );
  for (const query of queries) await session.run(`drop table ${quoteName(monthsOf(query))}`);
};

/** An order to learn from a table that is not there, or from rows without those that they hang on, cannot be followed. */
const checkOrder = ({ learnFrom, source }: HistoryOrder, present: ReadonlySet<string>): readonly RawProblem[] => {
  if (learnFrom === null || learnFrom === 'all') return [];
  const problem = (table: string, reason: string): RawProblem => ({ table, column: null, row: null, reason });
  return learnFrom.flatMap((name) => {
    const declared = source.tables.find((table) => table.name === name);
    if (declared === undefined)
      return [problem(name, `no history table has this name: there are ${source.tables.map((table) => table.name).join(', ')}`)];
    if (!present.has(name)) return [problem(name, 'asked to be learnt from, but not in the folder')];
    const parent = declared.parent?.table;
    return parent === undefined || learnFrom.includes(parent) ? [] : [problem(name, `cannot be learnt from without ${parent}: ask for both`)];
  });
};
