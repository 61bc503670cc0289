/**
 * Exact interventional SHAP values against a background set (Janzing et al., AISTATS 2020; Lundberg et al. 2020,
 * algorithm 3), with the background folded into the leaves beforehand, as WOODELF does (arXiv 2511.09376).
 *
 * A leaf of value v is reached iff every distinct feature of its path passes its test (an interval, and whether a
 * missing value passes). For a row x and one background row b, let A be the features that pass only with x's value and
 * B those that pass only with b's. Where some feature passes with neither, the leaf is out of reach; otherwise it adds
 *   v · (|A| - 1)! |B|! / (|A| + |B|)!  to each feature of A,
 *   v · |A|! (|B| - 1)! / (|A| + |B|)!  away from each feature of B.
 * It depends on the two rows through their bit patterns over the path alone: background rows are grouped by pattern, and
 * what a pattern of x receives from all of them is computed once, then looked up.
 */
import { TreeEnsembleError } from './errors.ts';
import { checkMatrix } from './feature-matrix.ts';
import { checkRow, predictMargins } from './predict.ts';
import type { FeatureMatrix, Tree, TreeEnsemble } from './tree-ensemble.ts';

export interface BackgroundExplainer {
  /** Mean margin of the background rows. */
  readonly baseValue: number;
  /**
   * SHAP values of one row, one per feature, log-odds; `baseValue` + Σ = margin, but for rounding (below 1e-9).
   * Throws `row-length-differs`.
   */
  explain(row: ArrayLike<number>): Float64Array;
}

/** Bits of a pattern that JavaScript's 32-bit operators handle without a sign. */
const maxPathFeatures = 30;
// Memory bounds: patterns found by direct index (4 bytes each), and cached contributions (8 bytes each).
const maxIndexedPathFeatures = 10;
const maxIndexedPatterns = 2 ** 23;
const maxCachedValues = 2 ** 22;
const firstCachedValues = 2 ** 16;

const notComputed = 0;
const nothing = -1;

/**
 * Prepares explanations of rows against the mean of the background rows; memory stays within some 64 MB of caches.
 *
 * Throws TreeEnsembleError: `no-rows`, `matrix-shape-differs`, `path-too-wide` (over 30 distinct features on one path).
 */
export function createBackgroundExplainer(ensemble: TreeEnsemble, background: FeatureMatrix): BackgroundExplainer {
  if (background.numRows === 0) throw new TreeEnsembleError('no-rows', 'the background has no row');
  checkMatrix(background, ensemble.featureNames.length);
  const leaves = listLeaves(ensemble.trees);
  const groups = groupBackground(leaves, background);
  const cache = new ContributionCache(leaves, groups, background.numRows);
  const baseValue = predictMargins(ensemble, background).reduce((sum, margin) => sum + margin, 0) / background.numRows;
  return {
    baseValue,
    explain: (row) => {
      checkRow(ensemble, row);
      const shapValues = new Float64Array(ensemble.featureNames.length);
      cache.addTo(shapValues, row);
      return shapValues;
    },
  };
}

/** All leaves that a split leads to; leaf `l` has the tests `firstTest[l] … firstTest[l + 1] - 1`, one per path feature. */
interface Leaves {
  readonly count: number;
  readonly value: Float64Array;
  readonly firstTest: Int32Array;
  readonly feature: Int32Array;
  /** Passes above this; NaN = no lower bound, because -Infinity is a value too. */
  readonly lower: Float64Array;
  /** Passes up to this. */
  readonly upper: Float64Array;
  readonly doesMissingPass: Uint8Array;
}

interface PathTest {
  readonly feature: number;
  readonly lower: number;
  readonly upper: number;
  readonly doesMissingPass: boolean;
}

