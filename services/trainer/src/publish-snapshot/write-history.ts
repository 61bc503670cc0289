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
    for await (const batch of session.batches(sorted)) {
      const values = new DataView(new ArrayBuffer(batch.length * fields.length * Float32Array.BYTES_PER_ELEMENT));
      let offset = 0;
      for (const row of batch) {
        content.update(`${row['clientId']}\n`);
        for (const name of fields) {
          const value = row[name];
          values.setFloat32(offset, typeof value === 'number' ? value : Number.NaN, true);
          offset += Float32Array.BYTES_PER_ELEMENT;
        }
      }
      const bytes = new Uint8Array(values.buffer);
      content.update(bytes);
      await file.writeFile(bytes);
    }
  } finally {
    await file.close();
  }
};
