/**
 * Leaf-wise growth of one tree from binned columns, after LightGBM (Ke et al., NeurIPS 2017; `serial_tree_learner.cpp`,
 * `feature_histogram.hpp`): histograms, smaller child plus subtraction, a learned direction for missing values.
 *
 * Gradients and hessians are quantised with stochastic rounding (Shi et al., NeurIPS 2022) and packed into one double,
 * `gradient · packing + hessian`. Sums of such integers stay below 2^53, so they are exact: a histogram costs one
 * addition a row and column, parent − child is exact, and the tree does not depend on the order of addition. Leaf values
 * are then fitted on the unquantised gradients.
 *
 * The dense part of training; nothing is allocated per row, bin or candidate split.
 */
import type { BinnedColumn } from './binning.ts';
import { clip, shrink } from './gain.ts';
import type { HyperParameters } from './hyper-parameters.ts';
import { InteractionGroups, type Branch } from './interaction-groups.ts';
import { NodeList } from './node-list.ts';
import { chooseUnits, packing, type Quantisation } from './quantisation.ts';
import type { Random } from './random.ts';
import { findColumnSplit, prepareSearch } from './split-search.ts';
import { answerRows, fillGoesLeft, toNodeSplit, type Split } from './split.ts';
import type { Tree } from './tree-ensemble.ts';

// Bound once: a global looked up in an inner loop is slow wherever the global object is not V8's own (Jest, vm contexts).
const { floor, abs } = Math;
const binsPerColumn = 256;
const columnsPerBlock = 4;
// Far beyond certainty; sums of so many trees as there may be stay finite.
const greatestLeafValue = 1e30;

/** The best split of a leaf, and the column (by position among the selected ones) that it is on. */
interface LeafSplit {
  readonly position: number;
  readonly split: Split;
}

export interface GrownTree {
  readonly tree: Tree;
  readonly numLeaves: number;
  /** Node of each leaf, in the order of `leafRows`. */
  readonly leafNodes: Int32Array;
  /** Row numbers, grouped by leaf: leaf `l` holds `rows[leafStarts[l]] … rows[leafStarts[l] + leafCounts[l] - 1]`. */
  readonly rows: Int32Array;
  readonly leafStarts: Int32Array;
  readonly leafCounts: Int32Array;
}

/** Grows trees over one set of binned columns; its buffers are reused from tree to tree. */
export class TreeGrower {
  readonly #columns: readonly BinnedColumn[];
  readonly #numRows: number;
  readonly #settings: HyperParameters;
  /** By column: +1 where margins may not fall as values grow, -1 where they may not rise; null where no column is held to either. */
  readonly #directions: Int8Array | null;

  readonly #rows: Int32Array;
  readonly #rowsGoingRight: Int32Array;
  readonly #packed: Float64Array;
  readonly #gathered: Float64Array;
  readonly #goesLeft = new Uint8Array(binsPerColumn);
  /** By row, where a split's feature stands in several columns: 1 where it goes left. */
  #answers: Uint8Array | null = null;
  readonly #blocks: Int32Array[];
  #selected: Int32Array;

  readonly #freeHistograms: Float64Array[] = [];
  readonly #histograms: (Float64Array | null)[];
  readonly #leafStarts: Int32Array;
  readonly #leafCounts: Int32Array;
  readonly #leafDepths: Int32Array;
  readonly #leafNodes: Int32Array;
  readonly #leafTotals: Float64Array;
  readonly #splits: (LeafSplit | null)[];
  readonly #sums: { readonly gradients: Float64Array; readonly hessians: Float64Array };
  /** What a leaf's output, before shrinkage, may not leave. */
  readonly #lowerBounds: Float64Array;
  readonly #upperBounds: Float64Array;
  /** L2 of a leaf's output, beside `lambdaL2`. */
  readonly #extraL2: Float64Array;
  /** By leaf, what it may still split on; null without interaction constraints. */
  readonly #branches: (Branch | null)[];
  readonly #interactions: InteractionGroups | null;

  /** Of the current tree. */
  #units: Quantisation = { gradientUnit: 1, hessianUnit: 1 };

