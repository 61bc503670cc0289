import { createRandom, rocAuc } from '@lisible/credit';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { drawClient, type SyntheticClient } from './client.ts';
import { applicationColumns, contactColumns, targetColumn } from './columns.ts';
import { writeCsvTable } from './csv-table.ts';
import type { Cell } from './person.ts';

export interface GenerationProgress {
  readonly written: number;
  readonly total: number;
}

export interface PopulationRequest {
  /** An integer; the same seed and numbers give the same files, byte for byte. */
  readonly seed: number;
  /** Clients with a known outcome, in `application_train.csv`. */
  readonly labelled: number;
  /** Clients without one, in `application_test.csv`. */
  readonly unlabelled: number;
  /** Made when absent; the two files in it are replaced. */
  readonly outDir: string;
  readonly onProgress?: (progress: GenerationProgress) => void;
}

export interface GeneratedPopulation {
  readonly labelled: number;
  readonly unlabelled: number;
  /** Share of the labelled that defaulted, 0..1. */
  readonly defaultRate: number;
  /** ROC AUC of the probabilities that outcomes were drawn with: no model can do better but by luck; null when one class is absent. */
  readonly rocAucCeiling: number | null;
  readonly files: readonly string[];
}

const firstIdentifier = 100_001;
const rowsPerReport = 1_000;

/**
 * Writes a synthetic population in the schema of Home Credit's application tables (122 columns with the outcome, 121 without),
 * and each client's invented FIRST_NAME and LAST_NAME behind them. Marginals, missing values and traps are the real table's;
 * about 8 % default.
 * @throws RangeError for negative or fractional numbers of clients; the file system's error when a file cannot be written
 */
export const generatePopulation = async ({ seed, labelled, unlabelled, outDir, onProgress }: PopulationRequest): Promise<GeneratedPopulation> => {
  for (const count of [labelled, unlabelled]) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('the number of clients must be a whole number from 0 on');
  }
  await mkdir(outDir, { recursive: true });
  const random = createRandom(seed);
  const total = labelled + unlabelled;
  const outcomes = new Uint8Array(labelled);
  const trueProbabilities = new Float64Array(labelled);
  let written = 0;

  function* draw(
    count: number,
    toCells: (client: SyntheticClient, row: number) => Readonly<Record<string, Cell>>,
  ): Generator<Readonly<Record<string, Cell>>> {
    for (let row = 0; row < count; row++) {
      yield toCells(drawClient(firstIdentifier + written, random), row);
      written++;
      if (written % rowsPerReport === 0 || written === total) onProgress?.({ written, total });
    }
  }

  const [identifierColumn = 'SK_ID_CURR', ...otherColumns] = applicationColumns;
  const trainFile = join(outDir, 'application_train.csv');
  const testFile = join(outDir, 'application_test.csv');
  await writeCsvTable(
    trainFile,
    [identifierColumn, targetColumn, ...otherColumns, ...contactColumns],
    draw(labelled, (client, row) => {
      outcomes[row] = client.defaulted;
      trueProbabilities[row] = client.trueProbability;
      return { ...client.cells, [targetColumn]: client.defaulted };
    }),
  );
  await writeCsvTable(
    testFile,
    [...applicationColumns, ...contactColumns],
    draw(unlabelled, ({ cells }) => cells),
  );

  const defaults = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  return {
    labelled,
    unlabelled,
    defaultRate: labelled > 0 ? defaults / labelled : 0,
    rocAucCeiling: defaults > 0 && defaults < labelled ? rocAuc(outcomes, trueProbabilities) : null,
    files: [trainFile, testFile],
  };
};
