import type { FeatureMatrix } from '@lisible/tree-ensemble';
import { at } from './labelled-scores.ts';
import { StatisticsError } from './statistics-error.ts';

/** A model as these statistics see it: a number a row of the matrix, e.g. the margin. */
export type PredictMatrix = (matrix: FeatureMatrix) => ArrayLike<number>;

/** Rows handed to the model at a time, so that copies stay small. */
const rowsAtATime = 20_000;

const checkMatrix = ({ numFeatures, numRows, values }: FeatureMatrix, positions: readonly number[]): void => {
  if (numRows === 0) throw new StatisticsError('empty', 'no row');
  if (values.length !== numRows * numFeatures) throw new StatisticsError('lengths-differ', 'the matrix is not rows × features long');
  if (positions.some((position) => !Number.isInteger(position) || position < 0 || position >= numFeatures))
    throw new StatisticsError('argument-out-of-range', 'a feature is not in the matrix');
};

/** Predictions of every row with the features at `positions` replaced by each of the settings: setting-major, settings × rows. */
const predictWith = (
  predict: PredictMatrix,
  { numFeatures, numRows, values }: FeatureMatrix,
  positions: readonly number[],
  settings: readonly (readonly number[])[],
): Float64Array => {
  const predictions = new Float64Array(settings.length * numRows);
  const settingsAtATime = Math.max(1, Math.floor(rowsAtATime / numRows));
  for (let first = 0; first < settings.length; first += settingsAtATime) {
    const some = settings.slice(first, first + settingsAtATime);
    const changed = new Float32Array(some.length * values.length);
    for (const [index, setting] of some.entries()) {
      const start = index * values.length;
      changed.set(values, start);
      for (const [which, position] of positions.entries()) {
        const value = setting[which] ?? Number.NaN;
        for (let row = 0; row < numRows; row++) changed[start + row * numFeatures + position] = value;
      }
    }
    const predicted = predict({ numRows: some.length * numRows, numFeatures, values: changed });
    for (let index = 0; index < some.length * numRows; index++) predictions[first * numRows + index] = at(predicted, index);
  }
  return predictions;
};

export interface PartialDependence {
  readonly grid: readonly number[];
  /** Mean prediction over the rows at each value of the grid (Friedman, 2001). */
  readonly means: readonly number[];
  /**
   * Where a direction is given, over the individual curves (ICE; Goldstein et al., 2015): the share of steps from one value of the grid
   * to the next that go the other way, the share of rows with any such step, and the greatest of them; null otherwise.
   */
  readonly violations: { readonly shareOfSteps: number; readonly shareOfRows: number; readonly greatest: number } | null;
}

/**
 * Partial dependence of a model on one feature over an ascending grid of values, with a check of monotonicity row by row.
 * `direction`: whether predictions should rise or fall along the grid; null asks nothing. Costs grid × rows predictions.
 * @throws StatisticsError empty, lengths-differ, argument-out-of-range
 */
export const partialDependence = (
  predict: PredictMatrix,
  matrix: FeatureMatrix,
  position: number,
  grid: readonly number[],
  direction: 'rising' | 'falling' | null = null,
): PartialDependence => {
  checkMatrix(matrix, [position]);
  if (grid.length === 0) throw new StatisticsError('empty', 'no value in the grid');
  const { numRows } = matrix;
  const predictions = predictWith(
    predict,
    matrix,
    [position],
    grid.map((value) => [value]),
  );
  const means = grid.map((_, index) => {
    let sum = 0;
    for (let row = 0; row < numRows; row++) sum += at(predictions, index * numRows + row);
    return sum / numRows;
  });
  if (direction === null) return { grid, means, violations: null };
  const sign = direction === 'rising' ? 1 : -1;
  let steps = 0;
  let rows = 0;
  let greatest = 0;
  for (let row = 0; row < numRows; row++) {
    let ofRow = 0;
    for (let index = 1; index < grid.length; index++) {
      const move = sign * (at(predictions, index * numRows + row) - at(predictions, (index - 1) * numRows + row));
      if (move < 0) {
        ofRow++;
        greatest = Math.max(greatest, -move);
      }
    }
    steps += ofRow;
    if (ofRow > 0) rows++;
  }
  const allSteps = numRows * (grid.length - 1);
  return { grid, means, violations: { shareOfSteps: allSteps === 0 ? 0 : steps / allSteps, shareOfRows: rows / numRows, greatest } };
};

export interface Interaction {
  /** Positions of the two features in the matrix. */
  readonly first: number;
  readonly second: number;
  /** Friedman and Popescu's H²: the share of the variance of the joint partial dependence that is not the sum of the two alone; 0 is none. */
  readonly hSquared: number;
  /** √ of the unnormalised numerator's mean, in the prediction's unit: what H² of two weak features would hide. */
  readonly strength: number;
}

/**
 * H² of pairs of features (Friedman and Popescu, Annals of Applied Statistics 2, 2008, eq. 44) on the rows of the matrix, which should be
 * a small seeded sample: a pair costs rows² predictions, and so does each feature once. NaN where the joint dependence is flat.
 * @throws StatisticsError empty, lengths-differ, argument-out-of-range
 */
export const friedmanH = (predict: PredictMatrix, matrix: FeatureMatrix, pairs: readonly (readonly [number, number])[]): readonly Interaction[] => {
  checkMatrix(matrix, pairs.flat());
  const { numFeatures, numRows, values } = matrix;
  /** Partial dependence at each row's own values, centred on its mean. */
  const centredDependence = (positions: readonly number[]): Float64Array => {
    const settings = Array.from({ length: numRows }, (_, row) => positions.map((position) => at(values, row * numFeatures + position)));
    const predictions = predictWith(predict, matrix, positions, settings);
    const dependence = Float64Array.from(settings, (_, index) => {
      let sum = 0;
      for (let row = 0; row < numRows; row++) sum += at(predictions, index * numRows + row);
      return sum / numRows;
    });
    const mean = dependence.reduce((sum, value) => sum + value, 0) / numRows;
    return dependence.map((value) => value - mean);
  };
  const alone = new Map<number, Float64Array>();
  const dependenceOf = (position: number): Float64Array => {
    const known = alone.get(position) ?? centredDependence([position]);
    alone.set(position, known);
    return known;
  };
  return pairs.map(([first, second]) => {
    const joint = centredDependence([first, second]);
    const ofFirst = dependenceOf(first);
    const ofSecond = dependenceOf(second);
    let numerator = 0;
    let denominator = 0;
    for (let row = 0; row < numRows; row++) {
      numerator += (at(joint, row) - at(ofFirst, row) - at(ofSecond, row)) ** 2;
      denominator += at(joint, row) ** 2;
    }
    return { first, second, hSquared: numerator / denominator, strength: Math.sqrt(numerator / numRows) };
  });
};
