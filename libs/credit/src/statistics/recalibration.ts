import { fitLogisticRegression } from '../scorecard/logistic-regression.ts';
import { fitAffineCalibration } from './calibration.ts';
import { at, checkBothClasses, checkLengths, checkProbabilities, groupByScore } from './labelled-scores.ts';
import { StatisticsError } from './statistics-error.ts';

/** A map from probability to probability. */
export type CalibrationMap = (probability: number) => number;

/** A step of the isotonic fit: probabilities lowest..highest all become `value`. */
export interface IsotonicBlock {
  readonly lowest: number;
  readonly highest: number;
  readonly value: number;
  readonly rows: number;
}

/**
 * Isotonic regression of the label on the probability by pooling adjacent violators (Ayer et al., 1955; Barlow et al., 1972): the
 * closest steps that never fall, in ascending order.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range
 */
export const fitIsotonic = (labels: ArrayLike<number>, probabilities: ArrayLike<number>): readonly IsotonicBlock[] => {
  checkProbabilities(probabilities);
  const blocks: { lowest: number; highest: number; positives: number; rows: number }[] = [];
  for (const { negatives, positives, score } of groupByScore(labels, probabilities).groups) {
    let block = { lowest: score, highest: score, positives, rows: positives + negatives };
    let previous = blocks.at(-1);
    // Means compared by their cross products: whole numbers, so exactly.
    while (previous !== undefined && previous.positives * block.rows >= block.positives * previous.rows) {
      block = {
        lowest: previous.lowest,
        highest: block.highest,
        positives: previous.positives + block.positives,
        rows: previous.rows + block.rows,
      };
      blocks.pop();
      previous = blocks.at(-1);
    }
    blocks.push(block);
  }
  return blocks.map(({ highest, lowest, positives, rows }) => ({ lowest, highest, value: positives / rows, rows }));
};

/** The isotonic fit between its blocks by straight lines, beyond them flat (scikit-learn's `IsotonicRegression(out_of_bounds='clip')`). */
export const isotonicMap = (blocks: readonly IsotonicBlock[]): CalibrationMap => {
  const first = blocks[0];
  if (first === undefined) throw new StatisticsError('empty', 'no block');
  return (probability) => {
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((blocks[middle]?.lowest ?? Infinity) <= probability) low = middle + 1;
      else high = middle;
    }
    const block = blocks[low - 1] ?? first;
    const next = blocks[low];
    if (next === undefined || probability <= block.highest) return block.value;
    return block.value + ((probability - block.highest) / (next.lowest - block.highest)) * (next.value - block.value);
  };
};

/** logit of the calibrated probability = a·ln p − b·ln(1 − p) + c. */
export interface BetaCalibration {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Keeps logarithms finite at certainty. */
const kept = (probability: number): number => Math.min(1 - 1e-15, Math.max(1e-15, probability));

/**
 * Beta calibration (Kull, Silva Filho and Flach, AISTATS 2017): a logistic regression on ln p and −ln(1 − p) with a, b ≥ 0; as in their
 * method, where one comes out negative it is set to 0 and the other fitted again.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, one-class
 * @throws ScorecardError separable, singular, not-converged
 */
export const fitBetaCalibration = (labels: ArrayLike<number>, probabilities: ArrayLike<number>): BetaCalibration => {
  checkLengths(labels, probabilities);
  checkProbabilities(probabilities);
  const ofDefault = Float64Array.from(probabilities, (probability) => Math.log(kept(probability)));
  const ofRepayment = Float64Array.from(probabilities, (probability) => -Math.log1p(-kept(probability)));
  const fit = (columns: readonly Float64Array[]): readonly number[] => {
    const { coefficients, intercept } = fitLogisticRegression(columns, labels, { lambdaL2: 0 });
    return [intercept, ...coefficients];
  };
  const [c = 0, a = 0, b = 0] = fit([ofDefault, ofRepayment]);
  if (a >= 0 && b >= 0) return { a, b, c };
  const isWithoutA = a < 0;
  const [intercept = 0, coefficient = 0] = fit([isWithoutA ? ofRepayment : ofDefault]);
  const remaining = Math.max(0, coefficient);
  return isWithoutA ? { a: 0, b: remaining, c: intercept } : { a: remaining, b: 0, c: intercept };
};

export const betaMap =
  ({ a, b, c }: BetaCalibration): CalibrationMap =>
  (probability) =>
    1 / (1 + Math.exp(-(a * Math.log(kept(probability)) - b * Math.log1p(-kept(probability)) + c)));

export type RecalibrationMethod = 'affine' | 'isotonic' | 'beta';

const fitMap = (method: RecalibrationMethod, labels: readonly number[], probabilities: readonly number[]): CalibrationMap => {
  switch (method) {
    case 'isotonic':
      return isotonicMap(fitIsotonic(labels, probabilities));
    case 'beta':
      return betaMap(fitBetaCalibration(labels, probabilities));
    case 'affine': {
      const toMargin = (probability: number): number => Math.log(kept(probability)) - Math.log1p(-kept(probability));
      const { intercept, slope } = fitAffineCalibration(probabilities.map(toMargin), labels);
      return (probability) => 1 / (1 + Math.exp(-(slope * toMargin(probability) + intercept)));
    }
  }
};

/**
 * Probabilities recalibrated by a method, each fold by the map fitted on the other folds. `folds`: a whole number a row; any labels
 * will do, at least two of them.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, one-class (of the rows outside a fold),
 * argument-out-of-range (a single fold), and as fitAffineCalibration; ScorecardError as fitBetaCalibration
 */
export const recalibrateCrossFitted = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  folds: ArrayLike<number>,
  method: RecalibrationMethod,
): Float64Array => {
  checkLengths(labels, folds);
  checkBothClasses(groupByScore(labels, probabilities));
  const names = new Set(Array.from(folds));
  if (names.size < 2) throw new StatisticsError('argument-out-of-range', 'cross-fitting needs at least two folds');
  const recalibrated = new Float64Array(labels.length);
  for (const fold of names) {
    const otherLabels: number[] = [];
    const otherProbabilities: number[] = [];
    for (let row = 0; row < labels.length; row++) {
      if (at(folds, row) === fold) continue;
      otherLabels.push(at(labels, row));
      otherProbabilities.push(at(probabilities, row));
    }
    const map = fitMap(method, otherLabels, otherProbabilities);
    for (let row = 0; row < labels.length; row++) if (at(folds, row) === fold) recalibrated[row] = map(at(probabilities, row));
  }
  return recalibrated;
};
