import { binMatrix, type BinnedColumn } from './binning.ts';
import { TreeEnsembleError } from './errors.ts';
import { checkMatrix } from './feature-matrix.ts';
import { TreeGrower, type GrownTree } from './grow-tree.ts';
import { checkHyperParameters, type HyperParameters } from './hyper-parameters.ts';
import { logit } from './log-odds.ts';
import { findLeaf } from './predict.ts';
import { createRandom, type Random } from './random.ts';
import type { FeatureMatrix, Tree, TreeEnsemble } from './tree-ensemble.ts';

// Bound once: a global looked up in an inner loop is slow wherever the global object is not V8's own (Jest, vm contexts).
const { exp, log1p, max, abs } = Math;

export interface TrainingProgress {
  /** Rounds done, 1-based. */
  readonly round: number;
  readonly numRounds: number;
  /** Validation log-loss after this round; null without validation rows. */
  readonly metric: number | null;
}

export interface LabelledMatrix {
  readonly matrix: FeatureMatrix;
  /** 0 or 1 per row. */
  readonly labels: Uint8Array;
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
  /** Safe integer; the same seed and data give the same trees, bit for bit. */
  readonly seed: number;
  /** Rows that early stopping watches; never learnt from. */
  readonly validation?: LabelledMatrix;
  readonly onRound?: (progress: TrainingProgress) => void;
}

export interface TrainingResult {
  /** Cut after `bestRound` trees. */
  readonly ensemble: TreeEnsemble;
  /** Number of trees kept: the round of the best validation loss under early stopping, else every tree grown. */
  readonly bestRound: number;
  /** Validation log-loss after each round that ran; empty without validation rows. */
  readonly evaluations: readonly number[];
}

/**
 * Learns a binary log-loss ensemble by histogram gradient boosting, leaf-wise, with LightGBM's settings and meanings.
 *
 * Starts from the log-odds of the mean label (`boost_from_average`). Infinities are ordered values, NaN is missing,
 * columns without two distinct values go unused. Training ends early when no leaf can be split any more.
 * Throws TreeEnsembleError: `no-rows`, `no-features`, `matrix-shape-differs`, `feature-names-differ`,
 * `labels-length-differs`, `label-not-binary`, `one-class`, `bad-hyper-parameter`, `bad-monotone-constraint`, `bad-seed`.
 */
export function train(input: TrainingInput): TrainingResult {
  const { matrix, labels, featureNames, hyperParameters, monotoneConstraints, seed, validation, onRound } = input;
  checkTrainingInput(input);
  const { numRounds, earlyStoppingRounds } = hyperParameters;
  const numRows = matrix.numRows;

  const columns = binMatrix(matrix, hyperParameters.maxBin, createRandom(seed, 0));
  const grower = new TreeGrower(columns, numRows, hyperParameters, monotoneConstraints);
  const sampler = createSampler(columns, numRows, hyperParameters, seed);
  const roundingRandom = createRandom(seed, 3);

  const baseValue = logit(mean(labels));
  const margins = new Float64Array(numRows).fill(baseValue);
  const validationMargins = new Float64Array(validation?.matrix.numRows ?? 0).fill(baseValue);
  const gradients = new Float64Array(numRows);
  const hessians = new Float64Array(numRows);
  const trees: Tree[] = [];
  const evaluations: number[] = [];
  let bestRound = 0;
  let bestMetric = Infinity;

  for (let round = 1; round <= numRounds && columns.length > 0; round++) {
    computeGradients(margins, labels, gradients, hessians);
    const bag = sampler.drawRows(round);
    const selected = sampler.drawColumns();
    if (selected !== null) grower.selectColumns(selected);
    const grown = grower.grow(gradients, hessians, bag, roundingRandom);
    if (grown.numLeaves === 1 && !sampler.isSampling) break;
    trees.push(grown.tree);
    addToMargins(margins, grown, bag, matrix);

    let metric: number | null = null;
    if (validation !== undefined) {
      addTree(validationMargins, grown.tree, validation.matrix);
      metric = meanLogLoss(validationMargins, validation.labels);
      evaluations.push(metric);
      if (metric < bestMetric) {
        bestMetric = metric;
        bestRound = trees.length;
      }
    }
    onRound?.({ round, numRounds, metric });
    if (metric !== null && earlyStoppingRounds > 0 && trees.length - bestRound >= earlyStoppingRounds) break;
  }

  const isEarlyStopping = validation !== undefined && earlyStoppingRounds > 0;
  const numKept = isEarlyStopping ? bestRound : trees.length;
  return {
    ensemble: { featureNames: [...featureNames], baseValue, trees: trees.slice(0, numKept) },
    bestRound: numKept,
    evaluations,
  };
}

function checkTrainingInput(input: TrainingInput): void {
  const { matrix, labels, featureNames, hyperParameters, monotoneConstraints, seed, validation } = input;
  checkHyperParameters(hyperParameters);
  if (monotoneConstraints !== undefined) checkMonotoneConstraints(monotoneConstraints, featureNames.length);
  if (!Number.isSafeInteger(seed)) throw new TreeEnsembleError('bad-seed', `seed ${seed} must be a safe integer`);
  if (featureNames.length === 0) throw new TreeEnsembleError('no-features', 'there is no feature to learn from');
  if (new Set(featureNames).size !== featureNames.length) {
    throw new TreeEnsembleError('feature-names-differ', 'a feature name is used twice');
  }
  checkLabelled('training', matrix, labels, featureNames.length);
  if (validation !== undefined) checkLabelled('validation', validation.matrix, validation.labels, featureNames.length);
  const numPositive = labels.reduce((count, label) => count + label, 0);
  if (numPositive === 0 || numPositive === labels.length) {
    throw new TreeEnsembleError('one-class', `every training label is ${numPositive === 0 ? 0 : 1}: there is nothing to learn`);
  }
}

