import { createReadStream } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { populationSnapshotSchema } from '@lisible/contracts';
import type { PopulationSnapshot } from '@lisible/contracts';
import { z } from 'zod';
import type { RawProblem } from './raw-problem.ts';

export interface RawFile<Table extends string = string> {
  readonly table: Table;
  readonly path: string;
  readonly format: 'csv' | 'parquet';
}

const formats = [
  { ending: '.csv', format: 'csv' },
  { ending: '.csv.gz', format: 'csv' },
  { ending: '.parquet', format: 'parquet' },
] as const;

/** Finds each table's one file. A required table without a file and a table with two are problems. */
export const findRawFiles = async <Table extends string>(
  dataDir: string,
  tables: readonly { readonly name: Table; readonly isRequired: boolean }[],
): Promise<{ readonly files: readonly RawFile<Table>[]; readonly problems: readonly RawProblem[] }> => {
  const names = await readdir(dataDir).catch(() => null);
  if (names === null) {
    const required = tables.filter(({ isRequired }) => isRequired);
    const told = required.length > 0 ? required : tables.slice(0, 1);
    return {
      files: [],
      problems: told.map(({ name }) => ({ table: name, column: null, row: null, reason: 'the data folder does not exist or cannot be read' })),
    };
  }
  const files: RawFile<Table>[] = [];
  const problems: RawProblem[] = [];
  for (const { name: table, isRequired } of tables) {
    const found = formats
      .filter(({ ending }) => names.includes(table + ending))
      .map(({ ending, format }) => ({ table, path: join(dataDir, table + ending), format }));
    const [first, ...others] = found;
    if (others.length > 0) {
      const list = formats.filter(({ ending }) => names.includes(table + ending)).map(({ ending }) => table + ending);
      problems.push({ table, column: null, row: null, reason: `the same table is there more than once (${list.join(', ')}): keep one` });
    } else if (first !== undefined) files.push(first);
    else if (isRequired)
      problems.push({
        table,
        column: null,
        row: null,
        reason: `not found: the folder needs ${formats
          .map(({ ending }) => table + ending)
          .join(', ')
          .replace(/, ([^,]*)$/, ' or $1')}`,
      });
  }
  return { files, problems };
};

/** A header longer than this is no header. */
const maxHeaderBytes = 1 << 20;

/**
 * The header's cells. A gzipped file is read to its end, because a truncated one fails only there.
 * @throws Error when the file cannot be read or its compression is damaged
 */
export const readCsvHeader = async (path: string): Promise<readonly string[]> => {
  const isCompressed = path.endsWith('.gz');
  let head = Buffer.alloc(0);
  let isComplete = false;
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      if (!isComplete) {
        head = Buffer.concat([head, chunk]);
        isComplete = head.includes('\n') || head.length > maxHeaderBytes;
      }
      if (isComplete && !isCompressed) return;
    }
  };
  if (isCompressed) await pipeline(createReadStream(path), createGunzip(), take);
  else await pipeline(createReadStream(path), take);
  const line = head.toString('utf8').split(/\r?\n/, 1)[0] ?? '';
  return line === '' ? [] : parseHeader(line.replace(/^\uFEFF/, ''));
};

/** Names apart by commas, perhaps inside double quotes. */
const parseHeader = (line: string): readonly string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => (quoted ?? plain ?? '').replaceAll('""', '"').trim());

const datasetSchema = z.object({ source: populationSnapshotSchema.shape.source });

/** What the folder says about itself in `dataset.json` (the generator writes one); a folder that says nothing holds somebody's real tables. */
export const readSource = async (dataDir: string): Promise<PopulationSnapshot['source']> => {
  const text = await readFile(join(dataDir, 'dataset.json'), 'utf8').catch(() => '{}');
  try {
    return datasetSchema.safeParse(JSON.parse(text)).data?.source ?? 'raw-folder';
  } catch {
    return 'raw-folder';
  }
};
