import { claim } from './crew.ts';
import { openKernel } from '../kernels/open-kernel.ts';
import { binningWasm } from '../kernels/binning.wasm.ts';
import type { Random } from '../random.ts';
import { findThresholds } from './thresholds.ts';
import { binsPerLane, featuresPerClaim, scratchOffset, thresholdBytes, thresholdsPerRun, type TrainingMemory } from './training-memory.ts';
import type { ColumnPlan } from './column-plan.ts';
import type { FeatureMatrix } from '../tree-ensemble.ts';

/**
 * How one feature's values fall into bins: bin `b` holds the values with `thresholds[b - 1] < value <= thresholds[b]`,
 * the last value bin is open (`Infinity`), and the missing bin, if any, comes after it.
 *
 * Thresholds are float32 numbers, so a split reproduces the binning exactly, in readers that know only float32 as well.
 */
export interface FeatureBins {
  /** Column in the matrix. */
  readonly feature: number;
  /** Bins of known values; the missing bin, if any, is the one after them. */
  readonly numValueBins: number;
  /** Empty where the feature is one of categories. */
  readonly thresholds: Float64Array;
  /** Category code of each value bin, of all columns of the feature together; null where the feature is a number. */
  readonly categories: Int32Array | null;
  /** The missing bin of categories holds those without a bin of their own as well. */
  readonly hasMissing: boolean;
  /** Columns that the feature's categories are spread over: this one and those after it, whose own number is 0; else 1. */
  readonly numPages: number;
}

export interface BinnedColumn {
  readonly bins: FeatureBins;
  /** Bin of each row. */
  readonly codes: Uint8Array;
  /** Of a feature's first column where several hold its categories: the bin of each row among all of them, the number of them for others. */
  readonly wideCodes?: Uint16Array;
}

const rowsPerGathering = 256;

/** LightGBM's `bin_construct_sample_cnt`. */
export const sampleSize = 200_000;

/** Rows that bins are found on, ascending, each subset equally likely; null = all. Selection sampling (Knuth, TAOCP 2, algorithm S). */
export function drawSample(numRows: number, random: Random): Int32Array | null {
  if (numRows <= sampleSize) return null;
  const rows = new Int32Array(sampleSize);
  let taken = 0;
  for (let row = 0; taken < sampleSize; row++) {
    if ((numRows - row) * random() < sampleSize - taken) rows[taken++] = row;
  }
  return rows;
}

/** Finding the bins of numbers, and encoding them. */
export class Binning {
  readonly #shared: TrainingMemory;
  readonly #matrix: FeatureMatrix;
  readonly #maxBin: number;
  readonly #isCategory: Uint8Array;
  readonly #member: number;
  readonly #kernels: Readonly<Record<'sortValues' | 'countDistinct' | 'closeBins' | 'encode', (...parameters: number[]) => number>>;

  constructor(shared: TrainingMemory, matrix: FeatureMatrix, maxBin: number, categoricalFeatures: readonly number[], member: number) {
    this.#shared = shared;
    this.#matrix = matrix;
    this.#maxBin = maxBin;
    this.#isCategory = new Uint8Array(matrix.numFeatures);
    for (const feature of categoricalFeatures) this.#isCategory[feature] = 1;
    this.#member = member;
    this.#kernels = openKernel(binningWasm, shared.memory, ['sortValues', 'countDistinct', 'closeBins', 'encode']);
  }

  /** Leaves each feature's thresholds; a feature that is constant or missing throughout gets 0 bins, one of categories as well. */
  findBins(): void {
    const { layout, shape } = this.#shared;
    const sample = shape.numSampled < shape.numRows ? this.#shared.wordsAt(layout.sample, shape.numSampled) : null;
    const start = layout.codes + this.#member * layout.sortBytes;
    const spare = start + featuresPerClaim * shape.numSampled * 4;
    const ends = new Int32Array(featuresPerClaim);
    for (;;) {
      const first = claim(this.#shared) * featuresPerClaim;
      if (first >= shape.numFeatures) return;
      const numClaimed = Math.min(featuresPerClaim, shape.numFeatures - first);
      this.#gather(sample, first, numClaimed, start, ends);
      for (let index = 0; index < numClaimed; index++) {
        const at = start + index * shape.numSampled * 4;
        this.#findBinsOf(first + index, at, ends[index] - (at >>> 2), spare);
      }
    }
  }

  /** Lays the known values of some features side by side; `ends` says where each one's end, in words. */
  #gather(sample: Int32Array | null, first: number, numClaimed: number, start: number, ends: Int32Array): void {
    const { floats, shape } = this.#shared;
    const { values, numFeatures } = this.#matrix;
    for (let index = 0; index < numClaimed; index++) ends[index] = (start >>> 2) + index * shape.numSampled;
    // Feature by feature, but of few rows at a time: their lines are near from the first feature on.
    for (let from = 0; from < shape.numSampled; from += rowsPerGathering) {
      const to = Math.min(from + rowsPerGathering, shape.numSampled);
      for (let index = 0; index < numClaimed; index++) {
        let end = ends[index];
        for (let position = from; position < to; position++) {
          const row = sample === null ? position : sample[position];
          const value = values[row * numFeatures + first + index];
          floats[end] = value;
          end += value === value ? 1 : 0;
        }
        ends[index] = end;
      }
    }
  }

