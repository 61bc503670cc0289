import { percentileInterval, quantileOfSorted, type Interval } from './intervals.ts';
import { at } from './labelled-scores.ts';
import { createRandom } from './seeded-random.ts';
import { StatisticsError } from './statistics-error.ts';

export interface FeatureImportance {
  readonly featureName: string;
  /** 1 is the greatest mean |SHAP|. */
  readonly rank: number;
  /** On the log-odds, with a percentile bootstrap over rows. */
  readonly meanAbsoluteShap: Interval;
  /** 2.5 % and 97.5 % quantiles of the rank over resamples. */
  readonly rankLower: number;
  readonly rankUpper: number;
  /** Of all features' mean |SHAP|, 0..1. */
  readonly share: number;
}

const checkShape = (shapValues: ArrayLike<number>, numFeatures: number): number => {
  const rows = shapValues.length / numFeatures;
  if (shapValues.length === 0 || numFeatures === 0) throw new StatisticsError('empty', 'no attribution');
  if (!Number.isInteger(rows)) throw new StatisticsError('lengths-differ', `${shapValues.length} attributions do not make rows of ${numFeatures}`);
  return rows;
};

/**
 * Features by mean |SHAP| (Lundberg and Lee, 2017), greatest first, with 95 % intervals of the mean and of the rank from a bootstrap
 * over rows. `shapValues`: row-major, rows × features, on the log-odds.
 * @throws StatisticsError empty, lengths-differ, argument-out-of-range (resamples not a positive integer), score-not-finite
 */
export const featureImportances = (
  shapValues: ArrayLike<number>,
  featureNames: readonly string[],
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): readonly FeatureImportance[] => {
  const numFeatures = featureNames.length;
  const rows = checkShape(shapValues, numFeatures);
  if (!Number.isInteger(resamples) || resamples < 1) throw new StatisticsError('argument-out-of-range', 'resamples must be a positive integer');
  const absolute = new Float64Array(shapValues.length);
  for (let index = 0; index < absolute.length; index++) absolute[index] = Math.abs(at(shapValues, index));
  if (!absolute.every(Number.isFinite)) throw new StatisticsError('score-not-finite', 'an attribution is not finite');

  const means = new Float64Array(numFeatures);
  for (let index = 0; index < absolute.length; index++) means[index % numFeatures] = at(means, index % numFeatures) + at(absolute, index) / rows;
  const rankOf = (values: Float64Array): Uint32Array => {
    const order = Uint32Array.from(values, (_, feature) => feature).sort((a, b) => at(values, b) - at(values, a) || a - b);
    const ranks = new Uint32Array(numFeatures);
    for (const [place, feature] of order.entries()) ranks[feature] = place + 1;
    return ranks;
  };

  const random = createRandom(seed);
  const counts = new Uint32Array(rows);
  const drawnMeans = Array.from({ length: numFeatures }, () => new Float64Array(resamples));
  const drawnRanks = Array.from({ length: numFeatures }, () => new Float64Array(resamples));
  const sums = new Float64Array(numFeatures);
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let draw = 0; draw < rows; draw++) {
      const row = Math.floor((random.uint32() / 2 ** 32) * rows);
      counts[row] = at(counts, row) + 1;
    }
    sums.fill(0);
    for (let row = 0; row < rows; row++) {
      const weight = at(counts, row) / rows;
      if (weight === 0) continue;
      const start = row * numFeatures;
      for (let feature = 0; feature < numFeatures; feature++) sums[feature] = at(sums, feature) + weight * at(absolute, start + feature);
    }
    const ranks = rankOf(sums);
    for (let feature = 0; feature < numFeatures; feature++) {
      const ofMeans = drawnMeans[feature];
      const ofRanks = drawnRanks[feature];
      if (ofMeans !== undefined) ofMeans[resample] = at(sums, feature);
      if (ofRanks !== undefined) ofRanks[resample] = at(ranks, feature);
    }
  }
  const total = means.reduce((sum, mean) => sum + mean, 0);
  const ranks = rankOf(means);
  return featureNames
    .map((featureName, feature): FeatureImportance => {
      const rank = percentileInterval(at(ranks, feature), drawnRanks[feature] ?? []);
      return {
        featureName,
        rank: at(ranks, feature),
        meanAbsoluteShap: percentileInterval(at(means, feature), drawnMeans[feature] ?? []),
        rankLower: rank.lower,
        rankUpper: rank.upper,
        share: total > 0 ? at(means, feature) / total : 0,
      };
    })
    .sort((a, b) => a.rank - b.rank);
};

