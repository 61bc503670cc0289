import { BOOLEAN, DOUBLE, DuckDBDataChunk, DuckDBInstance, FLOAT, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api';

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

const columnTypes = { VARCHAR, DOUBLE, FLOAT, INTEGER, BOOLEAN } as const satisfies Record<string, DuckDBType>;
export type ColumnType = keyof typeof columnTypes;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** Some rows of a result, column by column in the order of the query. */
export interface ColumnBatch {
  readonly numRows: number;
  readonly names: readonly string[];
  /** One array a name, `numRows` long. */
  readonly columns: readonly (readonly Cell[])[];
}

/** Some rows of a result, whose cells are read when they are asked for, before the next batch is. */
export interface ResultBatch {
  readonly numRows: number;
  readonly names: readonly string[];
  cells(column: number): readonly Cell[];
  /** Fills `target` with the numbers of a column from row `from` on; NaN where there is none. Cheapest where nothing is null in SQL. */
  copyNumbers(column: number, target: Float64Array, from?: number): void;
}

/** A name inside double quotes, a text inside single ones: what raw headers and paths need before they enter SQL. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A table that is filled column by column and ends as one Parquet file. */
export interface ParquetWriter {
  /** One array a column, in declared order, all of one length. */
  append(columns: readonly (readonly Cell[])[]): void;
  finish(path: string): Promise<void>;
}

/**
 * DuckDB for the training process: its own instance on a scratch file, so that raw tables need not fit in memory.
 * Services read through the platform's `TABLES` port; the training process runs without Nest and brings this instead.
 */
export interface DuckDbSession {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly Row[]>;
  /** Rows in batches of about two thousand, in the order of the query. */
  batches(sql: string): AsyncIterable<readonly Row[]>;
  /** The same as columns: what reads many cells of many rows needs no object for each row. */
  columnBatches(sql: string): AsyncIterable<ColumnBatch>;
  /** The same, each column read as the caller wants it. */
  resultBatches(sql: string): AsyncIterable<ResultBatch>;
  createParquet(columns: readonly Column[]): Promise<ParquetWriter>;
  /** Works within other limits for a while; afterwards memory beyond the usual ones is given back. */
  within<T>(limits: DuckDbLimits, work: () => Promise<T>): Promise<T>;
  close(): void;
}

export interface DuckDbLimits {
  /** More than one leaves row order to `order by`. */
  readonly threads: number;
  /** Of tables and queries in memory, as DuckDB writes it, e.g. `768MB`; what is above goes to disk beside the scratch file. */
  readonly memoryLimit: string;
}

/** One thread: the process shares its machine with the services. */
const usualLimits: DuckDbLimits = { threads: 1, memoryLimit: '768MB' };

/** `:memory:` or the path of a scratch file. */
export const openDuckDb = async (file: string, { threads, memoryLimit }: DuckDbLimits = usualLimits): Promise<DuckDbSession> => {
  const instance = await DuckDBInstance.create(file, { threads: String(threads), memory_limit: memoryLimit });
  const connection = await instance.connect();
  const limitTo = async (limits: DuckDbLimits): Promise<void> => {
    await connection.run(`set threads = ${limits.threads}`);
    await connection.run(`set memory_limit = ${quoteText(limits.memoryLimit)}`);
  };
  let numTables = 0;
  return {
    within: async (limits, work) => {
      await limitTo(limits);
      try {
        return await work();
      } finally {
        await limitTo({ threads, memoryLimit });
      }
    },
    run: async (sql) => void (await connection.run(sql)),
    rows: async (sql) => {
      const all: Row[] = [];
      for await (const batch of rowsOf(columnsOf(batchesOf(connection, sql)))) all.push(...batch);
      return all;
    },
    batches: (sql) => rowsOf(columnsOf(batchesApart(instance, sql))),
    columnBatches: (sql) => columnsOf(batchesApart(instance, sql)),
    resultBatches: (sql) => batchesApart(instance, sql),
    createParquet: (columns) => createParquet(connection, `parquet_${(numTables += 1)}`, columns),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
};

/** On a connection of its own, so that a result can be read while another is. */
async function* batchesApart(instance: DuckDBInstance, sql: string): AsyncIterable<ResultBatch> {
  const connection = await instance.connect();
  try {
    yield* batchesOf(connection, sql);
  } finally {
    connection.closeSync();
  }
}

/** DuckDB, on its own thread, makes the next batch while the caller works on the one at hand. */
async function* batchesOf(connection: DuckDBConnection, sql: string): AsyncIterable<ResultBatch> {
  const result = await connection.stream(sql);
  const names = result.columnNames();
  const fetchNext = (): Promise<DuckDBDataChunk | null> => {
    const chunk = result.fetchChunk();
    // Awaited below, perhaps long after it failed.
    chunk.catch(() => undefined);
    return chunk;
  };
  let next = fetchNext();
  try {
    for (;;) {
      const chunk = await next;
      if (chunk === null || chunk.rowCount === 0) return;
      next = fetchNext();
      yield {
        numRows: chunk.rowCount,
        names,
        cells: (column) => cellsOf(chunk.getColumnVector(column)),
        copyNumbers: (column, target, from = 0) => copyNumbers(chunk.getColumnVector(column), target, from),
      };
    }
  } finally {
    // A connection is closed only when nothing is under way on it.
    await next.catch(() => null);
  }
}

async function* columnsOf(batches: AsyncIterable<ResultBatch>): AsyncIterable<ColumnBatch> {
  for await (const batch of batches)
    yield { numRows: batch.numRows, names: batch.names, columns: batch.names.map((_name, column) => batch.cells(column)) };
}

async function* rowsOf(batches: AsyncIterable<ColumnBatch>): AsyncIterable<readonly Row[]> {
  for await (const { numRows, names, columns } of batches) yield Array.from({ length: numRows }, (_, row) => toRow(names, columns, row));
}

/** Assigned one by one: pairs made only to become an object are half the cost of a wide table. */
const toRow = (names: readonly string[], columns: readonly (readonly Cell[])[], position: number): Row => {
  const row: Record<string, Cell> = {};
  for (const [column, name] of names.entries()) row[name] = columns[column]?.[position] ?? null;
  return row;
};

const cellsOf = (vector: DuckDBVector): readonly Cell[] => {
  const cells = new Array<Cell>(vector.itemCount);
  for (let row = 0; row < cells.length; row += 1) cells[row] = toCell(vector.getItem(row));
  return cells;
};

const copyNumbers = (vector: DuckDBVector, target: Float64Array, from: number): void => {
  for (let row = 0; row < target.length; row += 1) {
    const value = vector.getItem(from + row);
    target[row] = typeof value === 'number' ? value : Number.NaN;
  }
};

const toCell = (value: DuckDBValue | undefined): Cell => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  // Some tools write NaN where a number is missing.
  if (typeof value === 'number' && Number.isNaN(value)) return null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
};

/** DuckDB's own vector length: one data chunk holds no more rows. */
const vectorSize = 2048;

const createParquet = async (connection: DuckDBConnection, table: string, columns: readonly Column[]): Promise<ParquetWriter> => {
  await connection.run(`create table ${table} (${columns.map(({ name, type }) => `${quoteName(name)} ${type}`).join(', ')})`);
  const appender = await connection.createAppender(table);
  const types = columns.map(({ type }) => columnTypes[type]);
  return {
    append: (values) => {
      const numRows = values[0]?.length ?? 0;
      for (let start = 0; start < numRows; start += vectorSize) {
        const size = Math.min(vectorSize, numRows - start);
        const chunk = DuckDBDataChunk.create(types, size);
        chunk.setColumns(size === numRows ? values : values.map((column) => column.slice(start, start + size)));
        appender.appendDataChunk(chunk);
      }
    },
    finish: async (path) => {
      appender.closeSync();
      await connection.run(`copy ${table} to ${quoteText(path)} (format parquet, compression zstd)`);
      await connection.run(`drop table ${table}`);
    },
  };
};
