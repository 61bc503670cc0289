import { binCategories } from './category-bins.ts';
import type { Random } from './random.ts';
import type { FeatureMatrix } from './tree-ensemble.ts';

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

// LightGBM's constants: `bin_construct_sample_cnt`, `min_data_in_bin`, `kZeroThreshold`.
const sampleSize = 200_000;
const minDataInBin = 3;
const zeroThreshold = Math.fround(1e-35);

/** Bins the columns that have something to split on; constant and all-missing ones are left out. Infinities are values. */
export function binMatrix(
  matrix: FeatureMatrix,
  maxBin: number,
  random: Random,
  categoricalFeatures: ReadonlySet<number> = new Set(),
): readonly BinnedColumn[] {
  const { numRows, numFeatures, values } = matrix;
  const sample = drawSample(numRows, random);
  const column = new Float32Array(numRows);
  const sampled = new Float32Array(sample === null ? numRows : sample.length);
  const columns: BinnedColumn[] = [];
  for (let feature = 0; feature < numFeatures; feature++) {
    let hasMissing = false;
    for (let row = 0, at = feature; row < numRows; row++, at += numFeatures) {
      const value = values[at];
      column[row] = value;
      if (value !== value) hasMissing = true;
    }
    if (categoricalFeatures.has(feature)) {
      columns.push(...binCategories(feature, column, maxBin));
      continue;
    }
    if (sample === null) sampled.set(column);
    else for (let position = 0; position < sample.length; position++) sampled[position] = column[sample[position]];
    const thresholds = findThresholds(sampled, hasMissing ? maxBin - 1 : maxBin);
    if (thresholds === null || thresholds.length + (hasMissing ? 1 : 0) < 2) continue;
    const bins = { feature, numValueBins: thresholds.length, thresholds, categories: null, hasMissing, numPages: 1 };
    columns.push({ bins, codes: encode(column, thresholds) });
  }
  return columns;
}

function drawSample(numRows: number, random: Random): Int32Array | null {
  if (numRows <= sampleSize) return null;
  const rows = new Int32Array(sampleSize);
  let taken = 0;
  // Selection sampling (Knuth, TAOCP 2, algorithm S): in row order, each subset equally likely.
  for (let row = 0; taken < sampleSize; row++) {
    if ((numRows - row) * random() < sampleSize - taken) rows[taken++] = row;
  }
  return rows;
}

function encode(column: Float32Array, thresholds: Float64Array): Uint8Array {
  const codes = new Uint8Array(column.length);
  const last = thresholds.length - 1;
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    if (value !== value) {
      codes[row] = last + 1;
      continue;
    }
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value <= thresholds[middle]) high = middle;
      else low = middle + 1;
    }
    codes[row] = low;
  }
  return codes;
}

/** LightGBM's `FindBinWithZeroAsOneBin`: zero has a bin of its own, both sides share the rest by their number of rows. */
function findThresholds(sampled: Float32Array, maxBin: number): Float64Array | null {
  sampled.sort();
  let numValues = sampled.length;
  while (numValues > 0 && sampled[numValues - 1] !== sampled[numValues - 1]) numValues--;
  if (numValues === 0) return null;

  const distinct: number[] = [];
  const counts: number[] = [];
  for (let position = 0; position < numValues; position++) {
    const value = sampled[position];
    if (distinct.length > 0 && value === distinct[distinct.length - 1]) counts[counts.length - 1]++;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }

  const firstNotNegative = firstAbove(distinct, -zeroThreshold);
  const firstPositive = firstAbove(distinct, zeroThreshold);
  const numNegative = sum(counts, 0, firstNotNegative);
  const numPositive = sum(counts, firstPositive, counts.length);

  const thresholds: number[] = [];
  if (firstNotNegative > 0 && maxBin > 1) {
    const share = numNegative / (numNegative + numPositive);
    const side = findBoundaries(distinct, counts, 0, firstNotNegative, Math.max(1, Math.floor(share * (maxBin - 1))));
    thresholds.push(...side, -zeroThreshold);
  }
  const binsLeft = maxBin - 1 - thresholds.length;
  if (firstPositive < distinct.length && binsLeft > 0) {
    thresholds.push(zeroThreshold, ...findBoundaries(distinct, counts, firstPositive, distinct.length, binsLeft));
  }
  // A threshold at or above the greatest value (all rows negative, or zero) separates nothing.
  const greatest = distinct[distinct.length - 1];
  while (thresholds.length > 0 && thresholds[thresholds.length - 1] >= greatest) thresholds.pop();
  const least = distinct[0];
  const useful = thresholds.filter((threshold) => threshold >= least);
  return Float64Array.from([...useful, Infinity]);
}

/** LightGBM's `GreedyFindBin` on `distinct[from..to)`: inner boundaries only, at most `maxBin - 1` of them. */
function findBoundaries(distinct: readonly number[], counts: readonly number[], from: number, to: number, maxBin: number): number[] {
  const boundaries: number[] = [];
  const addBoundary = (below: number): boolean => {
    const boundary = boundaryBetween(distinct[below], distinct[below + 1]);
    if (boundaries.length > 0 && boundaries[boundaries.length - 1] >= boundary) return false;
    boundaries.push(boundary);
    return true;
  };

  if (to - from <= maxBin) {
    let inBin = 0;
    for (let position = from; position < to - 1; position++) {
      inBin += counts[position];
      if (inBin >= minDataInBin && addBoundary(position)) inBin = 0;
    }
    return boundaries;
  }

  const total = sum(counts, from, to);
  const numBins = Math.max(1, Math.min(maxBin, Math.floor(total / minDataInBin)));
  // Values that would fill a bin alone get one; the rest is shared out evenly among the other bins.
  const isBig = (position: number): boolean => counts[position] >= total / numBins;
  let binsLeft = numBins;
  let rowsLeft = total;
  for (let position = from; position < to; position++) {
    if (isBig(position)) {
      binsLeft--;
      rowsLeft -= counts[position];
    }
  }
  let meanBinSize = rowsLeft / binsLeft;
  let inBin = 0;
  let numClosed = 0;
  for (let position = from; position < to - 1 && numClosed < numBins - 1; position++) {
    if (!isBig(position)) rowsLeft -= counts[position];
    inBin += counts[position];
    const isFull = isBig(position) || inBin >= meanBinSize || (isBig(position + 1) && inBin >= Math.max(1, meanBinSize * 0.5));
    if (!isFull) continue;
    addBoundary(position);
    numClosed++;
    inBin = 0;
    if (!isBig(position)) {
      binsLeft--;
      meanBinSize = rowsLeft / binsLeft;
    }
  }
  return boundaries;
}

/** A float32 number `t` with `below <= t < above`, near their middle. */
function boundaryBetween(below: number, above: number): number {
  const middle = floorToFloat32(below / 2 + above / 2);
  return middle >= below && middle < above ? middle : below;
}

const float32 = new Float32Array(1);
const float32Bits = new Int32Array(float32.buffer);

/** The greatest float32 number that is not above `value`. */
function floorToFloat32(value: number): number {
  float32[0] = value;
  if (float32[0] <= value) return float32[0];
  if (float32[0] === 0) return -Math.fround(1.401298464324817e-45);
  float32Bits[0] += float32[0] > 0 ? -1 : 1;
  return float32[0];
}

function firstAbove(sorted: readonly number[], limit: number): number {
  const position = sorted.findIndex((value) => value > limit);
  return position < 0 ? sorted.length : position;
}

function sum(counts: readonly number[], from: number, to: number): number {
  let total = 0;
  for (let position = from; position < to; position++) total += counts[position];
  return total;
}
