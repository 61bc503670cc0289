import { binMatrix, type BinnedColumn } from './binning.ts';
import { clip } from './gain.ts';
import { TreeGrower, type GrownTree } from './grow-tree.ts';
import type { HyperParameters } from './hyper-parameters.ts';
import { logit } from './log-odds.ts';
import { findLeaf } from './predict.ts';
import { createRandom, type Random } from './random.ts';
import { checkTrainingInput, type LabelledMatrix, type TrainingInput } from './training-input.ts';
import type { FeatureMatrix, Tree, TreeEnsemble } from './tree-ensemble.ts';

// Bound once: a global looked up in an inner loop is slow wherever the global object is not V8's own (Jest, vm contexts).
const { exp, log1p, max, abs } = Math;

// LightGBM's `kEpsilon`: a class that weighs next to nothing still has odds.
const epsilon = 1e-15;

export interface TrainingProgress {
  /** Rounds done, 1-based. */
  readonly round: number;
  readonly numRounds: number;
  /** Validation log-loss after this round; null without validation rows. */
  readonly metric: number | null;
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
 * Starts from the log-odds of the weighted mean label (`boost_from_average`). Infinities are ordered values, NaN is missing,
 * columns without two distinct values go unused. Training ends early when no leaf can be split any more.
 * Covers count rows, whatever their weights, as LightGBM's do.
 * Throws TreeEnsembleError: `no-rows`, `too-large`, `no-features`, `matrix-shape-differs`, `feature-names-differ`,
 * `labels-length-differs`, `label-not-binary`, `one-class`, `bad-weight`, `category-out-of-range`, `bad-hyper-parameter`,
 * `bad-monotone-constraint`, `bad-interaction-constraint`, `index-out-of-range`, `bad-seed`.
 */
export function train(input: TrainingInput): TrainingResult {
  const { matrix, labels, weights, featureNames, hyperParameters, seed, validation, onRound } = input;
  checkTrainingInput(input);
  const { numRounds, earlyStoppingRounds } = hyperParameters;
  const numRows = matrix.numRows;

  const columns = binMatrix(matrix, hyperParameters.maxBin, createRandom(seed, 0), new Set(input.categoricalFeatures));
  const grower = new TreeGrower(columns, numRows, hyperParameters, input.monotoneConstraints, input.interactionConstraints);
  const sampler = createSampler(columns, numRows, hyperParameters, seed);
  const roundingRandom = createRandom(seed, 3);

  const baseValue = logit(clip(weightedMean(labels, weights), epsilon, 1 - epsilon));
  const margins = new Float64Array(numRows).fill(baseValue);
  const validationMargins = new Float64Array(validation?.matrix.numRows ?? 0).fill(baseValue);
  const gradients = new Float64Array(numRows);
  const hessians = new Float64Array(numRows);
  const trees: Tree[] = [];
  const evaluations: number[] = [];
  let bestRound = 0;
  let bestMetric = Infinity;

  for (let round = 1; round <= numRounds && columns.length > 0; round++) {
    computeGradients(margins, input, gradients, hessians);
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
      metric = meanLogLoss(validationMargins, validation);
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
  // A feature whose categories fill several columns is drawn with all of them.
  const firstColumns = columns.flatMap(({ bins }, column) => (bins.numPages === 0 ? [] : [column]));
  const drawFeatures = (): Int32Array => {
    const drawn = drawSubset(numFeatures, numSelected, columnRandom);
    return Int32Array.from(
      [...drawn].flatMap((feature) =>
        Array.from({ length: columns[firstColumns[feature]].bins.numPages }, (_, page) => firstColumns[feature] + page),
      ),
    );
  };
  const bagSize = Math.max(1, Math.round(numRows * baggingFraction));
  // LightGBM keeps two features at least, when there are two.
  const numFeatures = firstColumns.length;
  const numSelected = Math.max(Math.min(2, numFeatures), Math.round(numFeatures * featureFraction));
  let bag: Int32Array | null = null;
  return {
    isSampling: isBagging || isDrawingColumns,
    drawRows: (round) => {
      if (isBagging && (round - 1) % baggingFreq === 0) bag = drawSubset(numRows, bagSize, rowRandom);
      return bag;
    },
    drawColumns: () => (isDrawingColumns ? drawFeatures() : null),
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

/** First and second derivatives of log-loss in the margin, `p - y` and `p (1 - p)`, times the row's weight. */
function computeGradients(margins: Float64Array, { labels, weights }: LabelledMatrix, gradients: Float64Array, hessians: Float64Array): void {
  for (let row = 0; row < margins.length; row++) {
    const probability = 1 / (1 + exp(-margins[row]));
    gradients[row] = probability - labels[row];
    hessians[row] = probability * (1 - probability);
  }
  if (weights === undefined) return;
  for (let row = 0; row < margins.length; row++) {
    gradients[row] *= weights[row];
    hessians[row] *= weights[row];
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

function meanLogLoss(margins: Float64Array, { labels, weights }: LabelledMatrix): number {
  let total = 0;
  let totalWeight = 0;
  for (let row = 0; row < margins.length; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    const towardsLabel = labels[row] === 1 ? margins[row] : -margins[row];
    // log(1 + e^-m) without overflow.
    total += weight * (max(0, -towardsLabel) + log1p(exp(-abs(towardsLabel))));
    totalWeight += weight;
  }
  return total / totalWeight;
}

function weightedMean(labels: Uint8Array, weights?: ArrayLike<number>): number {
  let total = 0;
  let totalWeight = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    total += weight * labels[row];
    totalWeight += weight;
  }
  return total / totalWeight;
}
