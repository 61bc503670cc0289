/**
 * Leaf-wise growth of one tree from binned columns, after LightGBM (Ke et al., NeurIPS 2017; `serial_tree_learner.cpp`,
 * `feature_histogram.hpp`): histograms, smaller child plus subtraction, a learned direction for missing values.
 *
 * Gradients and hessians are quantised with stochastic rounding (Shi et al., NeurIPS 2022) and packed into one 64-bit integer. Their
 * sums are exact: a histogram costs one addition a row and column, parent − child is exact, and the tree depends neither on the order
 * of addition nor on how many members the crew has. Leaf values are then fitted on the unquantised gradients.
 *
 * The grower decides; the crew does what is done row by row or column by column (row-work.ts, histogram-work.ts).
 */
import type { BinnedColumn } from './binning.ts';
import { phase, type Crew } from './crew.ts';
import { clip, shrink } from './gain.ts';
import { directionsOf, readRecord, unpackSums } from './histogram-work.ts';
import { HistogramSlots } from './histogram-slots.ts';
import type { HyperParameters } from './hyper-parameters.ts';
import { InteractionGroups, type Branch } from './interaction-groups.ts';
import { NodeList } from './node-list.ts';
import { chooseUnits, type Quantisation } from './quantisation.ts';
import { chunk, type RowWork } from './row-work.ts';
import { findColumnSplit, prepareSearch, type LeafSums } from './split-search.ts';
import { answerRows, fillGoesLeft, toNodeSplit, type Split } from './split.ts';
import type { TrainingColumns } from './training-columns.ts';
import { binsPerLane, parameter, parametersPerSide, recordBytes, rowsPerBlock, type TrainingMemory } from './training-memory.ts';
import type { Tree } from '../tree-ensemble.ts';

/** Leaves of fewer rows are parted by one member: calling the others would take longer. */
const leastSharedRows = 16_384;
// Far beyond certainty; sums of so many trees as there may be stay finite.
const greatestLeafValue = 1e30;

/** The best split of a leaf, the column that it is on (the first of them where it has several), and what it sends left. */
interface LeafSplit {
  readonly column: number;
  readonly split: Split;
  readonly leftGradient: number;
  readonly leftHessian: number;
}

interface Leaf {
  start: number;
  numRows: number;
  depth: number;
  node: number;
  /** Whole numbers, in units of the quantisation. */
  gradient: number;
  hessian: number;
  best: LeafSplit | null;
  /** What its output, before shrinkage, may not leave. */
  lowerBound: number;
  upperBound: number;
  /** L2 of its output, beside `lambdaL2`. */
  extraL2: number;
  /** What it may still split on; null without interaction constraints. */
  branch: Branch | null;
}

export interface GrownTree {
  readonly tree: Tree;
  readonly numLeaves: number;
}

/** Seeds the rounding of one tree: two unsigned words. */
export type RoundingKey = readonly [high: number, low: number];

/** Grows trees over one set of binned columns, on the gradients that stand in the shared memory. */
export class TreeGrower {
  readonly #shared: TrainingMemory;
  readonly #crew: Crew;
  readonly #rowWork: RowWork;
  readonly #columns: readonly BinnedColumn[];
  readonly #plan: TrainingColumns['plan'];
  readonly #settings: HyperParameters;
  /** By column: +1 where margins may not fall as values grow, -1 where they may not rise; null where no column is held to either. */
  readonly #directions: Int8Array | null;
  readonly #interactions: InteractionGroups | null;
  readonly #slots: HistogramSlots;
  readonly #goesLeft = new Uint8Array(binsPerLane);
  readonly #sums: { readonly gradients: Float64Array; readonly hessians: Float64Array };
  /** Columns of the current tree, ascending. */
  #selected: Int32Array;
  #units: Quantisation = { gradientUnit: 1, hessianUnit: 1 };
  #leaves: Leaf[] = [];

