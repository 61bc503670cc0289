import type { HistoryRow } from '@lisible/credit';
import { quoteName } from '../duckdb.session.ts';
import type { Cell, DuckDbSession } from '../duckdb.session.ts';
import type { ClientHistory } from './ingest-history-tables.ts';

/** The past of each row of a table of applications, in the order of its rows; null where the client has none. */
export async function* readHistories(
  session: DuckDbSession,
  { table, key }: { readonly table: string; /** SQL of the client as text. */ readonly key: string },
  history: ClientHistory,
): AsyncGenerator<HistoryRow | null, void> {
  const columns = ['clientId', ...history.fields].map((name) => `pasts.${quoteName(name)}`).join(', ');
  const batches = session.columnBatches(
    `select ${columns} from (select rowid as place, ${key} as client from ${quoteName(table)}) as applications
     left join ${quoteName(history.table)} as pasts on pasts."clientId" = applications.client order by applications.place`,
  );
  for await (const {
    numRows,
    columns: [clients = [], ...values],
  } of batches)
    for (let position = 0; position < numRows; position += 1) yield clients[position] === null ? null : historyAt(history.fields, values, position);
}

const historyAt = (fields: readonly string[], columns: readonly (readonly Cell[])[], position: number): HistoryRow => {
  const history: Record<string, number | null> = {};
  for (const [column, name] of fields.entries()) {
    const value = columns[column]?.[position];
    history[name] = typeof value === 'number' ? value : null;
  }
  return history;
};
