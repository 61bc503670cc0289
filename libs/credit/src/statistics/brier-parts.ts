import { checkProbabilities, groupByScore } from './labelled-scores.ts';
import { brierScore } from './probability-quality.ts';
import { equalCountBins } from './score-bins.ts';
import { StatisticsError } from './statistics-error.ts';

/** brierScore = reliability − resolution + uncertainty + withinBinVariance − withinBinCovariance. */
export interface BrierParts {
  readonly brierScore: number;
  /** Distance between each bin's mean probability and its default rate; smaller is better. */
  readonly reliability: number;
  /** Distance between the bins' default rates and the overall one; greater is better. */
  readonly resolution: number;
  /** Default rate · (1 − default rate): what nobody can change. */
  readonly uncertainty: number;
  /** Spread of the probabilities within bins. */
  readonly withinBinVariance: number;
  /** What that spread earns: twice the covariance of probability and label within bins. */
  readonly withinBinCovariance: number;
}

/**
 * Parts of the Brier score over bins of equal count: reliability, resolution, uncertainty (Murphy, 1973), and the two terms within
 * bins (Stephenson, Coelho and Jolliffe, Weather and Forecasting 23, 2008) with which the sum is exact.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, argument-out-of-range
 */
export const brierParts = (labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10): BrierParts => {
  checkProbabilities(probabilities);
  const sample = groupByScore(labels, probabilities);
  const { positives: defaults, rows } = sample;
  const rate = defaults / rows;
  let reliability = 0;
  let resolution = 0;
  let withinBinVariance = 0;
  let withinBinCovariance = 0;
  for (const bin of equalCountBins(sample, bins)) {
    const mean = bin.scoreSum / bin.rows;
    const binRate = bin.positives / bin.rows;
    reliability += (bin.rows * (mean - binRate) ** 2) / rows;
    resolution += (bin.rows * (binRate - rate) ** 2) / rows;
    withinBinVariance += Math.max(0, bin.scoreSquares - bin.rows * mean * mean) / rows;
    withinBinCovariance += (2 * (bin.crossProducts - bin.rows * mean * binRate)) / rows;
  }
  return {
    brierScore: brierScore(labels, probabilities),
    reliability,
    resolution,
    uncertainty: rate * (1 - rate),
    withinBinVariance,
    withinBinCovariance,
  };
};

/**
 * Brier skill score against the default rate given to everybody: 1 − Brier / (rate · (1 − rate)); at most 1, 0 is no better than that.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, one-class
 */
export const brierSkillScore = (labels: ArrayLike<number>, probabilities: ArrayLike<number>): number => {
  const score = brierScore(labels, probabilities);
  let defaults = 0;
  for (let row = 0; row < labels.length; row++) defaults += labels[row] ?? 0;
  const rate = defaults / labels.length;
  if (rate === 0 || rate === 1) throw new StatisticsError('one-class', 'both classes are needed');
  return 1 - score / (rate * (1 - rate));
};