function checkMonotoneConstraints(constraints: ArrayLike<number>, numFeatures: number): void {
  if (constraints.length !== numFeatures) {
    throw new TreeEnsembleError('bad-monotone-constraint', `${constraints.length} monotone constraints for ${numFeatures} features`);
  }
  const position = Array.from(constraints).findIndex((constraint) => constraint !== -1 && constraint !== 0 && constraint !== 1);
  if (position >= 0) throw new TreeEnsembleError('bad-monotone-constraint', `the monotone constraint of feature ${position} is not -1, 0 or 1`);
}

function checkLabelled(what: string, matrix: FeatureMatrix, labels: Uint8Array, numFeatures: number): void {
  if (matrix.numRows === 0) throw new TreeEnsembleError('no-rows', `there are no ${what} rows`);
  checkMatrix(matrix, numFeatures);
  if (labels.length !== matrix.numRows) {
    throw new TreeEnsembleError('labels-length-differs', `${matrix.numRows} ${what} rows have ${labels.length} labels`);
  }
  const position = labels.findIndex((label) => label !== 0 && label !== 1);
  if (position >= 0) throw new TreeEnsembleError('label-not-binary', `the ${what} label of row ${position} is neither 0 nor 1`);
}

interface Sampler {
  readonly isSampling: boolean;
  /** Rows of this round in ascending order; null = all. The array is reused when rows are drawn again. */
  drawRows(round: number): Int32Array | null;
  /** Column positions of this round in ascending order; null = all. */
  drawColumns(): Int32Array | null;
}

function createSampler(columns: readonly BinnedColumn[], numRows: number, hyperParameters: HyperParameters, seed: number): Sampler {
  const { baggingFraction, baggingFreq, featureFraction } = hyperParameters;
  const isBagging = baggingFreq > 0 && baggingFraction < 1;
  const isDrawingColumns = featureFraction < 1;
  const rowRandom = createRandom(seed, 1);
  const columnRandom = createRandom(seed, 2);
  const bagSize = Math.max(1, Math.round(numRows * baggingFraction));
  // LightGBM keeps two features at least, when there are two.
  const numSelected = Math.max(Math.min(2, columns.length), Math.round(columns.length * featureFraction));
  let bag: Int32Array | null = null;
  return {
    isSampling: isBagging || isDrawingColumns,
    drawRows: (round) => {
      if (isBagging && (round - 1) % baggingFreq === 0) bag = drawSubset(numRows, bagSize, rowRandom);
      return bag;
    },
    drawColumns: () => (isDrawingColumns ? drawSubset(columns.length, numSelected, columnRandom) : null),
  };
}

/** Selection sampling (Knuth, TAOCP 2, algorithm S): `size` of the integers below `total`, ascending. */
function drawSubset(total: number, size: number, random: Random): Int32Array {
  const subset = new Int32Array(size);
  let taken = 0;
  for (let item = 0; taken < size; item++) {
    if ((total - item) * random() < size - taken) subset[taken++] = item;
  }
  return subset;
}

/** First and second derivatives of log-loss in the margin: `p - y` and `p (1 - p)`. */
function computeGradients(margins: Float64Array, labels: Uint8Array, gradients: Float64Array, hessians: Float64Array): void {
  for (let row = 0; row < margins.length; row++) {
    const probability = 1 / (1 + exp(-margins[row]));
    gradients[row] = probability - labels[row];
    hessians[row] = probability * (1 - probability);
  }
}

/** Adds the tree to every training row: rows that grew it by their leaf, the others by walking it. */
function addToMargins(margins: Float64Array, grown: GrownTree, bag: Int32Array | null, matrix: FeatureMatrix): void {
  if (bag !== null) {
    addTree(margins, grown.tree, matrix);
    return;
  }
  const { tree, numLeaves, leafNodes, rows, leafStarts, leafCounts } = grown;
  for (let leaf = 0; leaf < numLeaves; leaf++) {
    const value = tree.leafValue[leafNodes[leaf]];
    const end = leafStarts[leaf] + leafCounts[leaf];
    for (let position = leafStarts[leaf]; position < end; position++) margins[rows[position]] += value;
  }
}

function addTree(margins: Float64Array, tree: Tree, matrix: FeatureMatrix): void {
  const { values, numFeatures } = matrix;
  for (let row = 0; row < margins.length; row++) margins[row] += tree.leafValue[findLeaf(tree, values, row * numFeatures)];
}

function meanLogLoss(margins: Float64Array, labels: Uint8Array): number {
  let total = 0;
  for (let row = 0; row < margins.length; row++) {
    const towardsLabel = labels[row] === 1 ? margins[row] : -margins[row];
    // log(1 + e^-m) without overflow.
    total += max(0, -towardsLabel) + log1p(exp(-abs(towardsLabel)));
  }
  return total / margins.length;
}

function mean(labels: Uint8Array): number {
  return labels.reduce((sum, label) => sum + label, 0) / labels.length;
}