  /** `monotoneConstraints`: -1, 0 or +1 a feature of the matrix; `interactionConstraints`: groups of such features, null = none. */
  constructor(
    columns: readonly BinnedColumn[],
    numRows: number,
    settings: HyperParameters,
    monotoneConstraints: ArrayLike<number> = [],
    interactionConstraints: readonly (readonly number[])[] | null = null,
  ) {
    this.#columns = columns;
    const directions = Int8Array.from(columns, ({ bins }) => monotoneConstraints[bins.feature] ?? 0);
    this.#directions = directions.some((direction) => direction !== 0) ? directions : null;
    this.#numRows = numRows;
    this.#settings = settings;
    this.#rows = new Int32Array(numRows);
    this.#rowsGoingRight = new Int32Array(numRows);
    this.#packed = new Float64Array(numRows);
    this.#gathered = new Float64Array(numRows);
    this.#selected = Int32Array.from(columns, (_, column) => column);
    this.#blocks = Array.from({ length: Math.ceil(columns.length / columnsPerBlock) }, () => new Int32Array(numRows));
    const { numLeaves } = settings;
    this.#histograms = Array.from({ length: numLeaves }, () => null);
    this.#leafStarts = new Int32Array(numLeaves);
    this.#leafCounts = new Int32Array(numLeaves);
    this.#leafDepths = new Int32Array(numLeaves);
    this.#leafNodes = new Int32Array(numLeaves);
    this.#leafTotals = new Float64Array(numLeaves);
    this.#splits = Array.from({ length: numLeaves }, () => null);
    this.#lowerBounds = new Float64Array(numLeaves);
    this.#upperBounds = new Float64Array(numLeaves);
    this.#extraL2 = new Float64Array(numLeaves);
    this.#branches = Array.from({ length: numLeaves }, () => null);
    this.#interactions = interactionConstraints === null ? null : new InteractionGroups(interactionConstraints, columns);
    const numSums = Math.max(binsPerColumn, ...columns.map(({ bins }) => bins.numPages * binsPerColumn));
    this.#sums = { gradients: new Float64Array(numSums), hessians: new Float64Array(numSums) };
    this.#interleave();
  }

  /** Restricts the next trees to some columns, given by position, ascending; all columns of a feature or none. */
  selectColumns(selected: Int32Array): void {
    this.#selected = selected;
    this.#interleave();
  }

  /**
   * Grows a tree on the rows of `bag` (ascending; null = all). `random` draws the rounding only.
   * Leaf values are multiplied by the learning rate.
   */
  grow(gradients: Float64Array, hessians: Float64Array, bag: Int32Array | null, random: Random): GrownTree {
    const { numLeaves: maxLeaves } = this.#settings;
    const numRows = bag === null ? this.#numRows : bag.length;
    if (bag === null) for (let row = 0; row < numRows; row++) this.#rows[row] = row;
    else this.#rows.set(bag);
    const total = this.#pack(gradients, hessians, numRows, random);

    const nodes = new NodeList(maxLeaves);
    this.#leafStarts[0] = 0;
    this.#leafCounts[0] = numRows;
    this.#leafDepths[0] = 0;
    this.#leafNodes[0] = nodes.add(numRows);
    this.#leafTotals[0] = total;
    this.#splits[0] = null;
    this.#lowerBounds[0] = -Infinity;
    this.#upperBounds[0] = Infinity;
    this.#extraL2[0] = 0;
    this.#branches[0] = this.#interactions?.open() ?? null;
    if (this.#maySplit(0)) {
      const histogram = this.#takeHistogram();
      this.#histograms[0] = histogram;
      this.#fillHistogram(histogram, 0, bag === null);
      this.#findSplit(0);
    }

    let numLeaves = 1;
    while (numLeaves < maxLeaves) {
      const leaf = this.#bestLeaf(numLeaves);
      const best = leaf < 0 ? null : this.#splits[leaf];
      if (best === null) break;
      this.#split(leaf, best, numLeaves, nodes);
      numLeaves++;
      if (numLeaves < maxLeaves) this.#prepareChildren(leaf, numLeaves - 1);
    }
    for (let leaf = 0; leaf < numLeaves; leaf++) {
      this.#releaseHistogram(leaf);
      nodes.setLeafValue(this.#leafNodes[leaf], this.#fitLeaf(leaf, gradients, hessians));
    }
    return {
      tree: nodes.toTree(),
      numLeaves,
      leafNodes: this.#leafNodes,
      rows: this.#rows,
      leafStarts: this.#leafStarts,
      leafCounts: this.#leafCounts,
    };
  }

  /** Lays four columns' codes into one 32-bit word per row, so that a row costs one read for four histograms. */
  #interleave(): void {
    const numBlocks = Math.ceil(this.#selected.length / columnsPerBlock);
    for (let blockIndex = 0; blockIndex < numBlocks; blockIndex++) {
      const block = this.#blocks[blockIndex];
      block.fill(0);
      for (let lane = 0; lane < columnsPerBlock; lane++) {
        const position = blockIndex * columnsPerBlock + lane;
        if (position >= this.#selected.length) break;
        const { codes } = this.#columns[this.#selected[position]];
        const shift = lane * 8;
        for (let row = 0; row < codes.length; row++) block[row] |= codes[row] << shift;
      }
    }
  }

  #pack(gradients: Float64Array, hessians: Float64Array, numRows: number, random: Random): number {
    const rows = this.#rows;
    let sumOfGradients = 0;
    let sumOfHessians = 0;
    for (let position = 0; position < numRows; position++) {
      const row = rows[position];
      sumOfGradients += abs(gradients[row]);
      sumOfHessians += hessians[row];
    }
    this.#units = chooseUnits(sumOfGradients, sumOfHessians, numRows);
    const perGradient = 1 / this.#units.gradientUnit;
    const perHessian = 1 / this.#units.hessianUnit;
    const packed = this.#packed;
    let total = 0;
    for (let position = 0; position < numRows; position++) {
      const row = rows[position];
      const gradient = floor(gradients[row] * perGradient + random());
      const hessian = floor(hessians[row] * perHessian + random());
      const value = gradient * packing + hessian;
      packed[row] = value;
      total += value;
    }
    return total;
  }

  #maySplit(leaf: number): boolean {
    const { maxDepth, minDataInLeaf } = this.#settings;
    if (maxDepth > 0 && this.#leafDepths[leaf] >= maxDepth) return false;
    return this.#leafCounts[leaf] >= 2 * Math.max(1, minDataInLeaf);
  }

  #bestLeaf(numLeaves: number): number {
    let best = -1;
    let bestGain = 0;
    for (let leaf = 0; leaf < numLeaves; leaf++) {
      const gain = this.#splits[leaf]?.split.gain ?? 0;
      if (gain > bestGain) {
        bestGain = gain;
        best = leaf;
      }
    }
    return best;
  }

