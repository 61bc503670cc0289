import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import type { FileFormat } from './chunk.ts';
import type { TableName } from './columns.ts';

const formats: readonly FileFormat[] = ['csv', 'csv.gz'];
const readerFormats: readonly string[] = [...formats, 'parquet'];
const descriptionFile = 'dataset.json';
/** What a stream may hold back before the drawing waits for the disk. */
const highWaterMark = 1 << 20;

interface OpenTable {
  readonly path: string;
  readonly stream: WriteStream;
  readonly closed: Promise<void>;
  bytes: number;
}

/** Whether the folder says of itself that a generator made it. */
const isSynthetic = async (folder: string): Promise<boolean> => {
  const text = await readFile(join(folder, descriptionFile), 'utf8').catch(() => '{}');
  return /"source"\s*:\s*"synthetic"/.test(text);
};

/**
 * The files of a population, under `….partial` names until all are whole: a run that is cut leaves nothing that a reader would take for a
 * table. `dataset.json` is the first to go when the old population is replaced and the last to come.
 */
export class PopulationFiles {
  readonly #folder: string;
  readonly #format: FileFormat;
  readonly #stale: readonly string[];
  readonly #tables = new Map<TableName, OpenTable>();

  private constructor(folder: string, format: FileFormat, stale: readonly string[]) {
    this.#folder = folder;
    this.#format = format;
    this.#stale = stale;
  }

  /**
   * Makes the folder when it is not there. Tables of an earlier generated population that this one does not replace are removed at the end.
   * @throws Error when such tables are somebody's own; the file system's error when the folder cannot be made
   */
  static async open(folder: string, format: FileFormat, names: readonly TableName[], allNames: readonly TableName[]): Promise<PopulationFiles> {
    await mkdir(folder, { recursive: true });
    const replaced = new Set(names.map((name) => `${name}.${format}`));
    const tableFiles = new Set(allNames.flatMap((name) => readerFormats.map((ending) => `${name}.${ending}`)));
    const stale = (await readdir(folder)).filter((file) => tableFiles.has(file) && !replaced.has(file));
    if (stale.length > 0 && !(await isSynthetic(folder))) {
      throw new Error(`The folder already holds ${stale.join(', ')}, which nobody generated: choose another one with --out.`);
    }
    return new PopulationFiles(folder, format, stale);
  }

  get bytes(): number {
    return [...this.#tables.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get paths(): readonly string[] {
    return [...this.#tables.values()].map(({ path }) => path);
  }

  async start(name: TableName, columns: readonly string[]): Promise<void> {
    const path = join(this.#folder, `${name}.${this.#format}`);
    const stream = createWriteStream(`${path}.partial`, { highWaterMark });
    const closed = finished(stream);
    // Errors surface where the stream is awaited below; until then nobody listens.
    closed.catch(() => undefined);
    this.#tables.set(name, { path, stream, closed, bytes: 0 });
    const header = Buffer.from(`${columns.join(',')}\n`);
    await this.append(name, this.#format === 'csv' ? header : gzipSync(header));
  }

  /**
   * Adds whole rows, already in the file's format: members of a gzip file simply follow one another.
   * @throws the file system's error when the disk is full or the file cannot be written
   */
  async append(name: TableName, rows: Uint8Array): Promise<void> {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Error(`the table ${name} was not started`);
    if (rows.length === 0) return;
    table.bytes += rows.length;
    if (!table.stream.write(rows)) {
      const drained = Promise.withResolvers<void>();
      table.stream.once('drain', () => drained.resolve());
      await Promise.race([drained.promise, table.closed]);
    }
  }

  /** Gives all files their names, then says in `dataset.json` what the folder holds. */
  async finish(description: Readonly<Record<string, unknown>>): Promise<void> {
    for (const { stream } of this.#tables.values()) stream.end();
    for (const { closed } of this.#tables.values()) await closed;
    await rm(join(this.#folder, descriptionFile), { force: true });
    for (const file of this.#stale) await rm(join(this.#folder, file), { force: true });
    for (const { path } of this.#tables.values()) await rename(`${path}.partial`, path);
    const partial = join(this.#folder, `${descriptionFile}.partial`);
    await writeFile(partial, `${JSON.stringify(description, null, 2)}\n`);
    await rename(partial, join(this.#folder, descriptionFile));
  }

  /** Leaves nothing of a run that did not come to its end. */
  async discard(): Promise<void> {
    for (const { path, stream, closed } of this.#tables.values()) {
      stream.destroy();
      await closed.catch(() => undefined);
      await rm(`${path}.partial`, { force: true });
    }
    await rm(join(this.#folder, `${descriptionFile}.partial`), { force: true });
  }
}
