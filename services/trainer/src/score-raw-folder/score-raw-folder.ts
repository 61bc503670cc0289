import type { Policy } from '@lisible/contracts';
import { createOutsideTrainingRangeCounter, decide, outsideTrainingRangeInput, readCodedRows } from '@lisible/credit';
import type { PolicyInputs } from '@lisible/credit';
import { historyReadBy } from '../bulk-scoring/history-read-by.ts';
import type { ServedChampion } from '../bulk-scoring/open-champion.ts';
import { predictCalibrated } from '../bulk-scoring/score-in-blocks.ts';
import { withScratchDuckDb } from '../bulk-scoring/scratch-duckdb.ts';
import { ingestRawTables } from '../ingest-raw-tables/ingest-raw-tables.ts';
import { openCodedReader } from '../ingest-raw-tables/raw-block.ts';
import { writeFileWhole } from './write-file-whole.ts';

/** The folder holds no application; the message is one sentence. */
export class NothingToScoreError extends Error {
  override readonly name = 'NothingToScoreError';
}

export interface BulkOrder {
  readonly dataDir: string;
  readonly outFile: string;
  readonly policy: Policy;
  readonly onProgress?: (share: number, message: string) => void;
  /** Stops the work; nothing is left behind. */
  readonly signal?: AbortSignal;
}

const header = 'applicationId,probabilityOfDefault,proposal,decision\n';

/**
 * Scores all applications of a raw folder, with and without outcome, into one CSV file that appears whole or not at all. Features,
 * model, policy and rules are the very ones of scoring, so an application has the same numbers here and in the ledger; they are computed
 * column by column, and no application is made.
 * @throws RawDataError with every problem of the tables, NothingToScoreError, OutputFileError, or the signal's reason
 */
export const scoreRawFolder = (
  champion: ServedChampion,
  { dataDir, outFile, policy, onProgress, signal }: BulkOrder,
): Promise<{ readonly rows: number }> => {
  const { source } = champion.lender;
  const history = historyReadBy(champion);
  return withScratchDuckDb({ hasHistory: history.history !== undefined }, (session) =>
    writeFileWhole(outFile, async (write) => {
      onProgress?.(0, 'reading the raw tables');
      const tables = await ingestRawTables(session, {
        dataDir,
        source,
        roles: ['labelled', 'unlabelled'],
        isForLearning: false,
        ...history,
      });
      if (tables.numRows === 0)
        throw new NothingToScoreError(
          `There is nothing to score in ${dataDir}: it holds no ${source.tables.map(({ name }) => name).join(' and no ')}.`,
        );
      let rows = 0;
      await write(header);
      const { featureNames, trainingRanges } = champion.manifest;
      const countOutside = createOutsideTrainingRangeCounter(trainingRanges, featureNames);
      const { catalogue } = champion.lender;
      for await (const { done, rowsRead, isSound } of tables.readBlocks(openCodedReader(source, catalogue))) {
        signal?.throwIfAborted();
        onProgress?.(rowsRead / tables.numRows, `${rowsRead} of ${tables.numRows} applications`);
        // Once something is wrong the rest is only checked.
        if (!isSound) continue;
        const { applicationIds } = done;
        const { features, policyInputs } = readCodedRows(catalogue, done.rows, featureNames);
        const { probabilities } = await predictCalibrated(champion.predictor, features);
        const { values, numFeatures } = features;
        const lines = applicationIds.map((applicationId, row) => {
          const numOutside = countOutside(values.subarray(row * numFeatures, (row + 1) * numFeatures));
          return line(policy, applicationId, probabilities[row] ?? Number.NaN, { ...policyInputs[row], [outsideTrainingRangeInput]: numOutside });
        });
        await write(lines.join(''));
        rows += lines.length;
      }
      return { rows };
    }),
  );
};

/** Identifiers hold no comma and no quotation mark; a number is written with the digits that read back to the same bits. */
const line = (policy: Policy, applicationId: string, probabilityOfDefault: number, inputs: PolicyInputs): string => {
  const { proposal, decision } = decide(policy, { probabilityOfDefault, policyInputs: inputs });
  return `${applicationId},${probabilityOfDefault},${proposal},${decision}\n`;
};
