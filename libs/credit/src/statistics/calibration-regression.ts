import { calibrationSlopeIntercept } from './calibration.ts';
import { normalInterval, type Interval } from './intervals.ts';
import { at, checkLabel, checkLengths } from './labelled-scores.ts';
import { StatisticsError } from './statistics-error.ts';

export interface CalibrationRegression {
  readonly slope: Interval;
  readonly intercept: Interval;
  readonly slopeStandardError: number;
  readonly interceptStandardError: number;
  /** Intercept with the slope held at 1: above 0, the probabilities are too low on the whole. */
  readonly calibrationInTheLarge: Interval;
  readonly calibrationInTheLargeStandardError: number;
}

const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** The shift that makes Σ sigmoid(margin + shift) the number of defaults, by Newton's method within a bracket; and Σ p(1−p) there. */
const fitShift = (labels: ArrayLike<number>, margins: ArrayLike<number>): { readonly shift: number; readonly information: number } => {
  let defaults = 0;
  for (let row = 0; row < labels.length; row++) defaults += at(labels, row);
  let low = -Infinity;
  let high = Infinity;
  let shift = 0;
  for (let iteration = 0; iteration < 200; iteration++) {
    let expected = 0;
    let information = 0;
    for (let row = 0; row < labels.length; row++) {
      const probability = sigmoid(at(margins, row) + shift);
      expected += probability;
      information += probability * (1 - probability);
    }
    const excess = expected - defaults;
    if (excess > 0) high = shift;
    else low = shift;
    let next = shift - excess / information;
    // Newton may leap out of the bracket where the curve is flat; a bounded step and halving bring it back.
    if (!(Math.abs(next - shift) <= 4)) next = shift - 4 * Math.sign(excess);
    if (next <= low || next >= high) next = Number.isFinite(low) && Number.isFinite(high) ? (low + high) / 2 : next;
    if (Math.abs(next - shift) <= 1e-13 * (1 + Math.abs(shift))) return { shift: next, information };
    shift = next;
  }
  throw new StatisticsError('separable', 'no shift makes the expected defaults the observed ones');
};

/**
 * Cox's calibration regression (1958) with standard errors from the inverse information and 95 % Wald intervals: the slope and
 * intercept of `calibrationSlopeIntercept`, and the calibration in the large. `margins`: log-odds, one a row.
 * @throws StatisticsError as calibrationSlopeIntercept
 */
export const calibrationRegression = (labels: ArrayLike<number>, margins: ArrayLike<number>): CalibrationRegression => {
  const { intercept, slope } = calibrationSlopeIntercept(labels, margins);
  const rows = labels.length;
  let mean = 0;
  for (let row = 0; row < rows; row++) mean += at(margins, row) / rows;
  // Around the mean margin, so that large margins do not cancel each other.
  let ofSlope = 0;
  let ofBoth = 0;
  let ofIntercept = 0;
  for (let row = 0; row < rows; row++) {
    const x = at(margins, row) - mean;
    const probability = sigmoid(slope * at(margins, row) + intercept);
    const weight = probability * (1 - probability);
    ofSlope += weight * x * x;
    ofBoth += weight * x;
    ofIntercept += weight;
  }
  const determinant = ofSlope * ofIntercept - ofBoth * ofBoth;
  const slopeVariance = ofIntercept / determinant;
  const centredVariance = ofSlope / determinant;
  const covariance = -ofBoth / determinant;
  const slopeStandardError = Math.sqrt(slopeVariance);
  const interceptStandardError = Math.sqrt(centredVariance - 2 * mean * covariance + mean * mean * slopeVariance);
  const { information, shift } = fitShift(labels, margins);
  const calibrationInTheLargeStandardError = 1 / Math.sqrt(information);
  return {
    slope: normalInterval(slope, slopeStandardError),
    intercept: normalInterval(intercept, interceptStandardError),
    slopeStandardError,
    interceptStandardError,
    calibrationInTheLarge: normalInterval(shift, calibrationInTheLargeStandardError),
    calibrationInTheLargeStandardError,
  };
};

/**
 * The calibration in the large alone: the logistic intercept with the margin as offset, 95 % Wald interval.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, score-not-finite, one-class, separable
 */
export const calibrationInTheLarge = (labels: ArrayLike<number>, margins: ArrayLike<number>): Interval => {
  checkLengths(labels, margins);
  let defaults = 0;
  for (let row = 0; row < labels.length; row++) {
    checkLabel(at(labels, row), row);
    defaults += at(labels, row);
    if (!Number.isFinite(at(margins, row))) throw new StatisticsError('score-not-finite', `the margin of row ${row} is not finite`);
  }
  if (defaults === 0 || defaults === labels.length) throw new StatisticsError('one-class', 'both classes are needed');
  const { information, shift } = fitShift(labels, margins);
  return normalInterval(shift, 1 / Math.sqrt(information));
};
