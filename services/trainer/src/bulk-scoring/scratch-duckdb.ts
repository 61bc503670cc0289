import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';

/** DuckDB over a scratch file that is gone afterwards: raw tables need not fit in memory. */
export const withScratchDuckDb = async <T>(work: (session: DuckDbSession) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'lisible-bulk-'));
  try {
    const session = await openDuckDb(join(folder, 'scratch.duckdb'));
    try {
      return await work(session);
    } finally {
      session.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
