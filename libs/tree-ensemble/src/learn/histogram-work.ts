import type { FeatureBins } from './binning.ts';
import type { Lane, Unit } from './column-plan.ts';
import { claim } from './crew.ts';
import type { HyperParameters } from './hyper-parameters.ts';
import { histogramWasm } from '../kernels/histogram.wasm.ts';
import { openKernel } from '../kernels/open-kernel.ts';
import { splitScanWasm } from '../kernels/split-scan.wasm.ts';
import { findColumnSplit, prepareSearch, type LeafSearch } from './split-search.ts';
import type { Split } from './split.ts';
import type { TrainingColumns } from './training-columns.ts';
import { binsPerLane, laneBytes, parameter, parametersPerSide, recordBytes, scratchOffset, type TrainingMemory } from './training-memory.ts';

const lanesPerGroup = 8;

/** Of one of the two leaves whose histograms a phase makes. */
interface Side {
  readonly index: number;
  /** Of its histogram. */
  readonly address: number;
  readonly search: LeafSearch;
}

/**
 * Histograms of the smaller child of a split, those of the larger one by subtraction from the parent's, and the best split of both on
 * each column. A claim covers a unit of columns, from its rows to its splits, while its sums are near.
 */
export class HistogramWork {
  readonly #shared: TrainingMemory;
  readonly #settings: HyperParameters;
  readonly #columns: TrainingColumns;
  /** By column; null where no column is under a monotone constraint. */
  readonly #directions: Int8Array | null;
  readonly #scratch: number;
  readonly #sums = { gradients: new Float64Array(binsPerLane), hessians: new Float64Array(binsPerLane) };
  readonly #kernels: Readonly<Record<'sumAllRows' | 'sumRows' | 'sumPickedLanes' | 'sumOfColumn' | 'settle', (...parameters: number[]) => number>>;
  readonly #scan: Readonly<Record<'scanThresholds' | 'scanConstrained', (...parameters: number[]) => number>>;

  constructor(
    shared: TrainingMemory,
    columns: TrainingColumns,
    settings: HyperParameters,
    monotoneConstraints: ArrayLike<number> | null,
    member: number,
  ) {
    this.#shared = shared;
    this.#settings = settings;
    this.#columns = columns;
    this.#directions = directionsOf(columns.bins, monotoneConstraints);
    this.#scratch = shared.layout.scratch + member * shared.layout.scratchBytes;
    this.#kernels = openKernel(histogramWasm, shared.memory, ['sumAllRows', 'sumRows', 'sumPickedLanes', 'sumOfColumn', 'settle']);
    this.#scan = openKernel(splitScanWasm, shared.memory, ['scanThresholds', 'scanConstrained']);
  }

  perform(): void {
    const { layout } = this.#shared;
    const slotBytes = this.#shared.getParameter(parameter.slotBytes);
    const smaller = layout.histograms + this.#shared.getParameter(parameter.smallerSlot) * slotBytes;
    const parentSlot = this.#shared.getParameter(parameter.parentSlot);
    const parent = parentSlot < 0 ? 0 : layout.histograms + parentSlot * slotBytes;
    const sides = [this.#openSide(0, smaller), this.#openSide(1, parent)].filter((side) => side !== null);
    const { units } = this.#columns.plan;
    for (;;) {
      const index = claim(this.#shared);
      if (index >= units.length) return;
      const unit = units[index];
      const lanes = this.#usedLanes(unit);
      if (lanes.length === 0) continue;
      const places = this.#sumUnit(unit, lanes);
      lanes.forEach((lane, position) => {
        this.#settleLane(unit.lanes[lane], this.#scratch + scratchOffset.sums + places[position] * laneBytes, smaller, parent, sides);
      });
    }
  }

  /** Null where that leaf is not to be searched. */
  #openSide(index: number, address: number): Side | null {
    const from = parameter.sides + index * parametersPerSide;
    const read = (position: number): number => this.#shared.getParameter(from + position);
    if (read(0) === 0) return null;
    const leaf = { gradient: read(1), hessian: read(2), numRows: read(3), lowerBound: read(4), upperBound: read(5) };
    const units = {
      gradientUnit: this.#shared.getParameter(parameter.gradientUnit),
      hessianUnit: this.#shared.getParameter(parameter.hessianUnit),
    };
    const search = prepareSearch(leaf, this.#settings, units, this.#directions !== null);
    if (search === null) return null;
    const { totalGradient, totalHessian, l1, l2, minHessian, requiredGain, lower, upper } = search;
    this.#shared.doubles.set([totalGradient, totalHessian, l1, l2, minHessian, requiredGain, lower, upper], this.#leafAddress(index) / 8);
    return { index, address, search };
  }

  #leafAddress(side: number): number {
    return this.#scratch + scratchOffset.leaves + side * 64;
  }

  /** Lanes, by position, in which the current tree uses a column. */
  #usedLanes({ lanes }: Unit): readonly number[] {
    const { bytes, layout } = this.#shared;
    const used: number[] = [];
    for (let lane = 0; lane < lanes.length; lane++) {
      if (lanes[lane].columns.some((column) => bytes[layout.selected + column] === 1)) used.push(lane);
    }
    return used;
  }

