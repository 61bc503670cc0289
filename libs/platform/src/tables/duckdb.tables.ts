import { DuckDBInstance, DuckDBTypeId } from '@duckdb/node-api';
import type { TableReader, TableRow, TableValue } from './table-reader.ts';

export interface DuckDbTables extends TableReader {
  close(): Promise<void>;
}

/**
 * DuckDB in the process: one instance in memory over files on disk; each query takes a connection of its own (0.2 ms), so queries do not
 * wait for each other. It writes nowhere: by default it would spill client data into `.tmp` of the working folder.
 */
export const openDuckDbTables = async (): Promise<DuckDbTables> => {
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: '', autoinstall_known_extensions: 'false' });
  return {
    query: async (sql, parameters = []) => {
      const connection = await instance.connect();
      try {
        const reader = await connection.runAndReadAll(sql, [...parameters]);
        const names = reader.columnNames();
        const types = reader.columnTypes();
        return reader
          .getRowsJS()
          .map((row): TableRow =>
            Object.fromEntries(row.map((value, column) => [names[column] ?? '', plainValue(names[column] ?? '', types[column]?.typeId, value)])),
          );
      } finally {
        connection.closeSync();
      }
    },
    close: () => {
      instance.closeSync();
      return Promise.resolve();
    },
  };
};

/** @throws Error on a nested value, which a `TableRow` cannot hold: unnest it or turn it into JSON text in the query. */
const plainValue = (column: string, type: DuckDBTypeId | undefined, value: unknown): TableValue => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return type === DuckDBTypeId.DATE ? value.toISOString().slice(0, 10) : value.toISOString();
  throw new Error(`Column ${column} holds a nested value`);
};
