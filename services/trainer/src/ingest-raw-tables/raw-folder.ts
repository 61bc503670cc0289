import { createReadStream } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { populationSnapshotSchema } from '@lisible/contracts';
import type { PopulationSnapshot } from '@lisible/contracts';
import type { HistorySource, RawSource, RawTable, TextLayout } from '@lisible/credit';
import { z } from 'zod';
import type { RawProblem } from './raw-problem.ts';

export interface RawFile {
  readonly table: string;
  readonly path: string;
  readonly format: 'csv' | 'parquet';
  /** Null: a comma-separated table with a header. */
  readonly layout: TextLayout | null;
}

const formats = [
  { ending: '.csv', format: 'csv' },
  { ending: '.csv.gz', format: 'csv' },
  { ending: '.parquet', format: 'parquet' },
] as const;

/** A table to look for, by the name of its files without their endings, or in the one file it names. */
export interface WantedTable extends Pick<RawTable, 'name' | 'file'> {
  readonly isRequired: boolean;
}

const candidatesOf = ({ name, file }: WantedTable): readonly (Pick<RawFile, 'format' | 'layout'> & { readonly fileName: string })[] =>
  file === null
    ? formats.map(({ ending, format }) => ({ fileName: name + ending, format, layout: null }))
    : [{ fileName: file.name, format: 'csv', layout: file.layout }];

const listOf = (candidates: readonly { readonly fileName: string }[]): string =>
  candidates
    .map(({ fileName }) => fileName)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');

/** Names under which the tables of a role are looked for, e.g. `application_train.csv, application_train.csv.gz or application_train.parquet`. */
export const fileNamesOf = ({ tables }: RawSource, wanted: RawTable['role']): string =>
  listOf(tables.filter(({ role }) => role === wanted).flatMap(({ name, file }) => candidatesOf({ name, file, isRequired: true })));

/** Finds each table's one file. A required table without a file and a table with two are problems. */
export const findRawFiles = async (
  dataDir: string,
  tables: readonly WantedTable[],
): Promise<{ readonly files: readonly RawFile[]; readonly problems: readonly RawProblem[] }> => {
  const names = await readdir(dataDir).catch(() => null);
  if (names === null) {
    const required = tables.filter(({ isRequired }) => isRequired);
    const told = required.length > 0 ? required : tables.slice(0, 1);
    return {
      files: [],
      problems: told.map(({ name }) => ({ table: name, column: null, row: null, reason: 'the data folder does not exist or cannot be read' })),
    };
  }
  const files: RawFile[] = [];
  const problems: RawProblem[] = [];
  for (const wanted of tables) {
    const { name: table, isRequired } = wanted;
    const candidates = candidatesOf(wanted);
    const found = candidates.filter(({ fileName }) => names.includes(fileName));
    const [first, ...others] = found;
    const problem = (reason: string): void => void problems.push({ table, column: null, row: null, reason });
    if (others.length > 0) problem(`the same table is there more than once (${found.map(({ fileName }) => fileName).join(', ')}): keep one`);
    else if (first !== undefined) files.push({ table, path: join(dataDir, first.fileName), format: first.format, layout: first.layout });
    else if (isRequired) problem(`not found: the folder needs ${listOf(candidates)}`);
  }
  return { files, problems };
};

/** A header longer than this is no header. */
const maxHeaderBytes = 1 << 20;

/**
 * The header's cells. A gzipped file is read to its end, because a truncated one fails only there; so is any file that is watched.
 * @param watch sees all of the file, piece by piece
 * @throws Error when the file cannot be read or its compression is damaged
 */
export const readCsvHeader = async (path: string, watch?: (piece: Buffer) => void): Promise<readonly string[]> => {
  const isCompressed = path.endsWith('.gz');
  let head = Buffer.alloc(0);
  let isComplete = false;
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      watch?.(chunk);
      if (!isComplete) {
        head = Buffer.concat([head, chunk]);
        isComplete = head.includes('\n') || head.length > maxHeaderBytes;
      }
      if (isComplete && !isCompressed && watch === undefined) return;
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

const datasetFile = 'dataset.json';
const datasetSchema = z.object({ source: populationSnapshotSchema.shape.source });

/** What the folder says about itself in `dataset.json` (the generator writes one); a folder that says nothing holds somebody's real tables. */
export const readSource = async (dataDir: string): Promise<PopulationSnapshot['source']> => {
  const text = await readFile(join(dataDir, datasetFile), 'utf8').catch(() => '{}');
  try {
    return datasetSchema.safeParse(JSON.parse(text)).data?.source ?? 'raw-folder';
  } catch {
    return 'raw-folder';
  }
};

const declarationsSchema = z.object({
  tables: z.record(z.string(), z.object({ isCut: z.boolean(), reason: z.string().min(1).optional() })).default({}),
});

/** History tables that `dataset.json` declares cut, with its reason: `{"tables": {"installments_payments": {"isCut": true, "reason": "…"}}}`. */
export const readDeclaredCuts = async (
  dataDir: string,
  { tables }: HistorySource,
): Promise<{ readonly declaredCuts: ReadonlyMap<string, string | null>; readonly problems: readonly RawProblem[] }> => {
  const text = await readFile(join(dataDir, datasetFile), 'utf8').catch(() => '{}');
  const problem = (table: string, reason: string): RawProblem => ({ table, column: null, row: null, reason });
  const declared = declarationsSchema.safeParse(parseJson(text)).data?.tables;
  if (declared === undefined)
    return {
      declaredCuts: new Map(),
      problems: [problem(datasetFile, 'not readable: expected e.g. {"tables": {"TABLE": {"isCut": true, "reason": "…"}}}')],
    };
  return {
    declaredCuts: new Map(Object.entries(declared).flatMap(([name, { isCut, reason }]) => (isCut ? [[name, reason ?? null] as const] : []))),
    problems: Object.keys(declared)
      .filter((name) => tables.every((table) => table.name !== name))
      .map((name) =>
        problem(name, `declared in ${datasetFile}, but no history table has this name: there are ${tables.map((table) => table.name).join(', ')}`),
      ),
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