function listLeaves(trees: readonly Tree[]): Leaves {
  const values: number[] = [];
  const firstTest = [0];
  const tests: PathTest[] = [];
  const visit = (tree: Tree, node: number, path: readonly PathTest[]): void => {
    if (tree.leftChild[node] < 0) {
      if (path.length > maxPathFeatures) {
        throw new TreeEnsembleError('path-too-wide', `a path has ${path.length} distinct features, at most ${maxPathFeatures} can be explained`);
      }
      values.push(tree.leafValue[node]);
      tests.push(...path);
      firstTest.push(tests.length);
      return;
    }
    visit(tree, tree.leftChild[node], narrow(path, tree, node, true));
    visit(tree, tree.rightChild[node], narrow(path, tree, node, false));
  };
  for (const tree of trees) if (tree.leftChild[0] >= 0) visit(tree, 0, []);
  return {
    count: values.length,
    value: Float64Array.from(values),
    firstTest: Int32Array.from(firstTest),
    feature: Int32Array.from(tests, (test) => test.feature),
    lower: Float64Array.from(tests, (test) => test.lower),
    upper: Float64Array.from(tests, (test) => test.upper),
    doesMissingPass: Uint8Array.from(tests, (test) => (test.doesMissingPass ? 1 : 0)),
  };
}

/** The path's tests, with one more edge merged into its feature's test. */
function narrow(path: readonly PathTest[], tree: Tree, node: number, isLeft: boolean): readonly PathTest[] {
  const feature = tree.splitFeature[node];
  const threshold = tree.threshold[node];
  const before = path.find((test) => test.feature === feature);
  const after: PathTest = {
    feature,
    lower: isLeft ? (before?.lower ?? NaN) : Math.max(before === undefined || Number.isNaN(before.lower) ? -Infinity : before.lower, threshold),
    upper: isLeft ? Math.min(before?.upper ?? Infinity, threshold) : (before?.upper ?? Infinity),
    doesMissingPass: (before?.doesMissingPass ?? true) && (tree.defaultLeft[node] === 1) === isLeft,
  };
  return before === undefined ? [...path, after] : path.map((test) => (test === before ? after : test));
}

/** Which of the leaf's tests the row starting at `offset` passes; bit `k` is its k-th test. */
function patternOf(leaves: Leaves, leaf: number, values: ArrayLike<number>, offset: number): number {
  const { firstTest, feature, lower, upper, doesMissingPass } = leaves;
  const end = firstTest[leaf + 1];
  let pattern = 0;
  let bit = 1;
  for (let test = firstTest[leaf]; test < end; test++) {
    const value = values[offset + feature[test]];
    if (value <= upper[test]) {
      if (!(value <= lower[test])) pattern |= bit;
    } else if (value !== value && doesMissingPass[test] === 1) pattern |= bit;
    bit <<= 1;
  }
  return pattern;
}

/** Background rows by pattern: leaf `l` has the groups `first[l] … first[l + 1] - 1`. */
interface PatternGroups {
  readonly first: Int32Array;
  readonly pattern: Int32Array;
  readonly numRows: Int32Array;
}

function groupBackground(leaves: Leaves, background: FeatureMatrix): PatternGroups {
  const first = [0];
  const patterns: number[] = [];
  const counts: number[] = [];
  const ofRows = new Int32Array(background.numRows);
  for (let leaf = 0; leaf < leaves.count; leaf++) {
    for (let row = 0; row < background.numRows; row++) {
      ofRows[row] = patternOf(leaves, leaf, background.values, row * background.numFeatures);
    }
    ofRows.sort();
    for (let row = 0; row < ofRows.length; row++) {
      if (row > 0 && ofRows[row] === ofRows[row - 1]) counts[counts.length - 1]++;
      else {
        patterns.push(ofRows[row]);
        counts.push(1);
      }
    }
    first.push(patterns.length);
  }
  return { first: Int32Array.from(first), pattern: Int32Array.from(patterns), numRows: Int32Array.from(counts) };
}

/** What each (leaf, pattern) receives from the background, computed when first met; started afresh when full. */
class ContributionCache {
  readonly #leaves: Leaves;
  readonly #groups: PatternGroups;
  readonly #numBackgroundRows: number;
  /** Of each leaf: where its patterns start in `#places`; -1 = found through `#sparsePlaces`. */
  readonly #firstPlace: Int32Array;
  /** Of each pattern: 1 + where its values start in `#values`, or `notComputed`, or `nothing`. */
  readonly #places: Int32Array;
  readonly #sparsePlaces = new Map<number, number>();
  #values = new Float64Array(firstCachedValues);
  #numValues = 0;