  /** Sums the lanes into the scratch histogram; returns the place of each there. */
  #sumUnit({ stride, codesOffset }: Unit, lanes: readonly number[]): readonly number[] {
    const { layout, bytes } = this.#shared;
    const sums = this.#scratch + scratchOffset.sums;
    const tile = this.#scratch + scratchOffset.tile;
    const tilePacked = this.#scratch + scratchOffset.tilePacked;
    const codes = layout.codes + codesOffset;
    const count = this.#shared.getParameter(parameter.leafCount);
    const isEveryRow = this.#shared.getParameter(parameter.isEveryRow) === 1;
    const rows = layout.rows + this.#shared.getParameter(parameter.leafStart) * 4;
    const groups = new Set(lanes.map((lane) => Math.floor(lane / lanesPerGroup)));
    if (Math.ceil(lanes.length / lanesPerGroup) < groups.size) {
      const picks = this.#scratch + scratchOffset.picks;
      bytes.fill(255, picks, picks + 64);
      lanes.forEach((lane, place) => {
        bytes[picks + (place >>> 4) * 32 + (lane >>> 4) * 16 + (place & 15)] = lane & 15;
      });
      this.#kernels.sumPickedLanes(sums, codes, stride, lanes.length, picks, layout.packed, isEveryRow ? 0 : rows, count, tile, tilePacked);
      return lanes.map((_, place) => place);
    }
    const bits = [...groups].reduce((sum, group) => sum | (1 << group), 0);
    if (isEveryRow) this.#kernels.sumAllRows(sums, codes, stride, bits, layout.packed, count);
    else this.#kernels.sumRows(sums, codes, stride, bits, layout.packed, rows, count, tile, tilePacked);
    return lanes;
  }

  #settleLane(lane: Lane, ofLane: number, smaller: number, parent: number, sides: readonly Side[]): void {
    const { bytes, layout } = this.#shared;
    for (const column of lane.columns) {
      if (bytes[layout.selected + column] === 0) continue;
      const { radix, numBins, sumsOffset } = this.#columns.plan.columns[column];
      let sums = ofLane;
      if (lane.columns.length > 1) {
        sums = this.#scratch + scratchOffset.laneSums;
        this.#kernels.sumOfColumn(sums, ofLane, lane.numCodes, radix, numBins);
      }
      this.#kernels.settle(sums, smaller + sumsOffset, parent === 0 ? 0 : parent + sumsOffset, numBins);
      // What stands in several columns is searched when all of them are settled.
      if (this.#columns.bins[column].numPages !== 1) continue;
      for (const side of sides) this.#searchColumn(column, side, side.address + sumsOffset);
    }
  }

  #searchColumn(column: number, side: Side, sums: number): void {
    const { bytes, doubles, layout, shape } = this.#shared;
    const record = layout.records + (side.index * shape.maxColumns + column) * recordBytes;
    doubles[record / 8] = 0;
    if (bytes[layout.searchable + side.index * shape.maxColumns + column] === 0) return;
    const bins = this.#columns.bins[column];
    if (bins.categories === null) {
      this.#scanColumn(column, side, sums, record);
      return;
    }
    unpackSums(this.#shared, sums, bins.numValueBins + (bins.hasMissing ? 1 : 0), this.#sums, 0);
    const split = findColumnSplit(this.#sums, bins, this.#directions?.[column] ?? 0, side.search);
    if (split !== null) writeRecord(this.#shared, record, split);
  }

  #scanColumn(column: number, { index, search }: Side, sums: number, record: number): void {
    const { doubles } = this.#shared;
    const { numValueBins, hasMissing } = this.#columns.bins[column];
    const result = this.#scratch + scratchOffset.result;
    const missing = hasMissing ? 1 : 0;
    if (search.isConstrained) {
      this.#scan.scanConstrained(sums, numValueBins, missing, this.#directions?.[column] ?? 0, this.#leafAddress(index), result);
    } else this.#scan.scanThresholds(sums, numValueBins, missing, this.#leafAddress(index), result);
    // Read one by one: this runs for every column of every leaf.
    const found = result / 8;
    if (doubles[found + 1] < 0) return;
    const at = record / 8;
    doubles[at] = (doubles[found] - search.requiredGain) * search.gainUnit;
    doubles[at + 1] = doubles[found + 1];
    doubles[at + 2] = doubles[found + 2];
    doubles[at + 3] = search.isConstrained ? doubles[found + 3] * search.outputUnit : 0;
  }
}

