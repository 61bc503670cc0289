import type { Policy } from '@lisible/contracts';
import type { RawSource } from '@lisible/credit';
import {
  StatisticsError,
  applicationThreshold,
  averagePrecision,
  brierScore,
  calibrationSlopeIntercept,
  costPerApplication,
  expectedCalibrationError,
  logLoss,
  rocAuc,
} from '@lisible/credit';
import { historyReadBy } from '../bulk-scoring/history-read-by.ts';
import type { ServedChampion } from '../bulk-scoring/open-champion.ts';
import { scoreInBlocks } from '../bulk-scoring/score-in-blocks.ts';
import { withScratchDuckDb } from '../bulk-scoring/scratch-duckdb.ts';
import { quoteText } from '../duckdb.session.ts';
import type { DuckDbSession } from '../duckdb.session.ts';
import { fileNamesOf } from '../ingest-raw-tables/raw-folder.ts';
import { ingestRawTables } from '../ingest-raw-tables/ingest-raw-tables.ts';
import type { RawApplication, RawTables } from '../ingest-raw-tables/ingest-raw-tables.ts';
import { RawDataError } from '../ingest-raw-tables/raw-problem.ts';

/** Quality of the champion on applications that it was not trained on. */
export interface ChampionQuality {
  readonly rows: number;
  /** 0..1 */
  readonly defaultRate: number;
  readonly rocAuc: number;
  readonly averagePrecision: number;
  readonly brierScore: number;
  /** nats */
  readonly logLoss: number;
  /** Ten bins of equal count. */
  readonly expectedCalibrationError: number;
  /** Null where the margins part the outcomes entirely, so that no slope is the best. */
  readonly calibrationSlope: number | null;
  /** Of the proposals, each at the threshold that the policy sets its application; in the policy's unit of cost. */
  readonly costPerApplication: number;
}

/** The folder holds nothing that the champion can be judged on; the message is one sentence. */
export class NothingToEvaluateError extends Error {
  override readonly name = 'NothingToEvaluateError';
}

export interface EvaluationOrder {
  readonly dataDir: string;
  readonly policy: Policy;
  readonly onProgress?: (share: number, message: string) => void;
}

/**
 * Judges the champion on the labelled rows of a raw folder, leaving out every application that it was trained on.
 * @throws RawDataError with every problem of the table, NothingToEvaluateError when no row is left or all have one outcome
 */
export const evaluateChampion = (champion: ServedChampion, { dataDir, policy, onProgress }: EvaluationOrder): Promise<ChampionQuality> => {
  const { source } = champion.lender;
  const history = historyReadBy(champion);
  return withScratchDuckDb({ hasHistory: history.history !== undefined }, async (session) => {
    onProgress?.(0, 'reading the raw tables');
    const tables = await ingestRawTables(session, { dataDir, source, roles: ['labelled'], isForLearning: false, ...history });
    if (tables.numRows === 0)
      throw new NothingToEvaluateError(`There are no labelled rows in ${dataDir}: evaluating needs ${fileNamesOf(source, 'labelled')}.`);
    const trainedOn = await listTrainedOn(session, champion.estimatesPath);
    const unseen = unseenRows(tables, trainedOn, onProgress);
    const labels: number[] = [];
    const margins: number[] = [];
    const probabilities: number[] = [];
    const areDeclined: number[] = [];
    for await (const block of scoreInBlocks(champion, unseen)) {
      for (const { defaulted } of block.items) labels.push(defaulted ?? Number.NaN);
      margins.push(...block.margins);
      probabilities.push(...block.probabilities);
      block.policyInputs.forEach((inputs, row) => {
        areDeclined.push((block.probabilities[row] ?? Number.NaN) >= applicationThreshold(policy, inputs).decisionThreshold ? 1 : 0);
      });
    }
    if (labels.length === 0)
      throw new NothingToEvaluateError(
        `Nothing is left to evaluate: model ${champion.manifest.modelVersion} was trained on all ${tables.numRows} labelled rows of ${dataDir}.`,
      );
    return measureQuality({ labels, margins, probabilities, areDeclined }, policy);
  }).catch((error: unknown) => {
    throw withoutOutcomes(dataDir, source, error);
  });
};

/** A table without outcomes is not a faulty one, but there is nothing to judge by. */
const withoutOutcomes = (dataDir: string, { targetColumn }: RawSource, error: unknown): unknown => {
  if (!(error instanceof RawDataError)) return error;
  const [first, ...others] = error.problems;
  if (first === undefined || others.length > 0 || first.column !== targetColumn || first.row !== null) return error;
  return new NothingToEvaluateError(`There are no labelled rows in ${dataDir}: ${first.table}, ${targetColumn}: ${first.reason}.`);
};

const listTrainedOn = async (session: DuckDbSession, estimatesPath: string): Promise<ReadonlySet<string>> => {
  const trainedOn = new Set<string>();
  // Only rows that were learnt from belong to a fold.
  for await (const batch of session.batches(`select "applicationId" as id from read_parquet(${quoteText(estimatesPath)}) where fold is not null`))
    for (const { id } of batch) trainedOn.add(String(id));
  return trainedOn;
};

async function* unseenRows(
  tables: RawTables,
  trainedOn: ReadonlySet<string>,
  onProgress: EvaluationOrder['onProgress'],
): AsyncIterable<readonly RawApplication[]> {
  for await (const { applications, rowsRead } of tables.read()) {
    onProgress?.(rowsRead / tables.numRows, `${rowsRead} of ${tables.numRows} applications`);
    yield applications.filter(({ application }) => !trainedOn.has(application.applicationId));
  }
}

interface Judged {
  readonly labels: readonly number[];
  readonly margins: readonly number[];
  readonly probabilities: readonly number[];
  /** 1 where the proposal is to decline, else 0. */
  readonly areDeclined: readonly number[];
}

const measureQuality = ({ labels, margins, probabilities, areDeclined }: Judged, { misclassificationCost }: Policy): ChampionQuality => {
  const defaulted = labels.reduce((sum, label) => sum + label, 0);
  if (defaulted === 0 || defaulted === labels.length)
    throw new NothingToEvaluateError(
      `The champion cannot be judged on the ${labels.length} rows left: all ${defaulted === 0 ? 'were repaid' : 'defaulted'}, and both outcomes are needed.`,
    );
  return {
    rows: labels.length,
    defaultRate: defaulted / labels.length,
    rocAuc: rocAuc(labels, probabilities),
    averagePrecision: averagePrecision(labels, probabilities),
    brierScore: brierScore(labels, probabilities),
    logLoss: logLoss(labels, probabilities),
    expectedCalibrationError: expectedCalibrationError(labels, probabilities),
    calibrationSlope: slopeOf(labels, margins),
    costPerApplication: costPerApplication(labels, areDeclined, 1, misclassificationCost),
  };
};

const slopeOf = (labels: readonly number[], margins: readonly number[]): number | null => {
  try {
    return calibrationSlopeIntercept(labels, margins).slope;
  } catch (error) {
    if (error instanceof StatisticsError && (error.code === 'separable' || error.code === 'slope-not-positive')) return null;
    throw error;
  }
};
