import type { TableRepair } from '@lisible/contracts';
import { quoteName } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import type { LoadedHistory } from '../ingest-raw-tables/load-history-table.ts';
import type { RawProblem } from '../ingest-raw-tables/raw-problem.ts';
import type { MeasuredTable } from './judge-coverage.ts';

/** DuckDB's table of the applications' clients: `client` (text) and `role`. */
export const clientsTable = 'clients of the applications';

export interface Match {
  readonly measured: MeasuredTable;
  readonly repairs: readonly TableRepair[];
  readonly problems: readonly RawProblem[];
}

/**
 * Holds the keys of a history table against each other, the applications and its parent: rows of strangers and of missing parents
 * are counted as left out (no history is computed for them), a repeated key and a table without any client of the applications are
 * problems.
 * @param parents the tables loaded so far, by name
 */
export const matchClients = async (
  session: DuckDbSession,
  table: LoadedHistory,
  parents: ReadonlyMap<string, LoadedHistory>,
  isWholePopulation: boolean,
): Promise<Match> => {
  const { name, clientColumn, key, parent } = table.declared;
  const repairs: TableRepair[] = [];
  const problems: RawProblem[] = [];
  const duplicates = key === null ? 0 : await countDuplicates(session, table, key);
  if (duplicates > 0) problems.push({ table: name, column: key, row: null, reason: `duplicated key: ${duplicates} rows repeat one` });
  const { orphans, strangers, roles } = await countClients(session, table, parents);
  const column = clientColumn ?? parent?.column ?? null;
  const leaveOut = (rows: number, reason: string): void => {
    if (rows > 0) repairs.push({ table: name, column, reason, treatment: 'leave-out', rows });
  };
  leaveOut(orphans, `the key is not in ${parent?.table ?? ''}`);
  leaveOut(strangers, 'the client has no application here');
  const total = [...roles.values()].reduce((sum, { covered }) => sum + covered, 0);
  if (total === 0 && isWholePopulation && (parent === null || parents.has(parent.table))) {
    const isApart = orphans > 0 && strangers === 0;
    const reason = isApart ? `no key of this table is in ${parent?.table ?? ''}` : 'no client of this table is among the applications';
    problems.push({ table: name, column, row: null, reason });
  }
  const of = (role: string) => roles.get(role) ?? { clients: 0, covered: 0, rows: 0 };
  const share = ({ clients, covered }: ReturnType<typeof of>): number | null => (clients === 0 ? null : covered / clients);
  const perClient = ({ covered, rows }: ReturnType<typeof of>): number | null => (covered === 0 ? null : rows / covered);
  return {
    measured: {
      table: name,
      rows: table.numRows,
      clients: total,
      labelledShare: share(of('labelled')),
      unlabelledShare: share(of('unlabelled')),
      rowsPerLabelledClient: perClient(of('labelled')),
      rowsPerUnlabelledClient: perClient(of('unlabelled')),
    },
    repairs,
    problems,
  };
};

const countDuplicates = async (session: DuckDbSession, { soundRows }: LoadedHistory, column: string): Promise<number> => {
  const key = quoteName(column);
  const [counted] = await session.rows(`select count(${key}) - count(distinct ${key}) as n from ${soundRows}`);
  return Number(counted?.['n'] ?? 0);
};

interface ClientCounts {
  /** Rows whose parent is missing. */
  readonly orphans: number;
  /** Rows of clients without an application. */
  readonly strangers: number;
  readonly roles: ReadonlyMap<string, { readonly clients: number; readonly covered: number; readonly rows: number }>;
}

const countClients = async (
  session: DuckDbSession,
  { declared: { clientColumn, parent }, soundRows, numRows }: LoadedHistory,
  tables: ReadonlyMap<string, LoadedHistory>,
): Promise<ClientCounts> => {
  const owner = parent === null ? undefined : tables.get(parent.table);
  const ownerColumn = owner?.declared.clientColumn ?? null;
  let counted: string;
  if (clientColumn !== null) counted = countBy(clientColumn, soundRows);
  else if (parent !== null && owner !== undefined && ownerColumn !== null) {
    const key = quoteName(parent.column);
    counted = `select cast(owners.owner as varchar) as client, cast(sum(n) as bigint) as n
       from (select ${key}, count(*) as n from ${soundRows} group by 1) as counted
       left join (select ${key}, ${quoteName(ownerColumn)} as owner from ${owner.soundRows}) as owners using (${key}) group by 1`;
  } else return { orphans: numRows, strangers: 0, roles: new Map() };
  const roles = await session.rows(
    `select role, count(known.client) as clients, count(counted.client) as covered, coalesce(sum(n), 0) as n,
       coalesce(sum(n) filter (where counted.client is null), 0) as orphans
     from (select distinct client, role from ${quoteName(clientsTable)}) as known full join (${counted}) as counted on counted.client = known.client group by role`,
  );
  // Whom the applications do not know has no role.
  const unknown = roles.find(({ role }) => role === null);
  const orphans = Number(unknown?.['orphans'] ?? 0);
  return {
    orphans,
    strangers: Number(unknown?.['n'] ?? 0) - orphans,
    roles: new Map(
      roles
        .filter(({ role }) => role !== null)
        .map((row) => [String(row['role']), { clients: Number(row['clients']), covered: Number(row['covered']), rows: Number(row['n']) }]),
    ),
  };
};

const countBy = (column: string, rows: string): string =>
  `select cast(key as varchar) as client, n from (select ${quoteName(column)} as key, count(*) as n from ${rows} group by 1)`;
