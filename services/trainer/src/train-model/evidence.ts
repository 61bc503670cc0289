import type { ModelManifest, ModelMetrics, Policy } from '@lisible/contracts';
import {
  averagePrecision,
  brierScore,
  calibrationSlopeIntercept,
  costPerApplication,
  expectedCalibrationError,
  gini,
  ks,
  logLoss,
  rocAuc,
  rocAucInterval,
} from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import type { CrossValidation } from './cross-validate.ts';
import type { LabelledMatrix } from './fold-plan.ts';

const columnOf = ({ numRows, numFeatures, values }: FeatureMatrix, feature: number): Float32Array =>
  Float32Array.from({ length: numRows }, (_, row) => values[row * numFeatures + feature] ?? Number.NaN);

/** The middle value that occurs (the lower one of two), null without any. */
const medianOf = (values: Float32Array): number | null => values.toSorted()[Math.floor((values.length - 1) / 2)] ?? null;

/** How well each feature ranks defaults by itself, either way round, missing values standing at its median; those never known are left out. */
export const singleFeatureRocAucs = ({
  matrix,
  labels,
  featureNames,
}: LabelledMatrix): readonly { readonly feature: string; readonly rocAuc: number }[] =>
  featureNames.flatMap((feature, index) => {
    const column = columnOf(matrix, index);
    const median = medianOf(column.filter((value) => !Number.isNaN(value)));
    if (median === null) return [];
    // rocAuc wants finite scores.
    const auc = rocAuc(
      labels,
      column.map((value) => (Number.isFinite(value) ? value : median)),
    );
    return [{ feature, rocAuc: Math.max(auc, 1 - auc) }];
  });

/** What the model must beat: the one feature that ranks defaults best by itself. (A constant rate ranks nothing: 0.5.) */
export const bestSingleFeature = (data: LabelledMatrix): { readonly feature: string; readonly rocAuc: number } => {
  const [first = ''] = data.featureNames;
  return singleFeatureRocAucs(data).reduce((best, next) => (next.rocAuc > best.rocAuc ? next : best), { feature: first, rocAuc: 0.5 });
};

/** Quality on cross-fitted, calibrated, out-of-fold estimates. */
export const measure = (
  data: LabelledMatrix,
  { folds, foldModels, margins, probabilities }: Pick<CrossValidation, 'folds' | 'foldModels' | 'margins' | 'probabilities'>,
  { decisionThreshold, misclassificationCost }: Pick<Policy, 'decisionThreshold' | 'misclassificationCost'>,
): ModelMetrics => {
  const { labels } = data;
  const baseline = bestSingleFeature(data);
  const calibration = calibrationSlopeIntercept(labels, margins);
  const { value, lower, upper } = rocAucInterval(labels, margins);
  return {
    rocAuc: { value, lower, upper },
    averagePrecision: averagePrecision(labels, margins),
    ks: ks(labels, margins),
    gini: gini(labels, margins),
    brierScore: brierScore(labels, probabilities),
    logLoss: logLoss(labels, probabilities),
    expectedCalibrationError: expectedCalibrationError(labels, probabilities),
    calibrationSlope: calibration.slope,
    calibrationIntercept: calibration.intercept,
    costPerApplication: costPerApplication(labels, probabilities, decisionThreshold, misclassificationCost),
    baselineRocAuc: baseline.rocAuc,
    baselineFeature: baseline.feature,
    foldRocAuc: foldModels.map((_, fold) => {
      const isJudged = (_value: number, row: number): boolean => folds[row] === fold;
      return rocAuc(labels.filter(isJudged), margins.filter(isJudged));
    }),
  };
};

/** Rows of the clients that are approved, nearest to the threshold first. */
export const approvedNearestFirst = (probabilities: Float64Array, decisionThreshold: number): Uint32Array =>
  Uint32Array.from({ length: probabilities.length }, (_, row) => row)
    .filter((row) => (probabilities[row] ?? 1) < decisionThreshold)
    .toSorted((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b);

/**
 * What clients approved near the threshold look like, feature by feature: the median of what is known, or the most frequent
 * value of a category or claim, whose median would mean nothing. The same clients as the attributions are measured against,
 * so that a sentence never contradicts its own bar.
 */
export const typicalValuesOf = (
  matrix: FeatureMatrix,
  featureNames: readonly string[],
  rows: Uint32Array,
  catalogue: Catalogue,
): ModelManifest['typicalValues'] => {
  const coded = new Set(catalogue.features.filter(({ format }) => format.kind === 'category' || format.kind === 'boolean').map(({ name }) => name));
  return Object.fromEntries(
    featureNames.map((name, feature) => {
      const values = Float32Array.from(rows, (row) => matrix.values[row * matrix.numFeatures + feature] ?? Number.NaN).filter(
        (value) => !Number.isNaN(value),
      );
      return [name, coded.has(name) ? mostFrequentOf(values) : medianOf(values)];
    }),
  );
};

/** The least of the most frequent values, null without any. */
const mostFrequentOf = (values: Float32Array): number | null => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([a, timesA], [b, timesB]) => timesB - timesA || a - b)[0]?.[0] ?? null;
};

/** Least, greatest value and share of missing ones; 0 to 0 where nothing is known. */
export const trainingRangesOf = (matrix: FeatureMatrix, featureNames: readonly string[]): ModelManifest['trainingRanges'] =>
  Object.fromEntries(
    featureNames.map((name, feature) => {
      const known = columnOf(matrix, feature).filter((value) => !Number.isNaN(value));
      const [first = 0] = known;
      return [
        name,
        {
          min: known.reduce((least, value) => Math.min(least, value), first),
          max: known.reduce((most, value) => Math.max(most, value), first),
          missingShare: 1 - known.length / matrix.numRows,
        },
      ];
    }),
  );
