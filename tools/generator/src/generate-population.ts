import { rocAuc } from '@lisible/credit';
import { availableParallelism } from 'node:os';
import { drawChunks } from './chunk-source.ts';
import { testColumns, trainColumns, type FileFormat, type PopulationPlan, type TableSelection } from './chunk.ts';
import { historyColumns, historyTableNames, type TableName } from './columns.ts';
import { PopulationFiles } from './population-files.ts';

export interface GenerationProgress {
  /** Clients drawn and written so far, with all their rows. */
  readonly written: number;
  readonly total: number;
  /** Rows written so far, over all tables. */
  readonly rows: number;
}

export interface PopulationRequest {
  /** An integer; the same seed and numbers give the same files, byte for byte, with any number of workers. */
  readonly seed: number;
  /** Clients with a known outcome, in `application_train`. */
  readonly labelled: number;
  /** Clients without one, in `application_test`. */
  readonly unlabelled: number;
  /** Made when absent; the generated tables in it are replaced. */
  readonly outDir: string;
  /** The application tables alone (the same with or without the others), or all eight; the former unless asked. */
  readonly tables?: TableSelection;
  /** `csv` unless asked. */
  readonly format?: FileFormat;
  /** Threads that draw; 0 draws in the caller's. As many as there are processors for large populations, 0 for small ones, unless asked. */
  readonly workers?: number;
  readonly onProgress?: (progress: GenerationProgress) => void;
  /** Aborting ends the generation with nothing left of it. */
  readonly signal?: AbortSignal;
}

export interface GeneratedPopulation {
  readonly labelled: number;
  readonly unlabelled: number;
  /** Share of the labelled that defaulted, 0..1. */
  readonly defaultRate: number;
  /** ROC AUC of the probabilities that outcomes were drawn with: no model can do better but by luck; null when one class is absent. */
  readonly rocAucCeiling: number | null;
  /** Paths of the tables: `application_train`, `application_test`, then the history tables. */
  readonly files: readonly string[];
  /** Rows by table. */
  readonly rows: Readonly<Partial<Record<TableName, number>>>;
  /** Size of all tables together. */
  readonly bytes: number;
}

const applicationNames: readonly TableName[] = ['application_train', 'application_test'];
const allNames: readonly TableName[] = [...applicationNames, ...historyTableNames];
/** Below so many clients, threads cost more than they bring. */
const clientsWorthThreads = 4_000;
const maxWorkers = 8;

const columnsOf = (name: TableName): readonly string[] =>
  name === 'application_train' ? trainColumns : name === 'application_test' ? testColumns : historyColumns[name];

const drawsIn = ({ workers, labelled, unlabelled }: PopulationRequest): number =>
  workers ?? (labelled + unlabelled < clientsWorthThreads ? 0 : Math.min(maxWorkers, availableParallelism()));

/**
 * Writes a synthetic population in the schema of Home Credit's tables: applications with outcomes and without, each client's invented name,
 * address, branch and day of application behind the columns, and, with `tables: 'all'`, the six history tables. Marginals, missing values
 * and traps are the real tables'; about 8 % default. `dataset.json` says how the folder came about.
 * @throws RangeError for negative or fractional numbers; Error for a folder that holds somebody's own tables; the file system's error when a
 * file cannot be written; the signal's reason when aborted
 */
export const generatePopulation = async (request: PopulationRequest): Promise<GeneratedPopulation> => {
  const { seed, labelled, unlabelled, outDir, tables = 'application', format = 'csv', onProgress, signal } = request;
  for (const count of [labelled, unlabelled]) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('the number of clients must be a whole number from 0 on');
  }
  const workers = drawsIn(request);
  if (!Number.isSafeInteger(workers) || workers < 0) throw new RangeError('the number of workers must be a whole number from 0 on');

  const plan: PopulationPlan = { seed, labelled, unlabelled, tables, format };
  const names = tables === 'all' ? allNames : applicationNames;
  const rows = new Map<TableName, number>(names.map((name) => [name, 0]));
  const outcomes = new Uint8Array(labelled);
  const trueProbabilities = new Float64Array(labelled);
  const total = labelled + unlabelled;
  let written = 0;
  let writtenRows = 0;
  let known = 0;

  const files = await PopulationFiles.open(outDir, format, names, allNames);
  try {
    for (const name of names) await files.start(name, columnsOf(name));
    for await (const chunk of drawChunks(plan, workers, signal)) {
      for (const table of chunk.tables) {
        await files.append(table.name, table.bytes);
        rows.set(table.name, (rows.get(table.name) ?? 0) + table.rows);
        writtenRows += table.rows;
      }
      outcomes.set(chunk.outcomes, known);
      trueProbabilities.set(chunk.trueProbabilities, known);
      known += chunk.outcomes.length;
      written += chunk.clients;
      onProgress?.({ written, total, rows: writtenRows });
    }
    signal?.throwIfAborted();
    const defaults = outcomes.reduce((sum, outcome) => sum + outcome, 0);
    const measured = {
      labelled,
      unlabelled,
      defaultRate: labelled > 0 ? defaults / labelled : 0,
      rocAucCeiling: defaults > 0 && defaults < labelled ? rocAuc(outcomes, trueProbabilities) : null,
      rows: Object.fromEntries(rows),
    };
    await files.finish({ source: 'synthetic', seed, ...measured });
    return { ...measured, files: files.paths, bytes: files.bytes };
  } catch (error) {
    await files.discard();
    throw error;
  }
};