  /**
   * @param columns - with the codes of those of categories; the others' stand in the shared memory
   * @param monotoneConstraints - -1, 0 or +1 a feature of the matrix
   * @param interactionConstraints - groups of such features; null = none
   */
  constructor(
    shared: TrainingMemory,
    crew: Crew,
    rowWork: RowWork,
    columns: readonly BinnedColumn[],
    plan: TrainingColumns['plan'],
    settings: HyperParameters,
    monotoneConstraints: ArrayLike<number> | null,
    interactionConstraints: readonly (readonly number[])[] | null,
  ) {
    this.#shared = shared;
    this.#crew = crew;
    this.#rowWork = rowWork;
    this.#columns = columns;
    this.#plan = plan;
    this.#settings = settings;
    const bins = columns.map((column) => column.bins);
    this.#directions = directionsOf(bins, monotoneConstraints);
    this.#interactions = interactionConstraints === null ? null : new InteractionGroups(interactionConstraints, columns);
    this.#slots = new HistogramSlots(Math.floor(shared.layout.histogramBytes / plan.histogramBytes));
    const numSums = Math.max(binsPerLane, ...bins.map(({ numPages }) => numPages * binsPerLane));
    this.#sums = { gradients: new Float64Array(numSums), hessians: new Float64Array(numSums) };
    this.#selected = Int32Array.from(columns, (_, column) => column);
    this.selectColumns(this.#selected);
    shared.setParameter(parameter.slotBytes, plan.histogramBytes);
  }

  /** Restricts the next trees to some columns, ascending; all columns of a feature or none. */
  selectColumns(selected: Int32Array): void {
    this.#selected = selected;
    const { layout, shape } = this.#shared;
    const flags = this.#shared.bytesAt(layout.selected, shape.maxColumns);
    flags.fill(0);
    for (const column of selected) flags[column] = 1;
  }

  /**
   * Grows a tree on the rows of `bag` (ascending; null = all) from the margins as they stand. Leaf values are multiplied by the
   * learning rate.
   */
  grow(bag: Int32Array | null, key: RoundingKey): GrownTree {
    const { shape, layout } = this.#shared;
    const { maxLeaves } = shape;
    const rows = this.#shared.wordsAt(layout.rows, shape.numRows);
    const numRows = bag === null ? shape.numRows : bag.length;
    if (bag === null) for (let row = 0; row < numRows; row++) rows[row] = row;
    else rows.set(bag);
    const [gradient, hessian] = this.#quantise(numRows, bag !== null, key);

    const nodes = new NodeList(maxLeaves);
    this.#slots.clear();
    if (shape.isBagged) this.#shared.words[(layout.walkNodes >>> 2) + 2] = -1;
    const root: Leaf = {
      start: 0,
      numRows,
      depth: 0,
      node: nodes.add(numRows),
      gradient,
      hessian,
      best: null,
      lowerBound: -Infinity,
      upperBound: Infinity,
      extraL2: 0,
      branch: this.#interactions?.open() ?? null,
    };
    this.#leaves = [root];
    if (this.#maySplit(root)) this.#fillAndSearch(0, null, bag === null);
    while (this.#leaves.length < maxLeaves) {
      const leaf = this.#bestLeaf();
      const best = leaf < 0 ? null : this.#leaves[leaf].best;
      if (best === null) break;
      const right = this.#split(leaf, best, nodes);
      this.#leaves.push(right);
      if (this.#leaves.length < maxLeaves) this.#prepareChildren(leaf, this.#leaves.length - 1);
    }
    this.#fitLeaves(nodes);
    return { tree: nodes.toTree(), numLeaves: this.#leaves.length };
  }

  /** Gradients, rounded and packed; returns the rows' sums. */
  #quantise(numRows: number, isBagged: boolean, [keyHigh, keyLow]: RoundingKey): readonly [gradient: number, hessian: number] {
    const { shape, layout, doubles } = this.#shared;
    this.#crew.run(phase.computeGradients);
    let sumOfGradients = 0;
    let sumOfHessians = 0;
    for (let block = 0; block * rowsPerBlock < shape.numRows; block++) {
      sumOfGradients += doubles[layout.blockSums / 8 + block * 2];
      sumOfHessians += doubles[layout.blockSums / 8 + block * 2 + 1];
    }
    this.#units = chooseUnits(sumOfGradients, sumOfHessians, shape.numRows);
    const { gradientUnit, hessianUnit } = this.#units;
    this.#shared.setParameter(parameter.gradientUnit, gradientUnit);
    this.#shared.setParameter(parameter.hessianUnit, hessianUnit);
    this.#shared.setParameter(parameter.perGradient, 1 / gradientUnit);
    this.#shared.setParameter(parameter.perHessian, 1 / hessianUnit);
    this.#shared.setParameter(parameter.keyHigh, keyHigh);
    this.#shared.setParameter(parameter.keyLow, keyLow);
    this.#shared.setParameter(parameter.numPositions, numRows);
    this.#shared.setParameter(parameter.isBagged, isBagged ? 1 : 0);
    this.#crew.run(phase.quantise);
    let gradient = 0;
    let hessian = 0;
    for (let block = 0; block * rowsPerBlock < numRows; block++) {
      gradient += this.#shared.gradientAt(layout.blockTotals + block * 8);
      hessian += this.#shared.hessianAt(layout.blockTotals + block * 8);
    }
    return [gradient, hessian];
  }

  #maySplit({ depth, numRows }: Leaf): boolean {
    const { maxDepth, minDataInLeaf } = this.#settings;
    if (maxDepth > 0 && depth >= maxDepth) return false;
    return numRows >= 2 * Math.max(1, minDataInLeaf);
  }

  #bestLeaf(): number {
    let best = -1;
    let bestGain = 0;
    for (let leaf = 0; leaf < this.#leaves.length; leaf++) {
      const gain = this.#leaves[leaf].best?.split.gain ?? 0;
      if (gain > bestGain) {
        bestGain = gain;
        best = leaf;
      }
    }
    return best;
  }

  /** Makes the leaf its own left child, rows kept in ascending order on both sides; returns the right one. */
  #split(index: number, best: LeafSplit, nodes: NodeList): Leaf {
    const leaf = this.#leaves[index];
    const { column, split } = best;
    const { bins } = this.#columns[column];
    const { numLeft, numMissing } = this.#partRows(leaf, column, split);
    const numRight = leaf.numRows - numLeft;
    // Where training saw no missing value, the larger side takes those that come later.
    const isDefaultLeft = numMissing > 0 ? split.isMissingLeft : numLeft >= numRight;
    const leftNode = nodes.add(numLeft);
    const rightNode = nodes.add(numRight);
    nodes.setSplit(leaf.node, toNodeSplit(split, bins, isDefaultLeft), leftNode, rightNode);
    this.#noteWalk(leaf.node, leftNode, rightNode);

    const branch = leaf.branch === null ? null : (this.#interactions?.narrow(leaf.branch, bins.feature) ?? null);
    const extraL2 = split.kind === 'bin-set' ? split.extraL2 : 0;
    const ofBoth = { ...leaf, depth: leaf.depth + 1, best: null, extraL2, branch };
    const right: Leaf = {
      ...ofBoth,
      start: leaf.start + numLeft,
      numRows: numRight,
      node: rightNode,
      gradient: leaf.gradient - best.leftGradient,
      hessian: leaf.hessian - best.leftHessian,
    };
    const left: Leaf = { ...ofBoth, numRows: numLeft, node: leftNode, gradient: best.leftGradient, hessian: best.leftHessian };
    this.#boundChildren(left, right, split, this.#directionOf(column, split));
    this.#leaves[index] = left;
    return right;
  }

  #partRows(leaf: Leaf, column: number, split: Split): { readonly numLeft: number; readonly numMissing: number } {
    const { layout, shape, words } = this.#shared;
    this.#answer(leaf, column, split);
    this.#shared.setParameter(parameter.leafStart, leaf.start);
    this.#shared.setParameter(parameter.leafCount, leaf.numRows);
    if (this.#crew.numMembers === 1 || leaf.numRows < leastSharedRows) return this.#rowWork.partAlone();
    this.#crew.run(phase.partRows);
    let numLeft = 0;
    let numMissing = 0;
    for (let member = 0; member < shape.numMembers; member++) {
      numLeft += words[(layout.partCounts + member * 64) >>> 2];
      numMissing += words[((layout.partCounts + member * 64) >>> 2) + 1];
    }
    this.#crew.run(phase.collectRows);
    return { numLeft, numMissing };
  }

  /** Keeps what a walk over codes needs of a node that was just split; its answers still stand. */
  #noteWalk(node: number, leftNode: number, rightNode: number): void {
    const { layout, shape, unsigned, words, bytes } = this.#shared;
    if (!shape.isBagged) return;
    const at = (layout.walkNodes >>> 2) + node * 4;
    unsigned[at] = this.#shared.getParameter(parameter.codesAddress);
    unsigned[at + 1] = this.#shared.getParameter(parameter.codesStride);
    words[at + 2] = leftNode;
    words[at + 3] = rightNode;
    for (const child of [leftNode, rightNode]) words[(layout.walkNodes >>> 2) + child * 4 + 2] = -1;
    bytes.copyWithin(layout.walkAnswers + node * binsPerLane, layout.answers, layout.answers + binsPerLane);
  }

