// LightGBM's constants: `min_data_in_bin`, `kZeroThreshold`.
const minDataInBin = 3;
const zeroThreshold = Math.fround(1e-35);

/** Of the distinct values `from` to `to - 1`, counted from `from`: those that a bin ends with, the last bin excepted. */
export type CloseBins = (from: number, to: number, total: number, numBins: number) => Iterable<number>;

/**
 * The upper bounds of a feature's bins, the last one Infinity: LightGBM's `FindBinWithZeroAsOneBin`, where zero has a bin of its own and
 * both sides share the rest by their number of rows. Thresholds are float32 numbers.
 *
 * @param distinct - known values, ascending; one at least
 * @param counts - rows of each
 * @param closeBins - shares out values that are more than the bins
 */
export function findThresholds(distinct: Float32Array, counts: Int32Array, maxBin: number, closeBins: CloseBins): Float64Array {
  const firstNotNegative = firstAbove(distinct, -zeroThreshold);
  const firstPositive = firstAbove(distinct, zeroThreshold);
  const numNegative = sum(counts, 0, firstNotNegative);
  const numPositive = sum(counts, firstPositive, counts.length);

  const thresholds: number[] = [];
  if (firstNotNegative > 0 && maxBin > 1) {
    const share = numNegative / (numNegative + numPositive);
    const side = findBoundaries(distinct, counts, 0, firstNotNegative, Math.max(1, Math.floor(share * (maxBin - 1))), closeBins);
    thresholds.push(...side, -zeroThreshold);
  }
  const binsLeft = maxBin - 1 - thresholds.length;
  if (firstPositive < distinct.length && binsLeft > 0) {
    thresholds.push(zeroThreshold, ...findBoundaries(distinct, counts, firstPositive, distinct.length, binsLeft, closeBins));
  }
  // A threshold at or above the greatest value (all rows negative, or zero) separates nothing.
  const greatest = distinct[distinct.length - 1];
  while (thresholds.length > 0 && thresholds[thresholds.length - 1] >= greatest) thresholds.pop();
  const least = distinct[0];
  const useful = thresholds.filter((threshold) => threshold >= least);
  return Float64Array.from([...useful, Infinity]);
}

/** LightGBM's `GreedyFindBin` on `distinct[from..to)`: inner boundaries only, at most `maxBin - 1` of them. */
function findBoundaries(distinct: Float32Array, counts: Int32Array, from: number, to: number, maxBin: number, closeBins: CloseBins): number[] {
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
  for (const position of closeBins(from, to, total, numBins)) addBoundary(from + position);
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

function firstAbove(sorted: Float32Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sum(counts: Int32Array, from: number, to: number): number {
  let total = 0;
  for (let position = from; position < to; position++) total += counts[position];
  return total;
}