  /** Splits `leaf` into itself (left) and `newLeaf` (right), rows kept in ascending order on both sides. */
  #split(leaf: number, { position: ofSplit, split }: LeafSplit, newLeaf: number, nodes: NodeList): void {
    const column = this.#selected[ofSplit];
    const { bins } = this.#columns[column];
    const goesLeft = this.#goesLeft;
    const { codes, missingBin } = this.#fillGoesLeft(column, split, leaf);

    const rows = this.#rows;
    const aside = this.#rowsGoingRight;
    const start = this.#leafStarts[leaf];
    const end = start + this.#leafCounts[leaf];
    let left = start;
    let numRight = 0;
    let numMissing = 0;
    for (let position = start; position < end; position++) {
      const row = rows[position];
      const code = codes[row];
      const isLeft = goesLeft[code];
      rows[left] = row;
      aside[numRight] = row;
      left += isLeft;
      numRight += 1 - isLeft;
      numMissing += code === missingBin ? 1 : 0;
    }
    rows.set(aside.subarray(0, numRight), left);

    const numLeft = left - start;
    // Where training saw no missing value, the larger side takes those that come later.
    const isDefaultLeft = numMissing > 0 ? goesLeft[missingBin] === 1 : numLeft >= numRight;
    const parent = this.#leafNodes[leaf];
    const leftNode = nodes.add(numLeft);
    const rightNode = nodes.add(numRight);
    nodes.setSplit(parent, toNodeSplit(split, bins, isDefaultLeft), leftNode, rightNode);