export interface DependenceBin {
  /** lowest ≤ value ≤ highest of the rows in the bin; a code for categories; null for missing values. */
  readonly members: { readonly lowest: number; readonly highest: number; readonly mean: number } | { readonly code: number } | null;
  readonly rows: number;
  readonly meanShap: number;
  /** 10 %, 50 % and 90 % quantiles of the attributions in the bin. */
  readonly lowShap: number;
  readonly medianShap: number;
  readonly highShap: number;
}

/**
 * How a feature's attribution depends on its value: rows in bins of about equal count (equal values kept together) or by code, missing
 * values last, with mean and quantiles of the attributions. `values` and `shapValues`: one a row.
 * @throws StatisticsError lengths-differ, empty, argument-out-of-range (bins not a positive integer)
 */
export const featureDependence = (
  values: ArrayLike<number>,
  shapValues: ArrayLike<number>,
  { bins = 20, kind = 'number' }: { readonly bins?: number; readonly kind?: 'number' | 'category' } = {},
): readonly DependenceBin[] => {
  if (values.length !== shapValues.length)
    throw new StatisticsError('lengths-differ', `${values.length} values for ${shapValues.length} attributions`);
  if (values.length === 0) throw new StatisticsError('empty', 'no row');
  if (!Number.isInteger(bins) || bins < 1) throw new StatisticsError('argument-out-of-range', 'bins must be a positive integer');
  const order = Uint32Array.from({ length: values.length }, (_, row) => row)
    .filter((row) => !Number.isNaN(at(values, row)))
    .sort((a, b) => at(values, a) - at(values, b) || a - b);
  const summarise = (rows: ArrayLike<number>, members: DependenceBin['members']): DependenceBin => {
    const sorted = Float64Array.from({ length: rows.length }, (_, place) => at(shapValues, at(rows, place))).sort();
    return {
      members,
      rows: rows.length,
      meanShap: sorted.reduce((sum, value) => sum + value, 0) / rows.length,
      lowShap: quantileOfSorted(sorted, 0.1),
      medianShap: quantileOfSorted(sorted, 0.5),
      highShap: quantileOfSorted(sorted, 0.9),
    };
  };
  const summaries: DependenceBin[] = [];
  for (let start = 0, bin = 0; start < order.length;) {
    let end = start + 1;
    if (kind === 'number') {
      while (bin < bins && Math.floor(((bin + 1) * order.length) / bins) <= start) bin++;
      end = Math.max(end, Math.floor(((bin + 1) * order.length) / bins));
    }
    while (end < order.length && at(values, at(order, end)) === at(values, at(order, end - 1))) end++;
    const rows = order.subarray(start, end);
    const lowest = at(values, at(order, start));
    const mean = rows.reduce((sum, row) => sum + at(values, row), 0) / rows.length;
    summaries.push(summarise(rows, kind === 'category' ? { code: lowest } : { lowest, highest: at(values, at(order, end - 1)), mean }));
    start = end;
  }
  const missing = Uint32Array.from({ length: values.length }, (_, row) => row).filter((row) => Number.isNaN(at(values, row)));
  return missing.length === 0 ? summaries : [...summaries, summarise(missing, null)];
};
