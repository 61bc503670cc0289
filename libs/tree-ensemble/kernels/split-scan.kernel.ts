// shared memory
/**
 * The best threshold of one column on one leaf, without constraints: `findThresholdSplit` of split-search.ts, whose twin this is, to the
 * bit. A candidate is first compared without dividing, with some room; only one that may be better is divided.
 */

/** Candidates that the comparison without division lets through may still be worse; none that is better is held back. */
const room: f64 = 1 - 1e-12;

let bestGain: f64 = 0;
let bestBin: i32 = -1;
let bestMissingLeft: i32 = 0;

// @ts-ignore: a decorator of AssemblyScript
@inline
function shrink(gradient: f64, l1: f64): f64 {
  if (gradient > l1) return gradient - l1;
  return gradient < -l1 ? gradient + l1 : 0;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function consider(gradient: f64, hessian: f64, right: f64, rightHessian: f64, l1: f64, l2: f64, bin: i32, missingLeft: i32): void {
  const leftSum = l1 == 0 ? gradient : shrink(gradient, l1);
  const rightSum = l1 == 0 ? right : shrink(right, l1);
  const below = hessian + l2;
  const rightBelow = rightHessian + l2;
  const leftSquare = leftSum * leftSum;
  const rightSquare = rightSum * rightSum;
  if (leftSquare * rightBelow + rightSquare * below <= bestGain * (below * rightBelow) * room) return;
  const gain = leftSquare / below + rightSquare / rightBelow;
  if (gain > bestGain) {
    bestGain = gain;
    bestBin = bin;
    bestMissingLeft = missingLeft;
  }
}

/**
 * @param leaf - doubles: total gradient, total hessian, L1, L2, least hessian of a side, required gain
 * @param result - doubles: the best gain (the required one where none is better), its bin or -1, 1 where missing values go left
 */
export function scanThresholds(sums: usize, numValueBins: i32, hasMissing: i32, leaf: usize, result: usize): void {
  const totalGradient = load<f64>(leaf);
  const totalHessian = load<f64>(leaf, 8);
  const l1 = load<f64>(leaf, 16);
  const l2 = load<f64>(leaf, 24);
  const minHessian = load<f64>(leaf, 32);
  bestGain = load<f64>(leaf, 40);
  bestBin = -1;
  bestMissingLeft = 0;
  const missing = hasMissing ? load<i64>(sums + (<usize>numValueBins << 3)) : 0;
  const missingGradient = <f64>(missing >> 32);
  const missingHessian = <f64>(missing & 0xffffffff);
  const lastSplit = missing != 0 ? numValueBins - 1 : numValueBins - 2;
  let left: i64 = 0;
  for (let bin: i32 = 0; bin <= lastSplit; bin++) {
    const value = load<i64>(sums + (<usize>bin << 3));
    if (value == 0) continue;
    left += value;
    const gradient = <f64>(left >> 32);
    const hessian = <f64>(left & 0xffffffff);
    const rightHessian = totalHessian - hessian;
    if (hessian >= minHessian && rightHessian >= minHessian) {
      consider(gradient, hessian, totalGradient - gradient, rightHessian, l1, l2, bin, 0);
    }
    if (missing != 0) {
      const withMissing = gradient + missingGradient;
      const hessianWithMissing = hessian + missingHessian;
      const rightWithout = totalHessian - hessianWithMissing;
      if (hessianWithMissing >= minHessian && rightWithout >= minHessian) {
        consider(withMissing, hessianWithMissing, totalGradient - withMissing, rightWithout, l1, l2, bin, 1);
      }
    } else if (rightHessian < minHessian) break;
  }
  store<f64>(result, bestGain);
  store<f64>(result, <f64>bestBin, 8);
  store<f64>(result, <f64>bestMissingLeft, 16);
}
