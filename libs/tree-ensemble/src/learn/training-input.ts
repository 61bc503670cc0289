import { maxCategoryCode } from './category-bins.ts';
import { TreeEnsembleError } from '../errors.ts';
import { checkMatrix } from '../feature-matrix.ts';
import { checkHyperParameters, type HyperParameters } from './hyper-parameters.ts';
import type { TrainingProgress } from './training-result.ts';
import type { FeatureMatrix } from '../tree-ensemble.ts';

/** Sums of quantised gradients over so many rows are exact. */
const maxRows = 2 ** 25;
/** Squares of sums of gradients stay far from overflow. */
const maxWeight = 1e30;

export interface LabelledMatrix {
  readonly matrix: FeatureMatrix;
  /** 0 or 1 per row. */
  readonly labels: Uint8Array;
  /** Per row, how many times it counts in gradients, base value and validation loss; 0 to 1e30, not all of them 0. Absent = 1 each. */
  readonly weights?: ArrayLike<number>;
}

export interface TrainingInput extends LabelledMatrix {
  readonly featureNames: readonly string[];
  readonly hyperParameters: HyperParameters;
  /**
   * -1, 0 or +1 a feature, LightGBM's `monotone_constraints` (method `basic`): +1 where the margin may not fall as the value
   * grows, all else equal, -1 where it may not rise. It holds over known values, infinities included; missing values are
   * on neither side of the known ones and may have any margin. Absent = no constraint.
   */
  readonly monotoneConstraints?: ArrayLike<number>;
  /**
   * Positions of the features that are categories: their values are codes, whole numbers from 0 to 65,535 (number them from 0), NaN is
   * missing. A split on one sends a set of codes left; what is missing, rare or unseen goes right.
   */
  readonly categoricalFeatures?: readonly number[];
  /**
   * Groups of features (by position) that may stand together, LightGBM's `interaction_constraints`: all features on the way from the
   * root to a leaf are in one group. A feature in no group goes unused. Absent = no constraint.
   */
  readonly interactionConstraints?: readonly (readonly number[])[];
  /** Safe integer; the same seed and data give the same trees, bit for bit. */
  readonly seed: number;
  /** Rows that early stopping watches; never learnt from. */
  readonly validation?: LabelledMatrix;
  readonly onRound?: (progress: TrainingProgress) => void;
}

/** Refuses what training cannot learn from, naming the rule and the thing. */
export function checkTrainingInput(input: TrainingInput): void {
  const { matrix, labels, weights, featureNames, hyperParameters, monotoneConstraints, seed, validation } = input;
  const { categoricalFeatures = [], interactionConstraints = [] } = input;
  checkHyperParameters(hyperParameters);
  if (monotoneConstraints !== undefined) checkMonotoneConstraints(monotoneConstraints, featureNames.length);
  if (!Number.isSafeInteger(seed)) throw new TreeEnsembleError('bad-seed', `seed ${seed} must be a safe integer`);
  if (featureNames.length === 0) throw new TreeEnsembleError('no-features', 'there is no feature to learn from');
  if (new Set(featureNames).size !== featureNames.length) {
    throw new TreeEnsembleError('feature-names-differ', 'a feature name is used twice');
  }
  checkPositions('categorical features', categoricalFeatures, featureNames.length);
  for (const group of interactionConstraints) checkPositions('interaction constraints', group, featureNames.length);
  if (input.interactionConstraints !== undefined && !interactionConstraints.some((group) => group.length > 0)) {
    throw new TreeEnsembleError(
      'bad-interaction-constraint',
      'no group of the interaction constraints holds a feature: there is nothing to split on',
    );
  }
  const orderedCategory = categoricalFeatures.find((feature) => (monotoneConstraints?.[feature] ?? 0) !== 0);
  if (orderedCategory !== undefined) {
    const name = featureNames[orderedCategory];
    throw new TreeEnsembleError('bad-monotone-constraint', `"${name}" is a feature of categories, which have no order to be monotone in`);
  }
  checkLabelled('training', input, featureNames.length);
  if (validation !== undefined) checkLabelled('validation', validation, featureNames.length);
  for (const feature of categoricalFeatures) {
    checkCodes('training', matrix, feature, featureNames);
    if (validation !== undefined) checkCodes('validation', validation.matrix, feature, featureNames);
  }
  checkClasses(labels, weights);
}