  /** Leaves, by code, where the rows go: of the column's lane, or where its feature has several columns, of the rows' answers. */
  #answer(leaf: Leaf, column: number, split: Split): void {
    const { layout, shape } = this.#shared;
    const answers = this.#shared.bytesAt(layout.answers, binsPerLane);
    const { bins, wideCodes } = this.#columns[column];
    if (split.kind === 'bin-set' && wideCodes !== undefined) {
      const rows = this.#shared.wordsAt(layout.rows + leaf.start * 4, leaf.numRows);
      answerRows(split, wideCodes, rows, this.#shared.bytesAt(layout.answersByRow, shape.numRows));
      answers.fill(0);
      answers[1] = 1;
      this.#shared.setParameter(parameter.codesAddress, layout.answersByRow);
      this.#shared.setParameter(parameter.codesStride, 1);
      return;
    }
    fillGoesLeft(split, bins, this.#goesLeft);
    const { unit, lane, radix, numBins } = this.#plan.columns[column];
    const { stride, codesOffset } = this.#plan.units[unit];
    for (let code = 0; code < binsPerLane; code++) {
      const bin = Math.floor(code / radix) % numBins;
      answers[code] = this.#goesLeft[bin] + (bin === bins.numValueBins ? 2 : 0);
    }
    this.#shared.setParameter(parameter.codesAddress, layout.codes + codesOffset + lane);
    this.#shared.setParameter(parameter.codesStride, stride);
  }

  /** Both sides keep within the parent's bounds; a split on a constrained feature puts its middle between them. */
  #boundChildren(left: Leaf, right: Leaf, split: Split, direction: number): void {
    if (direction === 0 || split.kind !== 'threshold') return;
    const [low, high] = direction > 0 ? [left, right] : [right, left];
    // The outputs were within the bounds, so their middle is.
    low.upperBound = split.middleOutput;
    high.lowerBound = split.middleOutput;
  }

