import type { Database } from './database.ts';

/** PostgreSQL (PGlite) in a worker thread over a data folder. @throws StateFolderError when the folder is damaged. */
export const openEmbeddedDatabase = (folder: string): Promise<Database> => Promise.reject(new Error(folder));