    this.#leafCounts[leaf] = numLeft;
    this.#leafNodes[leaf] = leftNode;
    this.#leafStarts[newLeaf] = left;
    this.#leafCounts[newLeaf] = numRight;
    this.#leafNodes[newLeaf] = rightNode;
    this.#leafDepths[leaf]++;
    this.#leafDepths[newLeaf] = this.#leafDepths[leaf];
    this.#splits[leaf] = null;
    this.#splits[newLeaf] = null;
    this.#extraL2[leaf] = split.kind === 'bin-set' ? split.extraL2 : 0;
    this.#extraL2[newLeaf] = this.#extraL2[leaf];
    const branch = this.#branches[leaf];
    this.#branches[leaf] = branch === null ? null : (this.#interactions?.narrow(branch, bins.feature) ?? null);
    this.#branches[newLeaf] = this.#branches[leaf];
    this.#boundChildren(leaf, newLeaf, split, this.#directionOf(column, split));
  }

  /** Fills `#goesLeft` by code, and says which codes: those of the column, or where its feature has several, their answers. */
  #fillGoesLeft(column: number, split: Split, leaf: number): { readonly codes: Uint8Array; readonly missingBin: number } {
    const { bins, codes, wideCodes } = this.#columns[column];
    if (split.kind === 'threshold' || wideCodes === undefined) {
      fillGoesLeft(split, bins, this.#goesLeft);
      return { codes, missingBin: bins.numValueBins };
    }
    const start = this.#leafStarts[leaf];
    this.#answers ??= new Uint8Array(this.#numRows);
    answerRows(split, wideCodes, this.#rows.subarray(start, start + this.#leafCounts[leaf]), this.#answers);
    this.#goesLeft[0] = 0;
    this.#goesLeft[1] = 1;
    return { codes: this.#answers, missingBin: -1 };
  }

  /** Both sides keep within the parent's bounds; a split on a constrained feature puts its middle between them. */
  #boundChildren(left: number, right: number, split: Split, direction: number): void {
    if (this.#directions === null) return;
    this.#lowerBounds[right] = this.#lowerBounds[left];
    this.#upperBounds[right] = this.#upperBounds[left];
    if (direction === 0 || split.kind !== 'threshold') return;
    const [low, high] = direction > 0 ? [left, right] : [right, left];
    // The outputs were within the bounds, so their middle is.
    this.#upperBounds[low] = split.middleOutput;
    this.#lowerBounds[high] = split.middleOutput;
  }

  /** What the constraint says about a split: nothing where every known value goes left. */
  #directionOf(column: number, split: Split): number {
    if (this.#directions === null || split.kind !== 'threshold') return 0;
    return split.bin === this.#columns[column].bins.numValueBins - 1 ? 0 : this.#directions[column];
  }

  /** Histograms and best splits of the two children, the larger one's by subtraction. */
  #prepareChildren(left: number, right: number): void {
    const [smaller, larger] = this.#leafCounts[left] <= this.#leafCounts[right] ? [left, right] : [right, left];
    const ofParent = this.#histograms[left];
    this.#histograms[left] = null;
    if (ofParent === null) return;
    const parentTotal = this.#leafTotals[left];
    if (!this.#maySplit(smaller) && !this.#maySplit(larger)) {
      this.#freeHistograms.push(ofParent);
      return;
    }
    const ofSmaller = this.#takeHistogram();
    this.#fillHistogram(ofSmaller, smaller, false);
    const length = this.#selected.length * binsPerColumn;
    for (let bin = 0; bin < length; bin++) ofParent[bin] -= ofSmaller[bin];
    this.#histograms[smaller] = ofSmaller;
    this.#histograms[larger] = ofParent;
    this.#leafTotals[smaller] = this.#sumPacked(smaller);
    this.#leafTotals[larger] = parentTotal - this.#leafTotals[smaller];
    for (const leaf of [smaller, larger]) {
      if (this.#maySplit(leaf)) this.#findSplit(leaf);
      if (this.#splits[leaf] === null) this.#releaseHistogram(leaf);
    }
  }

  #sumPacked(leaf: number): number {
    const end = this.#leafStarts[leaf] + this.#leafCounts[leaf];
    let total = 0;
    for (let position = this.#leafStarts[leaf]; position < end; position++) total += this.#packed[this.#rows[position]];
    return total;
  }

  #takeHistogram(): Float64Array {
    const used = this.#freeHistograms.pop();
    if (used === undefined) return new Float64Array(this.#blocks.length * columnsPerBlock * binsPerColumn);
    return used;
  }

  #releaseHistogram(leaf: number): void {
    const histogram = this.#histograms[leaf];
    if (histogram !== null) this.#freeHistograms.push(histogram);
    this.#histograms[leaf] = null;
  }

  #fillHistogram(histogram: Float64Array, leaf: number, isEveryRow: boolean): void {
    const start = this.#leafStarts[leaf];
    const count = this.#leafCounts[leaf];
    const numBlocks = Math.ceil(this.#selected.length / columnsPerBlock);
    histogram.fill(0, 0, numBlocks * columnsPerBlock * binsPerColumn);
    if (isEveryRow) {
      for (let block = 0; block < numBlocks; block++) addAllRows(histogram, block, this.#blocks[block], this.#packed, count);
      return;
    }
    const gathered = this.#gathered;
    const rows = this.#rows;
    for (let position = 0; position < count; position++) gathered[position] = this.#packed[rows[start + position]];
    for (let block = 0; block < numBlocks; block++) {
      addRows(histogram, block, this.#blocks[block], rows, start, gathered, count);
    }
  }

  /** The leaf's best split over all selected columns, of equal ones the first column's. */
  #findSplit(leaf: number): void {
    const histogram = this.#histograms[leaf];
    if (histogram === null) return;
    const total = this.#leafTotals[leaf];
    const gradient = floor(total / packing);
    const sumsOfLeaf = {
      gradient,
      hessian: total - gradient * packing,
      numRows: this.#leafCounts[leaf],
      lowerBound: this.#lowerBounds[leaf],
      upperBound: this.#upperBounds[leaf],
    };
    const search = prepareSearch(sumsOfLeaf, this.#settings, this.#units, this.#directions !== null);
    if (search === null) return;
    const { gradients, hessians } = this.#sums;
    const mayUse = this.#branches[leaf]?.mayUse;
    let best: LeafSplit | null = null;
    for (let position = 0; position < this.#selected.length; position++) {
      const column = this.#selected[position];
      const { bins } = this.#columns[column];
      // What stands in several columns is read with the first of them.
      if (bins.numPages === 0 || mayUse?.[column] === 0) continue;
      let numSums = 0;
      for (let page = 0; page < bins.numPages; page++) {
        const ofPage = this.#columns[column + page].bins;
        const numBins = ofPage.numValueBins + (bins.hasMissing && bins.numPages === 1 ? 1 : 0);
        const first = (position + page) * binsPerColumn;
        for (let bin = 0; bin < numBins; bin++, numSums++) {
          const value = histogram[first + bin];
          gradients[numSums] = floor(value / packing);
          hessians[numSums] = value - gradients[numSums] * packing;
        }
      }
      const split = findColumnSplit(this.#sums, bins, this.#directions?.[column] ?? 0, search);
      if (split !== null && split.gain > (best?.split.gain ?? 0)) best = { position, split };
    }
    this.#splits[leaf] = best;
  }

  /** `-shrink(Σ gradient, L1) / (Σ hessian + L2)`, shrunk by the learning rate, on unquantised sums. */
  #fitLeaf(leaf: number, gradients: Float64Array, hessians: Float64Array): number {
    const { lambdaL1, lambdaL2, learningRate } = this.#settings;
    const end = this.#leafStarts[leaf] + this.#leafCounts[leaf];
    let gradient = 0;
    let hessian = 0;
    for (let position = this.#leafStarts[leaf]; position < end; position++) {
      const row = this.#rows[position];
      gradient += gradients[row];
      hessian += hessians[row];
    }
    const denominator = hessian + lambdaL2 + this.#extraL2[leaf];
    if (!(denominator > 0)) return 0;
    const free = -shrink(gradient, lambdaL1) / denominator;
    const output = this.#directions === null ? free : clip(free, this.#lowerBounds[leaf], this.#upperBounds[leaf]);
    return clip(output * learningRate, -greatestLeafValue, greatestLeafValue);
  }
}

function addAllRows(histogram: Float64Array, block: number, words: Int32Array, packed: Float64Array, count: number): void {
  const first = block * columnsPerBlock * binsPerColumn;
  const second = first + binsPerColumn;
  const third = second + binsPerColumn;
  const fourth = third + binsPerColumn;
  for (let row = 0; row < count; row++) {
    const word = words[row];
    const value = packed[row];
    histogram[first + (word & 255)] += value;
    histogram[second + ((word >>> 8) & 255)] += value;
    histogram[third + ((word >>> 16) & 255)] += value;
    histogram[fourth + (word >>> 24)] += value;
  }
}

function addRows(
  histogram: Float64Array,
  block: number,
  words: Int32Array,
  rows: Int32Array,
  start: number,
  gathered: Float64Array,
  count: number,
): void {
  const first = block * columnsPerBlock * binsPerColumn;
  const second = first + binsPerColumn;
  const third = second + binsPerColumn;
  const fourth = third + binsPerColumn;
  for (let position = 0; position < count; position++) {
    const word = words[rows[start + position]];
    const value = gathered[position];
    histogram[first + (word & 255)] += value;
    histogram[second + ((word >>> 8) & 255)] += value;
    histogram[third + ((word >>> 16) & 255)] += value;
    histogram[fourth + (word >>> 24)] += value;
  }
}
