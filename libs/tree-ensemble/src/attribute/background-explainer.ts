/**
 * Exact interventional SHAP values against a background set (Janzing et al., AISTATS 2020; Lundberg et al. 2020,
 * algorithm 3), with the background folded into the leaves beforehand, as WOODELF does (Nadel and Wettenstein, arXiv 2511.09376).
 *
 * A leaf of value v is reached iff every distinct feature of its path passes its test. For a row x and one background row b, let A
 * be the features that pass only with x's value and B those that pass only with b's. Where some feature passes with neither, the
 * leaf is out of reach; otherwise it adds
 *   v · (|A| - 1)! |B|! / (|A| + |B|)!  to each feature of A,
 *   v · |A|! (|B| - 1)! / (|A| + |B|)!  away from each feature of B.
 * It depends on the two rows through their bit patterns over the path alone, so background rows are grouped by pattern. What all
 * groups give is computed beforehand for every pattern that x may have, and not leaf by leaf but for small subtrees at once: x then
 * costs one look-up and one addition a feature for some four leaves (`background-blocks.ts`). A leaf with too many patterns is answered
 * from its groups: those that pass what x misses are found by 64-bit masks; then A is what the group misses and B what x misses.
 *
 * Sixteen rows go through the trees together (`kernels/background-explainer.kernel.ts`): the conditions of all splits are met once,
 * sixteen rows a vector, and a table's lines stay in the cache for the rows that share them.
 */
import { planTrees, weighTree } from './background-blocks.ts';
import { groupBackground } from './background-groups.ts';
import { followPaths, listConditions } from './background-paths.ts';
import { meetCategories, numLanes, writeProgram, type BackgroundProgram } from './background-program.ts';
import { TreeEnsembleError } from '../errors.ts';
import { checkMatrix } from '../feature-matrix.ts';
import { backgroundExplainerWasm } from '../kernels/background-explainer.wasm.ts';
import { openKernel } from '../kernels/open-kernel.ts';
import { checkRow, predictMargins } from '../predict.ts';
import type { FeatureMatrix, TreeEnsemble } from '../tree-ensemble.ts';

export interface BackgroundExplainer {
  /** Mean margin of the background rows. */
  readonly baseValue: number;
  /**
   * SHAP values of one row, one per feature, log-odds; `baseValue` + Σ = margin, but for rounding (below 1e-9).
   * Throws `row-length-differs`.
   */
  explain(row: ArrayLike<number>): Float64Array;
  /**
   * SHAP values of all rows, row-major as the matrix, the same bits as `explain` gives row by row; fastest in multiples of 16 rows.
   * Throws `matrix-shape-differs`.
   */
  explainRows(matrix: FeatureMatrix): Float64Array;
}

export interface BackgroundExplainerOptions {
  /** Bytes that precomputed contributions may take; fewer make rows slower, never less exact. 0 is allowed. */
  readonly maxTableBytes?: number;
}

const defaultMaxTableBytes = 32 * 2 ** 20;

/**
 * Prepares explanations of rows against the mean of the background rows.
 *
 * Memory: tables up to `maxTableBytes` (32 MiB), some 200 bytes a leaf beside them, and for leaves without a table what their background
 * patterns take. Preparing twenty thousand leaves against two hundred rows takes about a second.
 *
 * Throws TreeEnsembleError: `no-rows`, `matrix-shape-differs`, `path-too-wide` (over 255 distinct features on one path), `too-large`.
 */
export function createBackgroundExplainer(
  ensemble: TreeEnsemble,
  background: FeatureMatrix,
  options: BackgroundExplainerOptions = {},
): BackgroundExplainer {
  const steps = prepare(ensemble, background, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** As `createBackgroundExplainer`, awaiting `pause` after every tree, twice: for a caller who has others to answer. */
export async function prepareBackgroundExplainer(
  ensemble: TreeEnsemble,
  background: FeatureMatrix,
  pause: () => Promise<unknown>,
  options: BackgroundExplainerOptions = {},
): Promise<BackgroundExplainer> {
  const steps = prepare(ensemble, background, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pause();
  }
}

function* prepare(
  ensemble: TreeEnsemble,
  background: FeatureMatrix,
  { maxTableBytes = defaultMaxTableBytes }: BackgroundExplainerOptions,
): Generator<void, BackgroundExplainer> {
  if (background.numRows === 0) throw new TreeEnsembleError('no-rows', 'the background has no row');
  checkMatrix(background, ensemble.featureNames.length);
  const program = yield* prepareProgram(ensemble, background, maxTableBytes);
  const baseValue = predictMargins(ensemble, background).reduce((sum, margin) => sum + margin, 0) / background.numRows;
  return openExplainer(ensemble, program, baseValue);
}

/** All that rows are explained with, in the kernel's memory; a step a tree, twice. */
export function* prepareProgram(ensemble: TreeEnsemble, background: FeatureMatrix, maxTableBytes: number): Generator<void, BackgroundProgram> {
  const found = listConditions(ensemble.trees);
  const trees = [];
  for (const [index, tree] of ensemble.trees.entries()) {
    const paths = followPaths(tree, found.ofNodes[index], found.conditions);
    const groups = groupBackground(paths, background);
    trees.push({ paths, groups, costs: weighTree(paths, groups, found.conditions) });
    yield;
  }
  const costs = trees.map((tree) => tree.costs);
  const plans = planTrees(costs, found.conditions, maxTableBytes);
  const planned = trees.map(({ paths, groups }, index) => ({ paths, groups, plan: plans[index] }));
  return yield* writeProgram(planned, found, ensemble.featureNames.length);
}

function openExplainer(ensemble: TreeEnsemble, program: BackgroundProgram, baseValue: number): BackgroundExplainer {
  const { memory, layout } = program;
  const { numFeatures } = layout;
  const kernel = openKernel(backgroundExplainerWasm, memory, ['meetConditions', 'addTables', 'addLeaves']);
  const values = new Float64Array(memory.buffer, layout.values, numFeatures * numLanes);
  const shapValues = new Float64Array(memory.buffer, layout.shapValues, numFeatures * numLanes);
  const explainLanes = (rows: ArrayLike<number>, offset: number, numRows: number): Float64Array => {
    for (let lane = 0, at = offset; lane < numRows; lane++) {
      for (let feature = 0; feature < numFeatures; feature++, at++) values[feature * numLanes + lane] = rows[at];
    }
    const answers = shapValues.subarray(0, numRows * numFeatures).fill(0);
    kernel.meetConditions(layout.segments, layout.numSegments, layout.values, layout.thresholds, layout.defaultsLeft, layout.conditions);
    meetCategories(program, numRows);
    kernel.addTables(layout.blocks, layout.numBlocks, layout.scratch, layout.shapValues, numFeatures * 8, numRows);
    kernel.addLeaves(
      layout.leaves,
      layout.numLeaves,
      layout.scratch,
      layout.gains,
      layout.losses,
      layout.weightStride,
      layout.shapValues,
      numFeatures * 8,
      numRows,
    );
    return answers;
  };
  return {
    baseValue,
    explain: (row) => {
      checkRow(ensemble, row);
      return explainLanes(row, 0, 1).slice();
    },
    explainRows: (matrix) => {
      checkMatrix(matrix, numFeatures);
      const all = new Float64Array(matrix.values.length);
      for (let first = 0; first < matrix.numRows; first += numLanes) {
        const offset = first * numFeatures;
        all.set(explainLanes(matrix.values, offset, Math.min(numLanes, matrix.numRows - first)), offset);
      }
      return all;
    },
  };
}