function checkClasses(labels: Uint8Array, weights: ArrayLike<number> | undefined): void {
  const counts = [0, 0];
  for (let row = 0; row < labels.length; row++) if (weights === undefined || weights[row] > 0) counts[labels[row]]++;
  if (counts[0] > 0 && counts[1] > 0) return;
  const those = weights === undefined ? 'every training label' : 'the training label of every row that weighs anything';
  throw new TreeEnsembleError('one-class', `${those} is ${counts[0] > 0 ? 0 : 1}: there is nothing to learn`);
}

function checkPositions(what: string, positions: readonly number[], numFeatures: number): void {
  const bad = positions.find((position) => !Number.isInteger(position) || position < 0 || position >= numFeatures);
  if (bad !== undefined) throw new TreeEnsembleError('index-out-of-range', `the ${what} name feature ${bad} of ${numFeatures} (the first is 0)`);
}

function checkCodes(what: string, { values, numFeatures, numRows }: FeatureMatrix, feature: number, featureNames: readonly string[]): void {
  for (let row = 0, at = feature; row < numRows; row++, at += numFeatures) {
    const value = values[at];
    if (value !== value || (value >= 0 && value <= maxCategoryCode && Number.isInteger(value))) continue;
    throw new TreeEnsembleError(
      'category-out-of-range',
      `"${featureNames[feature]}" is a feature of categories, but ${what} row ${row} holds no whole number from 0 to ${maxCategoryCode}`,
    );
  }
}

function checkMonotoneConstraints(constraints: ArrayLike<number>, numFeatures: number): void {
  if (constraints.length !== numFeatures) {
    throw new TreeEnsembleError('bad-monotone-constraint', `${constraints.length} monotone constraints for ${numFeatures} features`);
  }
  const position = Array.from(constraints).findIndex((constraint) => constraint !== -1 && constraint !== 0 && constraint !== 1);
  if (position >= 0) throw new TreeEnsembleError('bad-monotone-constraint', `the monotone constraint of feature ${position} is not -1, 0 or 1`);
}

function checkLabelled(what: string, { matrix, labels, weights }: LabelledMatrix, numFeatures: number): void {
  if (matrix.numRows === 0) throw new TreeEnsembleError('no-rows', `there are no ${what} rows`);
  if (matrix.numRows > maxRows) throw new TreeEnsembleError('too-large', `there are more than ${maxRows} ${what} rows`);
  checkMatrix(matrix, numFeatures);
  if (labels.length !== matrix.numRows) {
    throw new TreeEnsembleError('labels-length-differs', `${matrix.numRows} ${what} rows have ${labels.length} labels`);
  }
  const position = labels.findIndex((label) => label !== 0 && label !== 1);
  if (position >= 0) throw new TreeEnsembleError('label-not-binary', `the ${what} label of row ${position} is neither 0 nor 1`);
  if (weights !== undefined) checkWeights(what, weights, matrix.numRows);
}

function checkWeights(what: string, weights: ArrayLike<number>, numRows: number): void {
  if (weights.length !== numRows) throw new TreeEnsembleError('bad-weight', `${numRows} ${what} rows have ${weights.length} weights`);
  let isAnyAboveZero = false;
  for (let row = 0; row < numRows; row++) {
    if (!(weights[row] >= 0 && weights[row] <= maxWeight)) {
      throw new TreeEnsembleError('bad-weight', `the weight of ${what} row ${row} is not a number from 0 to ${maxWeight}`);
    }
    if (weights[row] > 0) isAnyAboveZero = true;
  }
  if (!isAnyAboveZero) throw new TreeEnsembleError('bad-weight', `every ${what} row weighs 0: there is nothing to learn from`);
}
