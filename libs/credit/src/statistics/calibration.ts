import { at, checkLabel, checkLengths } from './labelled-scores.ts';
import { StatisticsError } from './statistics-error.ts';

/** margin' = slope · margin + intercept, on the log-odds. */
export interface AffineCalibration {
  readonly slope: number;
  readonly intercept: number;
}

const checkMargins = (labels: ArrayLike<number>, margins: ArrayLike<number>): { readonly positives: number; readonly negatives: number } => {
  checkLengths(labels, margins);
  let positives = 0;
  for (let row = 0; row < labels.length; row++) {
    checkLabel(at(labels, row), row);
    positives += at(labels, row);
    if (!Number.isFinite(at(margins, row))) throw new StatisticsError('score-not-finite', `the margin of row ${row} is not finite`);
  }
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new StatisticsError('one-class', `both classes are needed: ${positives} positives, ${negatives} negatives`);
  }
  return { positives, negatives };
};

const maxIterations = 100;

/**
 * Maximum-likelihood logistic regression of a target in 0..1 on the margin: Newton's method (iteratively reweighted least
 * squares) on the standardised margin, halving a step that lowers the likelihood, until the step is lost in rounding.
 */
const fitLogistic = (margins: ArrayLike<number>, target: (row: number) => number): AffineCalibration => {
  const rows = margins.length;
  let mean = 0;
  for (let row = 0; row < rows; row++) mean += at(margins, row) / rows;
  let variance = 0;
  for (let row = 0; row < rows; row++) variance += (at(margins, row) - mean) ** 2 / rows;
  const scale = Math.sqrt(variance);
  if (!(scale > 0)) throw new StatisticsError('slope-not-positive', 'all margins are equal: no slope can be fitted');

  const negativeLogLikelihood = (slope: number, intercept: number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const margin = slope * ((at(margins, row) - mean) / scale) + intercept;
      // log(1 + e^m) − t·m without overflow
      sum += Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - target(row) * margin;
    }
    return sum;
  };

  let slope = 0;
  let intercept = 0;
  let loss = negativeLogLikelihood(slope, intercept);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    let gradientSlope = 0;
    let gradientIntercept = 0;
    let hessianSlope = 0;
    let hessianCross = 0;
    let hessianIntercept = 0;
    for (let row = 0; row < rows; row++) {
      const x = (at(margins, row) - mean) / scale;
      const probability = 1 / (1 + Math.exp(-(slope * x + intercept)));
      const residual = probability - target(row);
      const weight = probability * (1 - probability);
      gradientSlope += residual * x;
      gradientIntercept += residual;
      hessianSlope += weight * x * x;
      hessianCross += weight * x;
      hessianIntercept += weight;
    }
    const determinant = hessianSlope * hessianIntercept - hessianCross * hessianCross;
    if (!(determinant > 1e-14 * rows * rows)) break;
    const stepSlope = (hessianIntercept * gradientSlope - hessianCross * gradientIntercept) / determinant;
    const stepIntercept = (hessianSlope * gradientIntercept - hessianCross * gradientSlope) / determinant;
    let size = 1;
    let nextLoss = negativeLogLikelihood(slope - stepSlope, intercept - stepIntercept);
    while (nextLoss > loss + 1e-12 * Math.abs(loss) && size > 1e-6) {
      size /= 2;
      nextLoss = negativeLogLikelihood(slope - size * stepSlope, intercept - size * stepIntercept);
    }
    slope -= size * stepSlope;
    intercept -= size * stepIntercept;
    loss = nextLoss;
    if (Math.abs(stepSlope) + Math.abs(stepIntercept) <= 1e-12 * (1 + Math.abs(slope) + Math.abs(intercept))) {
      return { slope: slope / scale, intercept: intercept - (slope * mean) / scale };
    }
  }
  throw new StatisticsError('separable', 'the margin separates the two classes: the likelihood has no maximum');
};

/**
 * How far margins are from calibrated: the logistic regression of the label on the margin (Cox, 1958); slope 1 and intercept 0
 * when calibrated, a slope under 1 means predictions too extreme.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, score-not-finite, one-class, separable, and slope-not-positive when all margins are equal
 */
export const calibrationSlopeIntercept = (labels: ArrayLike<number>, margins: ArrayLike<number>): AffineCalibration => {
  checkMargins(labels, margins);
  return fitLogistic(margins, (row) => at(labels, row));
};

/**
 * Platt scaling on the margin (Platt, 1999): logistic regression on his smoothed targets (N₊+1)/(N₊+2) and 1/(N₋+2), which
 * keep the fit finite when the margin separates the classes. The slope is positive, so that ranking never changes.
 * @throws StatisticsError as calibrationSlopeIntercept, and slope-not-positive when risk falls as the margin grows
 */
export const fitAffineCalibration = (margins: ArrayLike<number>, labels: ArrayLike<number>): AffineCalibration => {
  const { positives, negatives } = checkMargins(labels, margins);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const fitted = fitLogistic(margins, (row) => (at(labels, row) === 1 ? high : low));
  if (!(fitted.slope > 0))
    throw new StatisticsError('slope-not-positive', 'risk does not grow with the margin: the model ranks no better than chance');
  return fitted;
};
