import type { ServiceName } from '@lisible/contracts';
import { Kysely, PGliteDialect } from 'kysely';
import { existsSync } from 'node:fs';
import { rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../state/make-folder.ts';
import { StateFolderError, inStateFolder } from '../state/state-folder-error.ts';
import { schemaOf } from './database.ts';
import type { Database } from './database.ts';
import { PGliteHost } from './pglite.host.ts';
import type { StartWorker } from './pglite.host.ts';

/**
 * PostgreSQL (PGlite) in a worker thread over a data folder: what a statement committed survives a kill of the process
 * (not a power cut: fsync is off in PGlite). @throws StateFolderError when the folder is damaged, with the way out.
 */
export const openEmbeddedDatabase = async (folder: string, startWorker?: StartWorker): Promise<Database> => {
  const records = join(folder, 'records');
  let host: PGliteHost;
  try {
    if (!existsSync(records)) await inStateFolder(folder, () => initialise(folder, records));
    host = await PGliteHost.open(records, startWorker);
  } catch (cause) {
    if (cause instanceof StateFolderError) throw cause;
    await checkRoom(folder, cause);
    throw new StateFolderError(
      `The records in ${records} are damaged and cannot be opened: put a copy of that folder back, or move it away to start afresh.`,
      { cause },
    );
  }
  // oxlint-disable-next-line typescript/no-explicit-any -- every service brings its own tables
  const root = new Kysely<any>({ dialect: new PGliteDialect({ pglite: host }) });
  return {
    forService: <Tables>(service: ServiceName): Kysely<Tables> => root.withSchema(schemaOf(service)),
    ended: host.ended,
    // Kysely closes a PGlite only when it has talked to it.
    close: async () => {
      await root.destroy();
      await host.close();
    },
  };
};

/** PostgreSQL's last words on a full disk are those on damaged records, and nobody should throw records away for want of room. */
const checkRoom = async (folder: string, cause: unknown): Promise<void> => {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < neededBytes)
    throw new StateFolderError(
      `The records in ${folder} cannot be opened because its disk is full: make room there (100 MB at least), or set LISIBLE_HOME to a folder on another disk.`,
      { cause },
    );
};

/** A new PostgreSQL folder takes about 40 MB, its write-ahead log grows by 16 MB at a time. */
const neededBytes = 64 * 1024 * 1024;

/** A new PostgreSQL folder appears whole or not at all: a kill during its making leaves a folder that the next start throws away. */
const initialise = async (folder: string, records: string): Promise<void> => {
  const unfinished = `${records}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await makeFolder(folder);
  const host = await PGliteHost.open(unfinished);
  await host.close();
  await rename(unfinished, records);
};
