import type { TableReader } from './table-reader.ts';

export interface DuckDbTables extends TableReader {
  close(): Promise<void>;
}

/** DuckDB in the process. */
export const openDuckDbTables = (): Promise<DuckDbTables> => Promise.reject(new Error('duckdb'));