  /** What the constraint says about a split: nothing where every known value goes left. */
  #directionOf(column: number, split: Split): number {
    if (this.#directions === null || split.kind !== 'threshold') return 0;
    return split.bin === this.#columns[column].bins.numValueBins - 1 ? 0 : this.#directions[column];
  }

  /** Histograms and best splits of the two children, the larger one's by subtraction from the parent's, which stands under `left`. */
  #prepareChildren(left: number, right: number): void {
    const [smaller, larger] = this.#leaves[left].numRows <= this.#leaves[right].numRows ? [left, right] : [right, left];
    const mayBoth = [smaller, larger].map((leaf) => this.#maySplit(this.#leaves[leaf]));
    if (!mayBoth[0] && !mayBoth[1]) {
      this.#slots.release(left);
      return;
    }
    if (this.#slots.of(left) !== null) {
      this.#slots.move(left, larger);
      this.#fillAndSearch(smaller, larger, false);
      return;
    }
    // The parent's was forgotten.
    if (mayBoth[0]) this.#fillAndSearch(smaller, null, false);
    if (mayBoth[1]) this.#fillAndSearch(larger, null, false);
  }

  /** Fills the histogram of `smaller`, takes it from that under `larger` (null = none), and searches those that may be split. */
  #fillAndSearch(smaller: number, larger: number | null, isEveryRow: boolean): void {
    const leaf = this.#leaves[smaller];
    const numRowsOf = (other: number): number => this.#leaves[other].numRows;
    this.#shared.setParameter(parameter.leafStart, leaf.start);
    this.#shared.setParameter(parameter.leafCount, leaf.numRows);
    this.#shared.setParameter(parameter.isEveryRow, isEveryRow ? 1 : 0);
    this.#shared.setParameter(parameter.smallerSlot, this.#slots.take(smaller, larger, numRowsOf));
    this.#shared.setParameter(parameter.parentSlot, larger === null ? -1 : (this.#slots.of(larger) ?? -1));
    const sides = larger === null ? [smaller] : [smaller, larger];
    for (const side of [0, 1]) this.#openSide(side, sides[side]);
    this.#crew.run(phase.fillHistograms);
    sides.forEach((each, side) => {
      const found = this.#maySplit(this.#leaves[each]) ? this.#collectSplit(each, side) : null;
      this.#leaves[each].best = found;
      if (found === null) this.#slots.release(each);
    });
  }

  #openSide(side: number, index: number | undefined): void {
    const { layout, shape } = this.#shared;
    const at = parameter.sides + side * parametersPerSide;
    const leaf = index === undefined ? null : this.#leaves[index];
    if (leaf === null || !this.#maySplit(leaf)) {
      this.#shared.setParameter(at, 0);
      return;
    }
    const { gradient, hessian, numRows, lowerBound, upperBound } = leaf;
    [1, gradient, hessian, numRows, lowerBound, upperBound].forEach((value, position) => this.#shared.setParameter(at + position, value));
    const searchable = this.#shared.bytesAt(layout.searchable + side * shape.maxColumns, shape.maxColumns);
    if (leaf.branch === null) searchable.fill(1);
    else searchable.set(leaf.branch.mayUse);
  }

  /** The leaf's best split over all selected columns, of equal ones the first column's. */
  #collectSplit(index: number, side: number): LeafSplit | null {
    const { layout, shape, doubles, bytes } = this.#shared;
    const leaf = this.#leaves[index];
    if (leaf.hessian <= 0) return null;
    let bestGain = 0;
    let bestColumn = -1;
    let bestWide: Split | null = null;
    for (const column of this.#selected) {
      const { numPages } = this.#columns[column].bins;
      const record = layout.records + (side * shape.maxColumns + column) * recordBytes;
      if (numPages === 1 && doubles[record / 8] > bestGain) {
        bestGain = doubles[record / 8];
        bestColumn = column;
        bestWide = null;
      }
      if (numPages <= 1 || bytes[layout.searchable + side * shape.maxColumns + column] === 0) continue;
      const wide = this.#searchPages(index, column);
      if (wide === null || wide.gain <= bestGain) continue;
      bestGain = wide.gain;
      bestColumn = column;
      bestWide = wide;
    }
    if (bestColumn < 0) return null;
    const split = bestWide ?? readRecord(this.#shared, layout.records + (side * shape.maxColumns + bestColumn) * recordBytes);
    return { column: bestColumn, split, ...this.#sumLeft(index, bestColumn, split) };
  }

  /** The best split on a feature whose categories stand in several columns. */
  #searchPages(index: number, column: number): Split | null {
    const search = prepareSearch(this.#sumsOf(this.#leaves[index]), this.#settings, this.#units, this.#directions !== null);
    if (search === null) return null;
    this.#unpack(index, column);
    return findColumnSplit(this.#sums, this.#columns[column].bins, 0, search);
  }

  #sumsOf({ gradient, hessian, numRows, lowerBound, upperBound }: Leaf): LeafSums {
    return { gradient, hessian, numRows, lowerBound, upperBound };
  }

  /** Reads the leaf's sums of a feature, those of all its columns one after the other. */
  #unpack(index: number, column: number): void {
    const { bins } = this.#columns[column];
    const slot = this.#shared.layout.histograms + (this.#slots.of(index) ?? 0) * this.#plan.histogramBytes;
    let position = 0;
    for (let page = 0; page < bins.numPages; page++) {
      const ofPage = this.#columns[column + page].bins;
      const numBins = ofPage.numValueBins + (bins.hasMissing && bins.numPages === 1 ? 1 : 0);
      unpackSums(this.#shared, slot + this.#plan.columns[column + page].sumsOffset, numBins, this.#sums, position);
      position += numBins;
    }
  }

  #sumLeft(index: number, column: number, split: Split): { readonly leftGradient: number; readonly leftHessian: number } {
    this.#unpack(index, column);
    const { gradients, hessians } = this.#sums;
    const { bins } = this.#columns[column];
    let leftGradient = 0;
    let leftHessian = 0;
    const add = (bin: number): void => {
      leftGradient += gradients[bin];
      leftHessian += hessians[bin];
    };
    if (split.kind === 'bin-set') split.leftBins.forEach(add);
    else for (let bin = 0; bin <= split.bin; bin++) add(bin);
    if (bins.hasMissing && split.isMissingLeft) add(bins.numValueBins);
    return { leftGradient, leftHessian };
  }

  /** `-shrink(Σ gradient, L1) / (Σ hessian + L2)`, shrunk by the learning rate, on unquantised sums; leaves them for `addToMargins`. */
  #fitLeaves(nodes: NodeList): void {
    const { layout, words, doubles } = this.#shared;
    let numChunks = 0;
    this.#leaves.forEach(({ start, numRows }, leaf) => {
      for (let from = 0; from < numRows; from += rowsPerBlock, numChunks++) {
        const at = (layout.chunks >>> 2) + numChunks * chunk.numWords;
        words[at + chunk.leaf] = leaf;
        words[at + chunk.start] = start + from;
        words[at + chunk.count] = Math.min(rowsPerBlock, numRows - from);
      }
    });
    this.#shared.setParameter(parameter.numChunks, numChunks);
    this.#crew.run(phase.sumLeaves);
    const sums = this.#leaves.map(() => ({ gradient: 0, hessian: 0 }));
    for (let index = 0; index < numChunks; index++) {
      const sum = sums[words[(layout.chunks >>> 2) + index * chunk.numWords + chunk.leaf]];
      sum.gradient += doubles[layout.chunkSums / 8 + index * 2];
      sum.hessian += doubles[layout.chunkSums / 8 + index * 2 + 1];
    }
    this.#leaves.forEach((leaf, index) => {
      const value = this.#fitLeaf(leaf, sums[index].gradient, sums[index].hessian);
      doubles[layout.leafValues / 8 + index] = value;
      nodes.setLeafValue(leaf.node, value);
    });
  }

  #fitLeaf({ extraL2, lowerBound, upperBound }: Leaf, gradient: number, hessian: number): number {
    const { lambdaL1, lambdaL2, learningRate } = this.#settings;
    const denominator = hessian + lambdaL2 + extraL2;
    if (!(denominator > 0)) return 0;
    const value = clip(-shrink(gradient, lambdaL1) / denominator, lowerBound, upperBound) * learningRate;
    return clip(value, -greatestLeafValue, greatestLeafValue);
  }
}
