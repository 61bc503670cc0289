/**
 * What the kernels of learning compute, in plain TypeScript: their twins. Packed sums are pairs of whole numbers here.
 */
import type { CloseBins } from './thresholds.ts';

export interface PackedSums {
  readonly gradients: number[];
  readonly hessians: number[];
}

/** `sumRows`, of one lane. */
export function sumRows(codes: ArrayLike<number>, gradients: ArrayLike<number>, hessians: ArrayLike<number>, rows: readonly number[]): PackedSums {
  const sums = { gradients: Array.from({ length: 256 }, () => 0), hessians: Array.from({ length: 256 }, () => 0) };
  for (const row of rows) {
    sums.gradients[codes[row]] += gradients[row];
    sums.hessians[codes[row]] += hessians[row];
  }
  return sums;
}

/** `encode`, of one value. */
export function findBin(value: number, thresholds: readonly number[], missingBin: number): number {
  return Number.isNaN(value) ? missingBin : thresholds.findIndex((threshold) => value <= threshold);
}

/** `closeBins`: LightGBM's `GreedyFindBin`. */
export function closeBinsOf(counts: readonly number[]): CloseBins {
  return (from, to, total, numBins) => {
    const ofRun = counts.slice(from, to);
    const isBig = (position: number): boolean => ofRun[position] >= total / numBins;
    let binsLeft = numBins - ofRun.filter((_, position) => isBig(position)).length;
    let rowsLeft = total - ofRun.filter((_, position) => isBig(position)).reduce((sum, count) => sum + count, 0);
    let meanBinSize = rowsLeft / binsLeft;
    let inBin = 0;
    const closed: number[] = [];
    for (let position = 0; position < ofRun.length - 1 && closed.length < numBins - 1; position++) {
      if (!isBig(position)) rowsLeft -= ofRun[position];
      inBin += ofRun[position];
      if (!(isBig(position) || inBin >= meanBinSize || (isBig(position + 1) && inBin >= Math.max(1, meanBinSize * 0.5)))) continue;
      closed.push(position);
      inBin = 0;
      if (isBig(position)) continue;
      binsLeft--;
      meanBinSize = rowsLeft / binsLeft;
    }
    return closed;
  };
}

const roundingShift = 6755399441055744;
const coefficients = [
  1 / 6227020800,
  1 / 479001600,
  1 / 39916800,
  1 / 3628800,
  1 / 362880,
  1 / 40320,
  1 / 5040,
  1 / 720,
  1 / 120,
  1 / 24,
  1 / 6,
  0.5,
  1,
  1,
];

/** The exponential of `computeGradients`, operation by operation. */
export function exponential(x: number): number {
  const n = x * Math.LOG2E + roundingShift - roundingShift;
  const r = x - n * 6.9314718036912381649e-1 - n * 1.90821492927058770002e-10;
  return coefficients.reduce((sum, coefficient) => sum * r + coefficient, 0) * 2 ** n;
}

/** `computeGradients`, of one row. */
export function gradientOf(margin: number, label: number, weight: number): { readonly gradient: number; readonly hessian: number } {
  const probability = 1 / (1 + exponential(Math.max(Math.min(-margin, 708), -708)));
  return { gradient: (probability - label) * weight, hessian: probability * (1 - probability) * weight };
}

/** `quantise`, of one row; the key is two unsigned words. */
export function quantiseRow(
  row: number,
  gradient: number,
  hessian: number,
  perGradient: number,
  perHessian: number,
  [high, low]: readonly [number, number],
): { readonly gradient: number; readonly hessian: number } {
  const wrap = (bits: bigint): bigint => BigInt.asUintN(64, bits);
  let bits = wrap(((BigInt(high) << 32n) | BigInt(low)) + (BigInt(row) + 1n) * 0x9e3779b97f4a7c15n);
  bits = wrap((bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n);
  bits = wrap((bits ^ (bits >> 27n)) * 0x94d049bb133111ebn);
  bits ^= bits >> 31n;
  return {
    gradient: Math.floor(gradient * perGradient + Number(bits >> 32n) / 2 ** 32),
    hessian: Math.floor(hessian * perHessian + Number(bits & 0xffffffffn) / 2 ** 32),
  };
}
