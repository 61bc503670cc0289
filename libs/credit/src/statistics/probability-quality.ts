import { at, checkLabel, checkLengths, checkProbabilities, groupByScore } from './labelled-scores.ts';
import { StatisticsError } from './statistics-error.ts';

const check = (labels: ArrayLike<number>, probabilities: ArrayLike<number>): void => {
  checkLengths(labels, probabilities);
  checkProbabilities(probabilities);
  for (let row = 0; row < labels.length; row++) checkLabel(at(labels, row), row);
};

/**
 * Mean squared distance between probability and label (Brier, 1950); 0..1, smaller is better.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range
 */
export const brierScore = (labels: ArrayLike<number>, probabilities: ArrayLike<number>): number => {
  check(labels, probabilities);
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += (at(probabilities, row) - at(labels, row)) ** 2;
  return sum / labels.length;
};

/**
 * Mean negative log-likelihood in nats. Probabilities are kept 2.2e-16 away from 0 and 1, as scikit-learn's `log_loss` does,
 * so that one certain mistake costs 36 rather than infinity.
 * @throws StatisticsError as brierScore
 */
export const logLoss = (labels: ArrayLike<number>, probabilities: ArrayLike<number>): number => {
  check(labels, probabilities);
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const probability = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, at(probabilities, row)));
    sum -= at(labels, row) === 1 ? Math.log(probability) : Math.log(1 - probability);
  }
  return sum / labels.length;
};

/**
 * Expected calibration error over bins of equal count: rows sorted by probability, bin b holds ranks ⌊b·n/bins⌋ to ⌊(b+1)·n/bins⌋ − 1,
 * and the error is Σ (rows of bin / n) · |mean probability − share defaulted|; 0..1. Rows that tie share their mean label, so
 * that the order of rows changes nothing. With fewer rows than bins there is a bin for each row.
 * @throws StatisticsError as brierScore, and argument-out-of-range when `bins` is not a positive integer
 */
export const expectedCalibrationError = (labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10): number => {
  if (!Number.isInteger(bins) || bins < 1) throw new StatisticsError('argument-out-of-range', 'bins must be a positive integer');
  check(labels, probabilities);
  const { groups, rows } = groupByScore(labels, probabilities);
  const numBins = Math.min(bins, rows);
  const gaps = new Float64Array(numBins);
  let bin = 0;
  let rank = 0;
  for (const { score, positives, negatives } of groups) {
    const share = positives / (positives + negatives);
    const end = rank + positives + negatives;
    while (rank < end) {
      const binEnd = Math.floor(((bin + 1) * rows) / numBins);
      const taken = Math.min(end, binEnd) - rank;
      gaps[bin] = at(gaps, bin) + taken * (score - share);
      rank += taken;
      if (rank === binEnd) bin++;
    }
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / rows;
};
