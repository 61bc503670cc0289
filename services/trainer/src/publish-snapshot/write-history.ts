import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { snapshotFiles } from '@lisible/contracts';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import type { ClientHistory } from '../ingest-raw-tables/ingest-history-tables.ts';

/**
 * Writes the clients' pasts twice, in the same order and to the same bits: as Parquet for whoever asks about many clients, and
 * row by row for whoever asks about one. `content` takes in both identifiers and values.
 */
export const writeHistory = async (
  session: DuckDbSession,
  { table, fields }: Pick<ClientHistory, 'table' | 'fields'>,
  folder: string,
  content: Hash,
): Promise<void> => {
  // The table was made in this order, which one thread keeps.
  const sorted = `select * from ${quoteName(table)}`;
  await session.run(`copy (${sorted}) to ${quoteText(join(folder, snapshotFiles.history))} (format parquet, compression zstd)`);
  content.update(`${fields.join(' ')}\n`);
  const file = await open(join(folder, snapshotFiles.historyRows), 'w');
  try {
    for await (const { numRows, names, columns } of session.columnBatches(sorted)) {
      const clients = columns[names.indexOf('clientId')] ?? [];
      const values = new DataView(new ArrayBuffer(numRows * fields.length * Float32Array.BYTES_PER_ELEMENT));
      for (const [field, name] of fields.entries()) {
        const cells = columns[names.indexOf(name)] ?? [];
        for (let row = 0; row < numRows; row += 1) {
          const value = cells[row];
          const offset = (row * fields.length + field) * Float32Array.BYTES_PER_ELEMENT;
          values.setFloat32(offset, typeof value === 'number' ? value : Number.NaN, true);
        }
      }
      const bytes = new Uint8Array(values.buffer);
      content.update(`${clients.join(' ')}\n`).update(bytes);
      await file.writeFile(bytes);
    }
  } finally {
    await file.close();
  }
};
