export type TableValue = string | number | boolean | null;
export type TableRow = Readonly<Record<string, TableValue>>;

/** SQL over files (Parquet, CSV): bigint comes as number, dates as ISO 8601 text, parameters as `$1`, `$2`, … */
export interface TableReader {
  query(sql: string, parameters?: readonly (string | number | null)[]): Promise<readonly TableRow[]>;
}
