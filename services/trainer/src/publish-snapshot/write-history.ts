import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { snapshotFiles } from '@lisible/contracts';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import type { ClientHistory } from '../ingest-raw-tables/ingest-history-tables.ts';

type History = Pick<ClientHistory, 'table' | 'fields'>;

/**
 * Writes the clients' pasts twice, in the same order (that of the table) and to the same bits: as Parquet for whoever asks about many
 * clients, and row by row for whoever asks about one. `content` takes in both identifiers and values.
 */
export const writeHistory = async (session: DuckDbSession, history: History, folder: string, content: Hash): Promise<void> => {
  const parquet = quoteText(join(folder, snapshotFiles.history));
  const files = [
    session.run(`copy (select * from ${quoteName(history.table)}) to ${parquet} (format parquet, compression zstd)`),
    writeRows(session, history, join(folder, snapshotFiles.historyRows), content),
  ];
  // Both at once: DuckDB makes the one on a core of its own. Neither is left under way when the other fails.
  await Promise.allSettled(files);
  await Promise.all(files);
};

const writeRows = async (session: DuckDbSession, { table, fields }: History, path: string, content: Hash): Promise<void> => {
  content.update(`${fields.join(' ')}\n`);
  // NaN is what a missing value is written as, and what crosses from DuckDB at a fraction of the price of a null.
  const values = fields.map((name) => `coalesce(${quoteName(name)}, 'nan'::float) as ${quoteName(name)}`);
  const file = await open(path, 'w');
  try {
    for await (const batch of session.resultBatches(`select ${['"clientId"', ...values].join(', ')} from ${quoteName(table)}`)) {
      const { numRows } = batch;
      const rows = new DataView(new ArrayBuffer(numRows * fields.length * Float32Array.BYTES_PER_ELEMENT));
      const column = new Float64Array(numRows);
      for (let field = 0; field < fields.length; field += 1) {
        batch.copyNumbers(field + 1, column);
        for (let row = 0; row < numRows; row += 1)
          rows.setFloat32((row * fields.length + field) * Float32Array.BYTES_PER_ELEMENT, column[row] ?? Number.NaN, true);
      }
      const bytes = new Uint8Array(rows.buffer);
      content.update(`${batch.cells(0).join(' ')}\n`).update(bytes);
      await file.writeFile(bytes);
    }
  } finally {
    await file.close();
  }
};

/**
 * Writes the clients' months, sorted, in pieces small enough that one client's are found by the bounds of the pieces.
 * @returns rows written
 */
export const writeMonths = async (session: DuckDbSession, table: string, folder: string, content: Hash): Promise<number> => {
  const path = quoteText(join(folder, snapshotFiles.historyMonths));
  await session.run(
    `copy (select * from ${quoteName(table)} order by "clientId", kind, month) to ${path} (format parquet, compression zstd, row_group_size 20480)`,
  );
  // Rows are hashed one by one and added up, whatever their order: all of them again through JavaScript would take minutes.
  const [sum] = await session.rows(
    `select count(*) as n, cast(coalesce(sum(hash(months)), 0) as varchar) as hashed from ${quoteName(table)} as months`,
  );
  content.update(`months ${String(sum?.['n'])} ${String(sum?.['hashed'])}\n`);
  return Number(sum?.['n'] ?? 0);
};
