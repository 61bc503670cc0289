import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb, quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';

/**
 * DuckDB whose tables are gone afterwards and need not fit in memory: those of applications are kept there and overflow into a scratch
 * folder, which spares writing and compressing them; the far larger ones of histories are written to a scratch file.
 */
export const withScratchDuckDb = async <T>(
  { hasHistory }: { readonly hasHistory: boolean },
  work: (session: DuckDbSession) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'lisible-bulk-'));
  try {
    const session = await openDuckDb(hasHistory ? join(folder, 'scratch.duckdb') : ':memory:');
    try {
      await session.run(`set temp_directory = ${quoteText(folder)}`);
      // Nobody opens the file again: putting it in order at the end would be for nothing.
      await session.run('pragma disable_checkpoint_on_shutdown');
      return await work(session);
    } finally {
      session.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