  #findBinsOf(feature: number, values: number, numKnown: number, spare: number): void {
    const { layout, shape, words, floats } = this.#shared;
    const table = (layout.features >>> 2) + feature * 2;
    words[table] = 0;
    words[table + 1] = numKnown < shape.numSampled ? 1 : 0;
    if (this.#isCategory[feature] === 1 || numKnown === 0) return;
    const counts = spare + shape.numSampled * 4;
    this.#kernels.sortValues(values, spare, numKnown, layout.scratch + this.#member * layout.scratchBytes + scratchOffset.digits);
    const numDistinct = this.#kernels.countDistinct(values, numKnown, counts);
    const hasMissing = words[table + 1];
    const closed = layout.scratch + this.#member * layout.scratchBytes + scratchOffset.digits;
    const thresholds = findThresholds(
      this.#shared.floatsAt(values, numDistinct),
      this.#shared.wordsAt(counts, numDistinct),
      this.#maxBin - hasMissing,
      (from, to, total, numBins) => this.#shared.wordsAt(closed, this.#kernels.closeBins(counts + from * 4, to - from, total, numBins, closed)),
    );
    if (thresholds.length + hasMissing < 2) return;
    words[table] = thresholds.length;
    const ofFeature = (layout.thresholds + feature * thresholdBytes) >>> 2;
    floats.fill(Infinity, ofFeature, ofFeature + binsPerLane + thresholdsPerRun);
    floats.set(thresholds, ofFeature);
    for (let run = 0; run < thresholdsPerRun; run++) floats[ofFeature + binsPerLane + run] = floats[ofFeature + (run + 1) * thresholdsPerRun - 1];
  }

  /** Writes the codes of columns that are numbers; marks those with a missing value that the sample had not shown. */
  encode(bins: readonly FeatureBins[], plan: ColumnPlan): void {
    const { layout, floats, shape } = this.#shared;
    const { values, numFeatures } = this.#matrix;
    const block = layout.scratch + this.#member * layout.scratchBytes + scratchOffset.values;
    const columns = plan.units.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.columns)).filter((column) => bins[column].categories === null);
    for (;;) {
      const from = claim(this.#shared) * layout.rowsPerValueBlock;
      if (from >= shape.numRows) return;
      const count = Math.min(layout.rowsPerValueBlock, shape.numRows - from);
      floats.set(values.subarray(from * numFeatures, (from + count) * numFeatures), block >>> 2);
      // In the order of a lane's columns: the first one writes the code, the others add to it.
      for (const column of columns) this.#encodeColumn(bins[column], column, plan, block, from, count);
    }
  }

  #encodeColumn(bins: FeatureBins, column: number, plan: ColumnPlan, block: number, from: number, count: number): void {
    const { layout, words } = this.#shared;
    const { unit, lane, radix } = plan.columns[column];
    const { stride, codesOffset } = plan.units[unit];
    const hasMissing = this.#kernels.encode(
      block + bins.feature * 4,
      this.#matrix.numFeatures * 4,
      count,
      layout.thresholds + bins.feature * thresholdBytes,
      bins.numValueBins <= thresholdsPerRun ? 1 : 0,
      bins.numValueBins,
      layout.codes + codesOffset + from * stride + lane,
      stride,
      radix,
      radix === 1 ? 1 : 0,
    );
    if (hasMissing === 1) Atomics.store(words, (layout.features >>> 2) + bins.feature * 2 + 1, 1);
  }
}
