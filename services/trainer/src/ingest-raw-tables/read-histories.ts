import { quoteName } from '../duckdb.session.ts';
import type { DuckDbSession, ResultBatch } from '../duckdb.session.ts';
import type { ClientHistory } from './ingest-history-tables.ts';
import type { BlockPasts } from './raw-block.ts';

/** Gives the pasts of the rows of a table of applications, in their order, as many at a time as are asked for. */
export interface HistoryReader {
  take(numRows: number): Promise<BlockPasts>;
  close(): Promise<void>;
}

export const openHistories = (
  session: DuckDbSession,
  { table, key }: { readonly table: string; /** SQL of the client as text. */ readonly key: string },
  { table: pasts, fields }: ClientHistory,
): HistoryReader => {
  const values = fields.map((name) => `coalesce(cast(pasts.${quoteName(name)} as double), 'nan'::double) as ${quoteName(name)}`);
  const columns = [`cast(pasts."clientId" is not null as double) as "isKnown"`, ...values].join(', ');
  const rows = session.resultBatches(
    `select ${columns} from (select rowid as place, ${key} as client from ${quoteName(table)}) as applications
     left join ${quoteName(pasts)} as pasts on pasts."clientId" = applications.client order by applications.place`,
  );
  const batches = rows[Symbol.asyncIterator]();
  let batch: ResultBatch | null = null;
  let taken = 0;
  return {
    take: async (numRows) => {
      const known = new Float64Array(numRows);
      const block = fields.map(() => new Float64Array(numRows));
      for (let filled = 0; filled < numRows;) {
        if (batch === null || taken === batch.numRows) {
          const next = await batches.next();
          if (next.done === true) throw new Error(`the pasts of ${table} ended before its rows`);
          [batch, taken] = [next.value, 0];
        }
        const size = Math.min(numRows - filled, batch.numRows - taken);
        batch.copyNumbers(0, known.subarray(filled, filled + size), taken);
        for (const [field, column] of block.entries()) batch.copyNumbers(field + 1, column.subarray(filled, filled + size), taken);
        filled += size;
        taken += size;
      }
      return { fields, isKnown: Uint8Array.from(known), values: block };
    },
    close: async () => void (await batches.return?.()),
  };
};
