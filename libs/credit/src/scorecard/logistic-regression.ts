import { checkLabel, checkLengths } from '../statistics/labelled-scores.ts';
import { StatisticsError } from '../statistics/statistics-error.ts';
import { ScorecardError } from './scorecard-error.ts';
import { choleskyFactor, choleskyInverse, choleskySolve } from './cholesky.ts';

export interface LogisticOptions {
  /** Ridge penalty λ/2·Σβ² on the coefficients, the intercept spared; ≥ 0. */
  readonly lambdaL2: number;
  /** Intercept first, then a coefficient a column; zeros when absent. */
  readonly start?: readonly number[];
  /** Newton's method stops when the largest step falls below this, relative to 1 + the largest coefficient. */
  readonly tolerance?: number;
}

export interface LogisticFit {
  readonly intercept: number;
  readonly coefficients: readonly number[];
  /** Square roots of the diagonal of the inverse of the (penalised) information matrix: intercept first. */
  readonly standardErrors: readonly number[];
  /** Without the penalty, in nats. */
  readonly logLikelihood: number;
  readonly iterations: number;
}

const maxIterations = 60;
/** Rows worked on at a time, so that a block of every column stays in the processor's cache. */
const blockRows = 1024;
/** A linear predictor this far from 0 at a point that still moves means that the classes are being pulled apart. */
const separatedMargin = 25;

interface Curvature {
  readonly penalisedLoss: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly greatestMargin: number;
}

/** Loss, gradient and Hessian (lower triangle) of the penalised negative log-likelihood; column 0 of the design is the intercept. */
const curvatureAt = (columns: readonly Float64Array[], labels: ArrayLike<number>, beta: Float64Array, lambdaL2: number): Curvature => {
  const size = columns.length + 1;
  const rows = labels.length;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const margin = new Float64Array(blockRows);
  const weight = new Float64Array(blockRows);
  const residual = new Float64Array(blockRows);
  const weighted = new Float64Array(blockRows);
  let loss = 0;
  let greatestMargin = 0;
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start);
    margin.fill(beta[0] ?? 0);
    for (const [index, column] of columns.entries()) {
      const coefficient = beta[index + 1] ?? 0;
      for (let r = 0; r < count; r++) margin[r] = (margin[r] ?? 0) + coefficient * (column[start + r] ?? 0);
    }
    let interceptGradient = 0;
    let interceptHessian = 0;
    for (let r = 0; r < count; r++) {
      const m = margin[r] ?? 0;
      const label = labels[start + r] ?? 0;
      const small = Math.exp(-Math.abs(m));
      loss += Math.max(m, 0) + Math.log1p(small) - label * m;
      const probability = m >= 0 ? 1 / (1 + small) : small / (1 + small);
      const w = small / (1 + small) ** 2;
      weight[r] = w;
      residual[r] = probability - label;
      interceptGradient += probability - label;
      interceptHessian += w;
      greatestMargin = Math.max(greatestMargin, Math.abs(m));
    }
    gradient[0] = (gradient[0] ?? 0) + interceptGradient;
    hessian[0] = (hessian[0] ?? 0) + interceptHessian;
    for (let j = 1; j < size; j++) {
      const left = columns[j - 1];
      if (left === undefined) continue;
      let slope = 0;
      let cross = 0;
      for (let r = 0; r < count; r++) {
        const x = left[start + r] ?? 0;
        const wx = (weight[r] ?? 0) * x;
        weighted[r] = wx;
        cross += wx;
        slope += (residual[r] ?? 0) * x;
      }
      gradient[j] = (gradient[j] ?? 0) + slope;
      hessian[j * size] = (hessian[j * size] ?? 0) + cross;
      for (let k = 1; k <= j; k++) {
        const right = columns[k - 1];
        if (right === undefined) continue;
        let sum = 0;
        for (let r = 0; r < count; r++) sum += (weighted[r] ?? 0) * (right[start + r] ?? 0);
        hessian[j * size + k] = (hessian[j * size + k] ?? 0) + sum;
      }
    }
  }
  for (let j = 1; j < size; j++) {
    const coefficient = beta[j] ?? 0;
    loss += (lambdaL2 / 2) * coefficient * coefficient;
    gradient[j] = (gradient[j] ?? 0) + lambdaL2 * coefficient;
    hessian[j * size + j] = (hessian[j * size + j] ?? 0) + lambdaL2;
  }
  return { penalisedLoss: loss, gradient, hessian, greatestMargin };
};

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * Logistic regression of a 0/1 label on columns (one Float64Array a column, a number a row), by Newton's method, which for this
 * likelihood is iteratively reweighted least squares (McCullagh and Nelder, 1989), with a ridge penalty and step halving.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, one-class, score-not-finite (a value of a column)
 * @throws ScorecardError option-out-of-range, singular (columns that are combinations of others, or constant), separable (no finite
 * maximum), not-converged
 */
