import { chiSquarePValue, normalTwoSidedPValue } from './distributions.ts';
import { logNormalInterval, wilsonInterval, type Interval } from './intervals.ts';
import { at, checkLabel, checkLengths, checkProbabilities, groupByScore } from './labelled-scores.ts';
import { equalCountBins, equalWidthBins, type ScoreBin } from './score-bins.ts';
import { StatisticsError } from './statistics-error.ts';

/** Defaults observed against those expected. Counts may be fractions where a tie spans two bins. */
export interface ObservedToExpected {
  readonly rows: number;
  readonly observed: number;
  /** Sum of the probabilities. */
  readonly expected: number;
  /**
   * observed / expected with the 95 % interval of Debray et al. (BMJ 356, 2017): standard error √((1 − observed/rows)/observed) of the
   * logarithm. Null where no default was observed or none expected: the ratio then has no such interval.
   */
  readonly ratio: Interval | null;
}

export interface ReliabilityBin extends ObservedToExpected {
  readonly lowestProbability: number;
  readonly highestProbability: number;
  readonly meanProbability: number;
  /** With Wilson's interval. */
  readonly defaultRate: Interval;
}

const ratioOf = (rows: number, observed: number, expected: number): ObservedToExpected => ({
  rows,
  observed,
  expected,
  ratio: observed > 0 && expected > 0 ? logNormalInterval(observed / expected, Math.sqrt(Math.max(0, 1 - observed / rows) / observed)) : null,
});

const describeBin = ({ highest, lowest, positives, rows, scoreSum }: ScoreBin): ReliabilityBin => ({
  ...ratioOf(rows, positives, scoreSum),
  lowestProbability: lowest,
  highestProbability: highest,
  meanProbability: scoreSum / rows,
  defaultRate: wilsonInterval(Math.min(positives, rows), rows),
});

const groupProbabilities = (labels: ArrayLike<number>, probabilities: ArrayLike<number>) => {
  checkProbabilities(probabilities);
  return groupByScore(labels, probabilities);
};

/**
 * Observed over expected defaults among rows with `from` ≤ probability < `to` (all rows by default; at `to` = 1 it is ≤): overall, or
 * in a window around the threshold. Null when no row lies there.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, argument-out-of-range
 */
export const observedToExpected = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  window: { readonly from: number; readonly to: number } = { from: 0, to: 1 },
): ObservedToExpected | null => {
  const { from, to } = window;
  if (!(from >= 0 && from < to && to <= 1)) throw new StatisticsError('argument-out-of-range', 'a window needs 0 ≤ from < to ≤ 1');
  let rows = 0;
  let observed = 0;
  let expected = 0;
  for (const { negatives, positives, score } of groupProbabilities(labels, probabilities).groups) {
    if (score < from || (score >= to && to < 1)) continue;
    rows += positives + negatives;
    observed += positives;
    expected += (positives + negatives) * score;
  }
  return rows === 0 ? null : ratioOf(rows, observed, expected);
};

/**
 * Data of a reliability diagram: bins of equal count (the default) or of equal width, in ascending order of probability, each with
 * its mean probability, default rate (Wilson) and observed over expected.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, argument-out-of-range
 */
export const reliabilityBins = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
  binning: 'equal-count' | 'equal-width' = 'equal-count',
): readonly ReliabilityBin[] => {
  const sample = groupProbabilities(labels, probabilities);
  return (binning === 'equal-count' ? equalCountBins(sample, bins) : equalWidthBins(sample, bins)).map(describeBin);
};

const errorOver = (bins: readonly ScoreBin[], rows: number): number =>
  bins.reduce((sum, bin) => sum + Math.abs(bin.scoreSum - bin.positives), 0) / rows;

/**
 * Expected calibration error over bins of equal width (Naeini et al., 2015; Guo et al., 2017), beside the one over bins of equal count
 * that the house reports; 0..1.
 * @throws StatisticsError as reliabilityBins
 */
