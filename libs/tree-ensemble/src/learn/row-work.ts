import { claim } from './crew.ts';
import { openKernel } from '../kernels/open-kernel.ts';
import { rowsWasm } from '../kernels/rows.wasm.ts';
import { findLeaf } from '../predict.ts';
import { parameter, rowsPerBlock, type TrainingMemory } from './training-memory.ts';
import type { FeatureMatrix } from '../tree-ensemble.ts';
import { leafValuesAddress, readTree } from './shared-tree.ts';

// Bound once: a global looked up in an inner loop is slow wherever the global object is not V8's own (Jest, vm contexts).
const { exp, log1p, max, abs, floor } = Math;

const kernelNames = ['computeGradients', 'quantise', 'part', 'copyBytes', 'sumPairs', 'addToMargins', 'walkCodes'] as const;

/** Words of a chunk of a leaf's rows. */
export const chunk = { leaf: 0, start: 1, count: 2, numWords: 4 } as const;

/** What training does row by row. Sums are those of fixed blocks of rows, added in their order: nobody's share changes them. */
export class RowWork {
  readonly #shared: TrainingMemory;
  readonly #matrix: FeatureMatrix;
  readonly #validation: FeatureMatrix | null;
  readonly #member: number;
  readonly #kernels: Readonly<Record<(typeof kernelNames)[number], (...parameters: number[]) => number>>;

  constructor(shared: TrainingMemory, matrix: FeatureMatrix, validation: FeatureMatrix | null, member: number) {
    this.#shared = shared;
    this.#matrix = matrix;
    this.#validation = validation;
    this.#member = member;
    this.#kernels = openKernel(rowsWasm, shared.memory, kernelNames);
  }