export const fitLogisticRegression = (columns: readonly Float64Array[], labels: ArrayLike<number>, options: LogisticOptions): LogisticFit => {
  const { lambdaL2, start, tolerance = 1e-10 } = options;
  if (!(lambdaL2 >= 0 && Number.isFinite(lambdaL2))) throw new ScorecardError('option-out-of-range', 'lambdaL2 must be a finite number, at least 0');
  if (!(tolerance > 0)) throw new ScorecardError('option-out-of-range', 'the tolerance must be positive');
  if (labels.length === 0) throw new StatisticsError('empty', 'no row');
  let positives = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? Number.NaN;
    checkLabel(label, row);
    positives += label;
  }
  if (positives === 0 || positives === labels.length) throw new StatisticsError('one-class', 'both classes are needed');
  for (const column of columns) {
    checkLengths(labels, column);
    // A sum is finite only where every part is, or overflows, which no regression survives either.
    let sum = 0;
    for (let row = 0; row < column.length; row++) sum += Math.abs(column[row] ?? Number.NaN);
    if (!Number.isFinite(sum)) throw new StatisticsError('score-not-finite', 'a column holds a value that is not finite');
  }

  const size = columns.length + 1;
  const beta = new Float64Array(size);
  if (start === undefined) beta[0] = Math.log(positives / (labels.length - positives));
  else beta.set(start.slice(0, size));
  let here = curvatureAt(columns, labels, beta, lambdaL2);
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    const factor = choleskyFactor(here.hessian, size);
    if (factor === null) {
      // Weights that have all but vanished look singular; columns that depend on each other are singular from the start.
      if (here.greatestMargin > separatedMargin) throw new ScorecardError('separable', 'the columns separate the two classes');
      throw new ScorecardError('singular', 'a column is constant or a combination of the others');
    }
    const step = choleskySolve(factor, here.gradient, size);
    let share = 1;
    let next = beta.map((value, index) => value - (step[index] ?? 0));
    let there = curvatureAt(columns, labels, next, lambdaL2);
    while (there.penalisedLoss > here.penalisedLoss + 1e-12 * Math.abs(here.penalisedLoss) && share > 1e-6) {
      share /= 2;
      const taken = share;
      next = beta.map((value, index) => value - taken * (step[index] ?? 0));
      there = curvatureAt(columns, labels, next, lambdaL2);
    }
    beta.set(next);
    here = there;
    if (share === 1 && largest(step) <= tolerance * (1 + largest(beta))) {
      const last = choleskyFactor(here.hessian, size);
      if (last === null) break;
      const inverse = choleskyInverse(last, size);
      let penalty = 0;
      for (let j = 1; j < size; j++) penalty += (lambdaL2 / 2) * (beta[j] ?? 0) ** 2;
      return {
        intercept: beta[0] ?? 0,
        coefficients: [...beta.subarray(1)],
        standardErrors: Array.from({ length: size }, (_, j) => Math.sqrt(inverse[j * size + j] ?? Number.NaN)),
        logLikelihood: penalty - here.penalisedLoss,
        iterations: iteration,
      };
    }
  }
  if (here.greatestMargin > separatedMargin) throw new ScorecardError('separable', 'the columns separate the two classes');
  throw new ScorecardError('not-converged', `no convergence within ${maxIterations} iterations`);
};