/** By column: the monotone constraint of its feature; null where none has one. */
export function directionsOf(bins: readonly FeatureBins[], monotoneConstraints: ArrayLike<number> | null): Int8Array | null {
  if (monotoneConstraints === null) return null;
  const directions = Int8Array.from(bins, ({ feature }) => monotoneConstraints[feature]);
  return directions.some((direction) => direction !== 0) ? directions : null;
}

/** Reads packed sums as numbers, from `position` on. */
export function unpackSums(
  { words, unsigned }: TrainingMemory,
  address: number,
  numBins: number,
  sums: { readonly gradients: Float64Array; readonly hessians: Float64Array },
  position: number,
): void {
  for (let bin = 0, at = address >>> 2; bin < numBins; bin++, at += 2) {
    sums.gradients[position + bin] = words[at + 1];
    sums.hessians[position + bin] = unsigned[at];
  }
}

// A record: doubles gain, bin (-1 for a set of bins), 1 where missing values go left, middle output or extra L2; then the set, 256 bits.
const setWord = 8;

function writeRecord({ doubles, words }: TrainingMemory, record: number, split: Split): void {
  const at = record / 8;
  doubles[at] = split.gain;
  doubles[at + 2] = split.isMissingLeft ? 1 : 0;
  if (split.kind === 'threshold') {
    doubles[at + 1] = split.bin;
    doubles[at + 3] = split.middleOutput;
    return;
  }
  doubles[at + 1] = -1;
  doubles[at + 3] = split.extraL2;
  const set = (record >>> 2) + setWord;
  words.fill(0, set, set + binsPerLane / 32);
  for (const bin of split.leftBins) words[set + (bin >>> 5)] |= 1 << (bin & 31);
}

export function readRecord({ doubles, words }: TrainingMemory, record: number): Split {
  const [gain, bin, missingLeft, rest] = doubles.subarray(record / 8, record / 8 + 4);
  const isMissingLeft = missingLeft === 1;
  if (bin >= 0) return { kind: 'threshold', gain, bin, isMissingLeft, middleOutput: rest };
  const set = (record >>> 2) + setWord;
  const leftBins: number[] = [];
  for (let each = 0; each < binsPerLane; each++) if (((words[set + (each >>> 5)] >>> (each & 31)) & 1) === 1) leftBins.push(each);
  return { kind: 'bin-set', gain, leftBins, isMissingLeft, extraL2: rest };
}