  /** Gradients and hessians of every row, and by block the sums of their absolute values. */
  computeGradients(): void {
    const { layout, shape } = this.#shared;
    this.#forBlocks(shape.numRows, (block, from, to) => {
      this.#kernels.computeGradients(layout.margins, layout.labels, layout.weights, layout.pairs, from, to, layout.blockSums + block * 16);
    });
  }

  /** Rounds and packs them, of all rows or those of the bag, and by block the packed sums. */
  quantise(): void {
    const { layout } = this.#shared;
    const rows = this.#shared.getParameter(parameter.isBagged) === 1 ? layout.rows : 0;
    const [perGradient, perHessian, keyHigh, keyLow] = [parameter.perGradient, parameter.perHessian, parameter.keyHigh, parameter.keyLow].map(
      (position) => this.#shared.getParameter(position),
    );
    this.#forBlocks(this.#shared.getParameter(parameter.numPositions), (block, from, to) => {
      const total = layout.blockTotals + block * 8;
      this.#kernels.quantise(layout.pairs, layout.packed, rows, from, to, perGradient, perHessian, keyHigh, keyLow, total);
    });
  }

  /** Parts this member's share of the leaf's rows, to be collected by `collectRows`; leaves its counts (left, missing). */
  partRows(): void {
    const { layout, words } = this.#shared;
    const [start, count] = this.#shareOf(this.#member);
    const ownCounts = layout.partCounts + this.#member * 64;
    words[ownCounts >>> 2] = this.#part(start, count, layout.goneLeft + start * 4, layout.goneRight + start * 4, ownCounts + 4);
  }

  /** Lays the rows that `partRows` parted where they belong: those gone left first, order kept. */
  collectRows(): void {
    const { layout, words, shape } = this.#shared;
    const leafStart = this.#shared.getParameter(parameter.leafStart);
    let numLeft = 0;
    let leftBefore = 0;
    for (let member = 0; member < shape.numMembers; member++) {
      const ofMember = words[(layout.partCounts + member * 64) >>> 2];
      if (member < this.#member) leftBefore += ofMember;
      numLeft += ofMember;
    }
    const [start, count] = this.#shareOf(this.#member);
    const ownLeft = words[(layout.partCounts + this.#member * 64) >>> 2];
    const rightBefore = start - leafStart - leftBefore;
    this.#kernels.copyBytes(layout.rows + (leafStart + leftBefore) * 4, layout.goneLeft + start * 4, ownLeft * 4);
    this.#kernels.copyBytes(layout.rows + (leafStart + numLeft + rightBefore) * 4, layout.goneRight + start * 4, (count - ownLeft) * 4);
  }

  /** Parts a leaf's rows in place, alone. */
  partAlone(): { readonly numLeft: number; readonly numMissing: number } {
    const { layout, words } = this.#shared;
    const start = this.#shared.getParameter(parameter.leafStart);
    const count = this.#shared.getParameter(parameter.leafCount);
    const rows = layout.rows + start * 4;
    const numLeft = this.#part(start, count, rows, layout.goneRight, layout.partCounts);
    this.#kernels.copyBytes(rows + numLeft * 4, layout.goneRight, (count - numLeft) * 4);
    return { numLeft, numMissing: words[layout.partCounts >>> 2] };
  }

  #part(start: number, count: number, left: number, right: number, numMissing: number): number {
    const { layout } = this.#shared;
    const codes = this.#shared.getParameter(parameter.codesAddress);
    const stride = this.#shared.getParameter(parameter.codesStride);
    return this.#kernels.part(layout.rows + start * 4, count, codes, stride, layout.answers, left, right, numMissing);
  }

  #shareOf(member: number): readonly [start: number, count: number] {
    const start = this.#shared.getParameter(parameter.leafStart);
    const count = this.#shared.getParameter(parameter.leafCount);
    const { numMembers } = this.#shared.shape;
    const from = floor((count * member) / numMembers);
    return [start + from, floor((count * (member + 1)) / numMembers) - from];
  }

  /** Sums of gradients and hessians by chunk of a leaf's rows. */
  sumLeaves(): void {
    const { layout, words } = this.#shared;
    this.#forChunks((index, at) => {
      const rows = layout.rows + words[at + chunk.start] * 4;
      this.#kernels.sumPairs(layout.pairs, rows, words[at + chunk.count], layout.chunkSums + index * 16);
    });
  }

  /** Adds each leaf's value to the margins of its rows. */
  addToMargins(): void {
    const { layout, words, doubles } = this.#shared;
    this.#forChunks((_, at) => {
      const rows = layout.rows + words[at + chunk.start] * 4;
      const value = doubles[layout.leafValues / 8 + words[at + chunk.leaf]];
      this.#kernels.addToMargins(layout.margins, rows, words[at + chunk.count], value);
    });
  }

  /** Adds the tree to the margins of every row, by walking it: rows out of the bag are in no leaf. */
  walkRows(): void {
    const { layout, shape } = this.#shared;
    if (shape.hasWideCategories) {
      this.#walk(this.#matrix, this.#shared.doublesAt(layout.margins, shape.numRows));
      return;
    }
    const leafValues = leafValuesAddress(this.#shared);
    this.#forBlocks(shape.numRows, (_, from, to) => {
      this.#kernels.walkCodes(layout.margins, from, to, layout.walkNodes, layout.walkAnswers, leafValues);
    });
  }

  /** Adds the tree to the margins of the validation rows, and by block their log-loss. */
  validate(): void {
    const { layout, shape, doubles } = this.#shared;
    if (this.#validation === null) return;
    const margins = this.#shared.doublesAt(layout.validationMargins, shape.numValidationRows);
    const labels = this.#shared.bytesAt(layout.validationLabels, shape.numValidationRows);
    const weights = shape.isValidationWeighted ? this.#shared.doublesAt(layout.validationWeights, shape.numValidationRows) : null;
    this.#walk(this.#validation, margins, (block, from, to) => {
      let total = 0;
      for (let row = from; row < to; row++) {
        const towardsLabel = labels[row] === 1 ? margins[row] : -margins[row];
        // log(1 + e^-m) without overflow.
        const loss = max(0, -towardsLabel) + log1p(exp(-abs(towardsLabel)));
        total += weights === null ? loss : weights[row] * loss;
      }
      doubles[layout.validationSums / 8 + block] = total;
    });
  }

  #walk(matrix: FeatureMatrix, margins: Float64Array, finish?: (block: number, from: number, to: number) => void): void {
    const tree = readTree(this.#shared);
    const { leafValue } = tree;
    const { values, numFeatures } = matrix;
    this.#forBlocks(matrix.numRows, (block, from, to) => {
      for (let row = from; row < to; row++) margins[row] += leafValue[findLeaf(tree, values, row * numFeatures)];
      finish?.(block, from, to);
    });
  }

  #forBlocks(numRows: number, perform: (block: number, from: number, to: number) => void): void {
    for (;;) {
      const block = claim(this.#shared);
      const from = block * rowsPerBlock;
      if (from >= numRows) return;
      perform(block, from, Math.min(from + rowsPerBlock, numRows));
    }
  }

  #forChunks(perform: (index: number, at: number) => void): void {
    const { layout } = this.#shared;
    const numChunks = this.#shared.getParameter(parameter.numChunks);
    for (;;) {
      const index = claim(this.#shared);
      if (index >= numChunks) return;
      perform(index, (layout.chunks >>> 2) + index * chunk.numWords);
    }
  }
}
