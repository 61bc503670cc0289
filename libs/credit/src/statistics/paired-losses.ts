import { normalInterval, type Interval } from './intervals.ts';
import { at, checkLabel, checkLengths, checkProbabilities } from './labelled-scores.ts';
import { checkCost, type MisclassificationCost } from './misclassification.ts';
import { StatisticsError } from './statistics-error.ts';

const checkPair = (labels: ArrayLike<number>, first: ArrayLike<number>, second: ArrayLike<number>): void => {
  checkLengths(labels, first);
  checkLengths(labels, second);
  if (labels.length < 2) throw new StatisticsError('class-too-small', 'a mean’s interval needs two rows');
  checkProbabilities(first);
  checkProbabilities(second);
  for (let row = 0; row < labels.length; row++) checkLabel(at(labels, row), row);
};

/** Mean of one number a row, ± 1.96 standard errors (sample variance; statsmodels' `DescrStatsW.zconfint_mean`). */
const meanInterval = (rows: number, valueOf: (row: number) => number): Interval => {
  let mean = 0;
  let squares = 0;
  // Welford's update: no cancellation between sums of squares.
  for (let row = 0; row < rows; row++) {
    const distance = valueOf(row) - mean;
    mean += distance / (row + 1);
    squares += distance * (valueOf(row) - mean);
  }
  return normalInterval(mean, Math.sqrt(squares / (rows - 1) / rows));
};

const lossOf = (label: number, probability: number): number => {
  const kept = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability));
  return -(label === 1 ? Math.log(kept) : Math.log(1 - kept));
};

/**
 * Log loss of the first model less that of the second, paired by row, with its 95 % normal interval; below 0 the first is better.
 * Probabilities are kept from 0 and 1 as in `logLoss`.
 * @throws StatisticsError lengths-differ, empty, class-too-small (one row), label-not-binary, probability-out-of-range
 */
export const compareLogLoss = (labels: ArrayLike<number>, first: ArrayLike<number>, second: ArrayLike<number>): Interval => {
  checkPair(labels, first, second);
  return meanInterval(labels.length, (row) => lossOf(at(labels, row), at(first, row)) - lossOf(at(labels, row), at(second, row)));
};

/**
 * Cost per application of the first model less that of the second, both declining from `threshold` on, paired by row, with its 95 % normal
 * interval; below 0 the first is cheaper.
 * @throws StatisticsError as compareLogLoss, and argument-out-of-range
 */
export const compareCosts = (
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  threshold: number,
  cost: MisclassificationCost,
): Interval => {
  checkPair(labels, first, second);
  checkCost(cost);
  if (!(threshold >= 0 && threshold <= 1)) throw new StatisticsError('argument-out-of-range', 'the threshold must be within 0..1');
  const costOf = (label: number, probability: number): number => {
    if (probability >= threshold) return label === 0 ? cost.falsePositive : 0;
    return label === 1 ? cost.falseNegative : 0;
  };
  return meanInterval(labels.length, (row) => costOf(at(labels, row), at(first, row)) - costOf(at(labels, row), at(second, row)));
};
