import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

/** Reads columns of Parquet files within a thread of its own: one core of DuckDB's, rows in the order of the file. */
export interface PopulationReader {
  columnsOf(path: string): Promise<ReadonlySet<string>>;
  countRows(path: string): Promise<number>;
  /** One array an expression, NaN where it is null. */
  numbers(path: string, expressions: readonly string[], numRows: number): Promise<readonly Float64Array[]>;
  /** Calls `each` with the texts of every row, null where there is none. */
  texts(path: string, expressions: readonly string[], each: (texts: readonly (string | null)[]) => void): Promise<void>;
  /** What is under way fails. */
  interrupt(): void;
  close(): void;
}

const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const openPopulationReader = async (): Promise<PopulationReader> => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '512MB',
    temp_directory: '',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJS();
  return {
    columnsOf: async (path) =>
      new Set(
        (await rowsOf(`select column_name from (describe select * from read_parquet(${quoteText(path)}))`)).flatMap(([name]) =>
          typeof name === 'string' ? [name] : [],
        ),
      ),
    countRows: async (path) => Number((await rowsOf(`select count(*) from read_parquet(${quoteText(path)})`))[0]?.[0] ?? 0),
    numbers: async (path, expressions, numRows) => {
      const columns = expressions.map(() => new Float64Array(numRows).fill(Number.NaN));
      let from = 0;
      for await (const chunk of chunksOf(connection, `select ${expressions.join(', ')} from read_parquet(${quoteText(path)})`)) {
        for (const [index, column] of columns.entries()) {
          const vector = chunk.getColumnVector(index);
          for (let row = 0; row < chunk.rowCount; row += 1) {
            const value = vector.getItem(row);
            if (typeof value === 'number') column[from + row] = value;
          }
        }
        from += chunk.rowCount;
      }
      return columns;
    },
    texts: async (path, expressions, each) => {
      const texts = new Array<string | null>(expressions.length).fill(null);
      for await (const chunk of chunksOf(connection, `select ${expressions.join(', ')} from read_parquet(${quoteText(path)})`)) {
        const vectors = expressions.map((_, index) => chunk.getColumnVector(index));
        for (let row = 0; row < chunk.rowCount; row += 1) {
          for (const [index, vector] of vectors.entries()) {
            const value = vector.getItem(row);
            texts[index] = typeof value === 'string' ? value : null;
          }
          each(texts);
        }
      }
    },
    interrupt: () => connection.interrupt(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
};

async function* chunksOf(connection: DuckDBConnection, sql: string): AsyncIterable<DuckDBDataChunk> {
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk;
  }
}