  constructor(leaves: Leaves, groups: PatternGroups, numBackgroundRows: number) {
    this.#leaves = leaves;
    this.#groups = groups;
    this.#numBackgroundRows = numBackgroundRows;
    this.#firstPlace = new Int32Array(leaves.count).fill(-1);
    let numPlaces = 0;
    for (let leaf = 0; leaf < leaves.count; leaf++) {
      const numTests = leaves.firstTest[leaf + 1] - leaves.firstTest[leaf];
      if (numTests > maxIndexedPathFeatures || numPlaces + 2 ** numTests > maxIndexedPatterns) continue;
      this.#firstPlace[leaf] = numPlaces;
      numPlaces += 2 ** numTests;
    }
    this.#places = new Int32Array(numPlaces);
  }

  /** Adds all leaves' contributions for one row. */
  addTo(shapValues: Float64Array, row: ArrayLike<number>): void {
    const { count, firstTest, feature } = this.#leaves;
    for (let leaf = 0; leaf < count; leaf++) {
      const pattern = patternOf(this.#leaves, leaf, row, 0);
      const firstPlace = this.#firstPlace[leaf];
      const known = firstPlace >= 0 ? this.#places[firstPlace + pattern] : this.#sparsePlace(leaf, pattern);
      const place = known === notComputed ? this.#compute(leaf, pattern) : known;
      if (place === nothing) continue;
      const values = this.#values;
      const end = firstTest[leaf + 1];
      for (let test = firstTest[leaf], at = place - 1; test < end; test++, at++) shapValues[feature[test]] += values[at];
    }
  }

  #sparsePlace(leaf: number, pattern: number): number {
    return this.#sparsePlaces.get(sparseKey(leaf, pattern)) ?? notComputed;
  }

  #compute(leaf: number, pattern: number): number {
    const { firstTest, value } = this.#leaves;
    const groups = this.#groups;
    const numTests = firstTest[leaf + 1] - firstTest[leaf];
    const all = 2 ** numTests - 1;
    this.#reserve(numTests);
    const at = this.#numValues;
    const values = this.#values;
    values.fill(0, at, at + numTests);
    let isNothing = true;
    for (let group = groups.first[leaf]; group < groups.first[leaf + 1]; group++) {
      const other = groups.pattern[group];
      if ((pattern | other) !== all || pattern === other) continue;
      isNothing = false;
      const onlyRow = pattern & ~other;
      const onlyOther = other & ~pattern;
      const numRow = countBits(onlyRow);
      const numOther = countBits(onlyOther);
      const weight = (value[leaf] * groups.numRows[group]) / this.#numBackgroundRows;
      const choices = binomial(numRow + numOther, numRow);
      const forRow = numRow === 0 ? 0 : weight / (numRow * choices);
      const forOther = numOther === 0 ? 0 : -weight / (numOther * choices);
      for (let test = 0; test < numTests; test++) {
        if (((onlyRow >>> test) & 1) === 1) values[at + test] += forRow;
        else if (((onlyOther >>> test) & 1) === 1) values[at + test] += forOther;
      }
    }
    const place = isNothing ? nothing : at + 1;
    if (!isNothing) this.#numValues += numTests;
    if (this.#firstPlace[leaf] >= 0) this.#places[this.#firstPlace[leaf] + pattern] = place;
    else this.#sparsePlaces.set(sparseKey(leaf, pattern), place);
    return place;
  }

  /** Makes room for `numTests` values: grows, or forgets everything once the bound is reached. */
  #reserve(numTests: number): void {
    const needed = this.#numValues + numTests;
    if (needed > maxCachedValues || this.#sparsePlaces.size * maxIndexedPathFeatures > maxCachedValues) {
      this.#places.fill(notComputed);
      this.#sparsePlaces.clear();
      this.#numValues = 0;
    } else if (needed > this.#values.length) {
      const grown = new Float64Array(Math.min(maxCachedValues, this.#values.length * 2));
      grown.set(this.#values);
      this.#values = grown;
    }
  }
}

function sparseKey(leaf: number, pattern: number): number {
  return leaf * 2 ** maxPathFeatures + pattern;
}

function countBits(pattern: number): number {
  let count = 0;
  for (let rest = pattern; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Exact: at most C(30, 15) < 2^53. */
function binomial(total: number, chosen: number): number {
  let result = 1;
  for (let step = 1; step <= chosen; step++) result = (result * (total - chosen + step)) / step;
  return result;
}