export const equalWidthCalibrationError = (labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10): number => {
  const sample = groupProbabilities(labels, probabilities);
  return errorOver(equalWidthBins(sample, bins), sample.rows);
};

/**
 * Calibration error that adapts its number of bins to the data, the monotonic sweep of Roelofs et al. (AISTATS 2022) in the L1 norm:
 * over equal-count bins, as many (at most `maxBins`) as still have default rates that never fall from bin to bin. 0..1.
 * @throws StatisticsError as reliabilityBins
 */
export const adaptiveCalibrationError = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  maxBins = 100,
): { readonly value: number; readonly bins: number } => {
  const sample = groupProbabilities(labels, probabilities);
  let kept = equalCountBins(sample, 1);
  for (let bins = 2; bins <= Math.min(maxBins, sample.rows); bins++) {
    const next = equalCountBins(sample, bins);
    const rates = next.map(({ positives, rows }) => positives / rows);
    if (rates.some((rate, index) => index > 0 && rate < (rates[index - 1] ?? 0) - 1e-15)) break;
    kept = next;
  }
  return { value: errorOver(kept, sample.rows), bins: kept.length };
};

/**
 * Spiegelhalter's test of calibration (Statistics in Medicine 5, 1986): z = Σ(y − p)(1 − 2p) / √Σ(1 − 2p)² p(1 − p), standard normal when
 * the probabilities are right; two-sided p-value.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, argument-out-of-range (no row with a
 * probability other than 0, ½ and 1: z has no variance)
 */
export const spiegelhalterTest = (labels: ArrayLike<number>, probabilities: ArrayLike<number>): { readonly z: number; readonly pValue: number } => {
  checkLengths(labels, probabilities);
  checkProbabilities(probabilities);
  let numerator = 0;
  let variance = 0;
  for (let row = 0; row < labels.length; row++) {
    checkLabel(at(labels, row), row);
    const probability = at(probabilities, row);
    const tilt = 1 - 2 * probability;
    numerator += (at(labels, row) - probability) * tilt;
    variance += tilt * tilt * probability * (1 - probability);
  }
  if (!(variance > 0)) throw new StatisticsError('argument-out-of-range', 'every probability is 0, ½ or 1: the test has no variance');
  const z = numerator / Math.sqrt(variance);
  return { z, pValue: normalTwoSidedPValue(z) };
};

export interface HosmerLemeshow {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/**
 * Hosmer and Lemeshow's test over bins of equal count: Σ (O − E)² / (n p̄ (1 − p̄)). Degrees of freedom: as many as bins for
 * probabilities that were not fitted on these rows (out of fold), two fewer for those that were (Hosmer, Lemeshow and Sturdivant,
 * 2013, 5.2.2).
 * @throws StatisticsError as reliabilityBins, and argument-out-of-range when a bin expects no default or nothing but defaults, or no
 * degree of freedom is left
 */
export const hosmerLemeshow = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { areFittedOnRows, bins = 10 }: { readonly areFittedOnRows: boolean; readonly bins?: number },
): HosmerLemeshow => {
  const groups = equalCountBins(groupProbabilities(labels, probabilities), bins);
  const degreesOfFreedom = groups.length - (areFittedOnRows ? 2 : 0);
  if (degreesOfFreedom < 1) throw new StatisticsError('argument-out-of-range', 'no degree of freedom is left');
  let statistic = 0;
  for (const { positives, rows, scoreSum } of groups) {
    const mean = scoreSum / rows;
    if (!(mean > 0 && mean < 1)) throw new StatisticsError('argument-out-of-range', 'a bin expects no default, or nothing but defaults');
    statistic += (positives - scoreSum) ** 2 / (rows * mean * (1 - mean));
  }
  return { statistic, degreesOfFreedom, pValue: chiSquarePValue(statistic, degreesOfFreedom) };
};
