/** Lays a plan out in the memory that `kernels/tree-shap.kernel.ts` reads; that file says where each number stands in a record. */
import { TreeEnsembleError } from '../errors.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { edgeTable, failingEdgeTable, isFirstMeeting, otherEdges, tableOf, type PlannedSplit, type PlannedTree, type ShapPlan } from './shap-plan.ts';

/** Trees of as many points, one after the other. */
export interface TreeGroup {
  readonly numPoints: number;
  readonly numTrees: number;
  /** Addresses: of the group's shared vectors and of its first tree. */
  readonly shared: number;
  readonly trees: number;
  /** Of the first entry of its interactions; 0 where none are laid out. */
  readonly entries: number;
}

/** A plan in memory; addresses and sizes in bytes. */
export interface ShapMemory {
  readonly memory: WebAssembly.Memory;
  readonly groups: readonly TreeGroup[];
  readonly slots: number;
  readonly states: number;
  /** For each row of a block: its cells (f64), and its values (f64x2 by feature). */
  readonly cells: number;
  readonly values: number;
  readonly cellsStride: number;
  readonly valuesStride: number;
  readonly maxRows: number;
  /** How far behind its slot a split's part stands. */
  readonly parts: number;
  /** Sums of pairs of features (f64), features × features, of which the half is used whose first feature is less than the second. */
  readonly triangle: number;
}

const headerBytes = 16;
const splitBytes = 48;
const leafBytes = 8;
const pageBytes = 65_536;
/** A tree that needs more is no tree that anybody learnt: it is refused. */
const maxBytes = 2 ** 30;
const sharedVectors = 3;
const entryBytes = 12;

const roundUp = (bytes: number, to: number): number => Math.ceil(bytes / to) * to;
const vectorBytes = (numPoints: number): number => numPoints * Float64Array.BYTES_PER_ELEMENT;
const numInnerLeaves = ({ numInner, splits, leafValues }: PlannedTree): number => leafValues.length - 2 * (splits.length - numInner);
const treeBytes = (tree: PlannedTree): number => headerBytes + splitBytes * tree.splits.length + leafBytes * numInnerLeaves(tree);
const tablesBytes = ({ splits, numPoints }: PlannedTree): number =>
  2 * vectorBytes(numPoints) * splits.filter((split) => !isFirstMeeting(split)).length;
const slotsBytes = (tree: PlannedTree): number => (tree.splits.length + numInnerLeaves(tree)) * vectorBytes(tree.numPoints);
const greatest = (numbers: readonly number[]): number => numbers.reduce((most, value) => Math.max(most, value), 0);
const total = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0);

/** Entries of a tree's interactions, or infinitely many where they are more than fit. */
const countEntries = ({ splits }: PlannedTree): number => {
  let entries = 0;
  for (let number = 0; number < splits.length && entries * entryBytes < maxBytes; number++) entries += otherEdges(splits, number).length;
  return entries;
};

export interface ShapLayout {
  /** Rows of a block. */
  readonly maxRows: number;
  readonly hasInteractions: boolean;
}

/**
 * Writes the plan into a memory of its own.
 *
 * Throws `path-too-wide` where that takes over a gibibyte.
 */
export function layOutShap(plan: ShapPlan, { maxRows, hasInteractions }: ShapLayout): ShapMemory {
  const { trees, numFeatures } = plan;
  const byPoints = Map.groupBy(trees, ({ numPoints }) => numPoints);
  const groupsOfTrees = [...byPoints].sort(([a], [b]) => a - b);
  const cellsStride = roundUp(plan.cells.length * 8, 16);
  const valuesStride = numFeatures * 16;

  let size = 64;
  const reserve = (bytes: number): number => {
    const address = size;
    size += roundUp(bytes, 64);
    if (size > maxBytes) {
      const most = greatest(trees.map(({ numPoints }) => numPoints));
      throw new TreeEnsembleError('path-too-wide', `attributing these trees (${most} points) takes more than ${maxBytes} bytes`);
    }
    return address;
  };
  const bytesOfSlots = greatest(trees.map(slotsBytes));
  const slots = reserve(bytesOfSlots);
  const partSlots = reserve(hasInteractions ? bytesOfSlots : 0);
  const triangle = reserve(hasInteractions ? 8 * numFeatures ** 2 : 0);
  const states = reserve(1 + greatest(trees.map(({ splits }) => splits.length)));
  const cells = reserve(cellsStride * maxRows);
  const values = reserve(valuesStride * maxRows);
  const placed = groupsOfTrees.map(([numPoints, treesOfGroup]) => {
    const numSplits = total(treesOfGroup.map(({ splits }) => splits.length));
    return {
      numPoints,
      treesOfGroup,
      shared: reserve(sharedVectors * vectorBytes(numPoints)),
      tables: reserve(total(treesOfGroup.map(tablesBytes))),
      trees: reserve(total(treesOfGroup.map(treeBytes))),
      edgeTables: reserve(hasInteractions ? 2 * numSplits * vectorBytes(numPoints) : 0),
      entries: hasInteractions ? reserve(4 * numSplits + entryBytes * total(treesOfGroup.map(countEntries))) : 0,
    };
  });

  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / pageBytes) });
  const writer = new Writer(memory.buffer, slots);
  for (const { numPoints, treesOfGroup, shared, tables, trees: firstTree, edgeTables, entries } of placed) {
    const { points, weights } = gaussLegendre(numPoints);
    writer.putNumbers(shared, [...weights, ...points, ...failingEdgeTable(points)]);
    let table = tables;
    let address = firstTree;
    for (const tree of treesOfGroup) {
      writer.putTree(address, tree, (split) => {
        if (isFirstMeeting(split)) return 0;
        const { known, weight } = tableOf(split, points);
        writer.putNumbers(table, [...known, ...weight]);
        table += 2 * vectorBytes(numPoints);
        return table - 2 * vectorBytes(numPoints);
      });
      address += treeBytes(tree);
    }
    if (hasInteractions) putInteractions(writer, treesOfGroup, points, edgeTables, entries, numFeatures);
  }
  const groups = placed.map(({ numPoints, treesOfGroup, shared, trees: first, entries }) => ({
    numPoints,
    shared,
    trees: first,
    entries,
    numTrees: treesOfGroup.length,
  }));
  return { memory, groups, slots, states, cells, values, cellsStride, valuesStride, maxRows, parts: partSlots - slots, triangle };
}

function putInteractions(
  writer: Writer,
  trees: readonly PlannedTree[],
  points: Float64Array,
  edgeTables: number,
  entries: number,
  numFeatures: number,
): void {
  let table = edgeTables;
  let entry = entries;
  for (const { splits } of trees) {
    const first = table;
    const placeOf = (edge: number): number => first + edge * vectorBytes(points.length);
    for (let edge = 0; edge < 2 * splits.length; edge++) writer.putNumbers(placeOf(edge), [...edgeTable(splits, edge, points)]);
    splits.forEach(({ feature }, number) => {
      const edges = otherEdges(splits, number);
      const records = edges.map((edge) => {
        const other = splits[edge >> 1].feature;
        return [8 * (Math.min(feature, other) * numFeatures + Math.max(feature, other)), edge + 2, placeOf(edge)];
      });
      writer.putWords(entry, [edges.length, ...records.flat()]);
      entry += 4 + entryBytes * edges.length;
    });
    table = placeOf(2 * splits.length);
  }
}

class Writer {
  readonly #view: DataView;
  readonly #slots: number;

  constructor(buffer: ArrayBuffer, slots: number) {
    this.#view = new DataView(buffer);
    this.#slots = slots;
  }

  putNumbers(address: number, values: readonly number[]): void {
    values.forEach((value, index) => this.#view.setFloat64(address + 8 * index, value, true));
  }

  putTree(address: number, tree: PlannedTree, placeTable: (split: PlannedSplit) => number): void {
    const { splits, numInner, leafValues, numPoints } = tree;
    const leaves = numInnerLeaves(tree);
    this.putWords(address, [numInner, leaves, splits.length - numInner, 0]);
    let at = address + headerBytes;
    for (const split of splits.slice(0, numInner)) {
      this.putNumbers(at, [split.threshold, split.leftShare, split.rightShare]);
      const [left, right] = [split.left, split.right].map((slot) => this.#slots + slot * vectorBytes(numPoints));
      this.putWords(at + 24, [...placesOf(split), placeTable(split), left, right]);
      at += splitBytes;
    }
    this.putNumbers(at, leafValues.slice(0, leaves));
    at += leafBytes * leaves;
    for (const split of splits.slice(numInner)) {
      const [left, right] = [leafValues[split.left - splits.length], leafValues[split.right - splits.length]];
      const mean = split.leftShare * left + split.rightShare * right;
      this.putNumbers(at, [split.threshold, mean, split.rightShare * (left - right), split.leftShare * (right - left)]);
      this.putWords(at + 32, [...placesOf(split), placeTable(split)]);
      at += splitBytes;
    }
  }

  putWords(address: number, values: readonly number[]): void {
    values.forEach((value, index) => this.#view.setUint32(address + 4 * index, value, true));
  }
}

/** Offsets of the cell among a row's cells and of the feature among its values, and the previous edge. */
const placesOf = (split: PlannedSplit): readonly number[] => [split.cell * 8, split.feature * 16, isFirstMeeting(split) ? 0 : split.previousEdge + 2];
