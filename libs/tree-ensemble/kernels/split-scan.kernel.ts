// shared memory
/**
 * The best threshold of one column on one leaf: `findThresholdSplit` of split-search.ts, whose twin this is, to the bit. Without
 * constraints, two bins at a time are first compared with the best without dividing, with some room; only those that may be better are divided.
 */

/** Candidates that the comparison without division lets through may still be worse; none that is better is held back. */
const room: f64 = 1 - 1e-12;

/** Soft threshold of L1 regularisation. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function shrink(gradient: v128, l1: v128): v128 {
  const zero = f64x2.splat(0);
  return f64x2.add(f64x2.pmax(zero, f64x2.sub(gradient, l1)), f64x2.pmin(zero, f64x2.add(gradient, l1)));
}

/** Two bins of a column, the second one empty where there is none. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function loadPair(sums: usize, bin: i32, numValueBins: i32): v128 {
  const at = sums + (<usize>bin << 3);
  return bin + 1 < numValueBins ? v128.load(at) : v128.load64_zero(at);
}

/** Sums up to and with each of two bins. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function sumBelow(pair: v128, left: i64): v128 {
  const first = i8x16.shuffle(i64x2.splat(0), pair, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  return i64x2.add(i64x2.add(pair, first), i64x2.splat(left));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function gradientsOf(packed: v128): v128 {
  return f64x2.convert_low_i32x4_s(i8x16.shuffle(packed, packed, 4, 5, 6, 7, 12, 13, 14, 15, 0, 1, 2, 3, 0, 1, 2, 3));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function hessiansOf(packed: v128): v128 {
  return f64x2.convert_low_i32x4_s(i8x16.shuffle(packed, packed, 0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 0, 1, 2, 3));
}

/**
 * @param sums - by bin, 64-bit integers, the gradient above and the hessian in the low half; both sums are below 2^31
 * @param leaf - doubles: total gradient, total hessian, L1, L2, least hessian of a side, required gain
 * @param result - doubles: the best gain (the required one where none is better), its bin or -1, 1 where missing values go left
 */
export function scanThresholds(sums: usize, numValueBins: i32, hasMissing: i32, leaf: usize, result: usize): void {
  const totalGradient = f64x2.splat(load<f64>(leaf));
  const totalHessian = f64x2.splat(load<f64>(leaf, 8));
  const isShrunk = load<f64>(leaf, 16) != 0;
  const l1 = f64x2.splat(load<f64>(leaf, 16));
  const l2 = f64x2.splat(load<f64>(leaf, 24));
  const minHessian = f64x2.splat(load<f64>(leaf, 32));
  let bestGain = load<f64>(leaf, 40);
  let bar = f64x2.splat(bestGain * room);
  let bestBin: i32 = -1;
  let bestMissingLeft: i32 = 0;
  const missing = hasMissing ? load<i64>(sums + (<usize>numValueBins << 3)) : 0;
  const missingGradient = f64x2.splat(<f64>(missing >> 32));
  const missingHessian = f64x2.splat(<f64>(missing & 0xffffffff));
  let left: i64 = 0;
  // What goes left of the last value bin is all that is known: a candidate only beside missing values, else its right side is empty.
  for (let bin: i32 = 0; bin < numValueBins; bin += 2) {
    const pair = loadPair(sums, bin, numValueBins);
    // An empty bin moves no row: the candidate is the one before.
    const isFilled = v128.not(i64x2.eq(pair, i64x2.splat(0)));
    const below = sumBelow(pair, left);
    left = i64x2.extract_lane(below, 1);
    let gradient = gradientsOf(below);
    let hessian = hessiansOf(below);
    for (let missingLeft: i32 = 0; ; missingLeft++) {
      const rightHessian = f64x2.sub(totalHessian, hessian);
      let leftSum = gradient;
      let rightSum = f64x2.sub(totalGradient, gradient);
      if (isShrunk) {
        leftSum = shrink(leftSum, l1);
        rightSum = shrink(rightSum, l1);
      }
      const leftSquare = f64x2.mul(leftSum, leftSum);
      const rightSquare = f64x2.mul(rightSum, rightSum);
      const leftBelow = f64x2.add(hessian, l2);
      const rightBelow = f64x2.add(rightHessian, l2);
      const raised = f64x2.add(f64x2.mul(leftSquare, rightBelow), f64x2.mul(rightSquare, leftBelow));
      const mayBe = v128.and(
        f64x2.gt(raised, f64x2.mul(bar, f64x2.mul(leftBelow, rightBelow))),
        v128.and(isFilled, v128.and(f64x2.ge(hessian, minHessian), f64x2.ge(rightHessian, minHessian))),
      );
      if (v128.any_true(mayBe)) {
        const gains = f64x2.add(f64x2.div(leftSquare, leftBelow), f64x2.div(rightSquare, rightBelow));
        const which = i64x2.bitmask(mayBe);
        const first = f64x2.extract_lane(gains, 0);
        const second = f64x2.extract_lane(gains, 1);
        // Of equal ones the lower bin, and of its two the one with missing values on the right.
        if ((which & 1) != 0 && (first > bestGain || (first == bestGain && bestBin == bin + 1))) {
          bestGain = first;
          bestBin = bin;
          bestMissingLeft = missingLeft;
        }
        if ((which & 2) != 0 && second > bestGain) {
          bestGain = second;
          bestBin = bin + 1;
          bestMissingLeft = missingLeft;
        }
        bar = f64x2.splat(bestGain * room);
      }
      if (missing == 0 || missingLeft == 1) break;
      gradient = f64x2.add(gradient, missingGradient);
      hessian = f64x2.add(hessian, missingHessian);
    }
  }
  store<f64>(result, bestGain);
  store<f64>(result, <f64>bestBin, 8);
  store<f64>(result, <f64>bestMissingLeft, 16);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function clip(value: v128, lower: v128, upper: v128): v128 {
  return f64x2.pmin(f64x2.pmax(value, lower), upper);
}

/**
 * The same where outputs must keep within the leaf's bounds and, on this column, in the order of its values.
 *
 * @param direction - 1 where outputs may not fall as values grow, -1 where they may not rise, 0 where they are free
 * @param leaf - doubles: total gradient, total hessian, L1, L2, least hessian of a side, required gain, lower and upper bound
 * @param result - as above, then the middle of the two sides' outputs
 */
export function scanConstrained(sums: usize, numValueBins: i32, hasMissing: i32, direction: f64, leaf: usize, result: usize): void {
  const totalGradient = f64x2.splat(load<f64>(leaf));
  const totalHessian = f64x2.splat(load<f64>(leaf, 8));
  const isShrunk = load<f64>(leaf, 16) != 0;
  const l1 = f64x2.splat(load<f64>(leaf, 16));
  const l2 = f64x2.splat(load<f64>(leaf, 24));
  const minHessian = f64x2.splat(load<f64>(leaf, 32));
  let bestGain = load<f64>(leaf, 40);
  const lower = f64x2.splat(load<f64>(leaf, 48));
  const upper = f64x2.splat(load<f64>(leaf, 56));
  const two = f64x2.splat(2);
  let bestBin: i32 = -1;
  let bestMissingLeft: i32 = 0;
  let bestMiddle: f64 = 0;
  const missing = hasMissing ? load<i64>(sums + (<usize>numValueBins << 3)) : 0;
  const missingGradient = f64x2.splat(<f64>(missing >> 32));
  const missingHessian = f64x2.splat(<f64>(missing & 0xffffffff));
  let left: i64 = 0;
  for (let bin: i32 = 0; bin < numValueBins; bin += 2) {
    const pair = loadPair(sums, bin, numValueBins);
    const isFilled = v128.not(i64x2.eq(pair, i64x2.splat(0)));
    const below = sumBelow(pair, left);
    left = i64x2.extract_lane(below, 1);
    let gradient = gradientsOf(below);
    let hessian = hessiansOf(below);
    // The constraint says nothing where every known value goes left.
    const directions = f64x2(bin == numValueBins - 1 ? 0 : direction, bin + 1 == numValueBins - 1 ? 0 : direction);
    for (let missingLeft: i32 = 0; ; missingLeft++) {
      const rightHessian = f64x2.sub(totalHessian, hessian);
      let leftSum = gradient;
      let rightSum = f64x2.sub(totalGradient, gradient);
      if (isShrunk) {
        leftSum = shrink(leftSum, l1);
        rightSum = shrink(rightSum, l1);
      }
      const leftBelow = f64x2.add(hessian, l2);
      const rightBelow = f64x2.add(rightHessian, l2);
      const leftOutput = clip(f64x2.div(f64x2.neg(leftSum), leftBelow), lower, upper);
      const rightOutput = clip(f64x2.div(f64x2.neg(rightSum), rightBelow), lower, upper);
      const ofLeft = f64x2.mul(f64x2.neg(f64x2.add(f64x2.mul(two, leftSum), f64x2.mul(leftBelow, leftOutput))), leftOutput);
      const ofRight = f64x2.mul(f64x2.add(f64x2.mul(two, rightSum), f64x2.mul(rightBelow, rightOutput)), rightOutput);
      const gains = f64x2.sub(ofLeft, ofRight);
      const isAgainst = f64x2.gt(f64x2.mul(f64x2.sub(leftOutput, rightOutput), directions), f64x2.splat(0));
      const isAllowed = v128.and(isFilled, v128.and(f64x2.ge(hessian, minHessian), f64x2.ge(rightHessian, minHessian)));
      const mayBe = v128.andnot(v128.and(isAllowed, f64x2.ge(gains, f64x2.splat(bestGain))), isAgainst);
      if (v128.any_true(mayBe)) {
        const which = i64x2.bitmask(mayBe);
        const first = f64x2.extract_lane(gains, 0);
        const second = f64x2.extract_lane(gains, 1);
        const middles = f64x2.div(f64x2.add(leftOutput, rightOutput), two);
        if ((which & 1) != 0 && (first > bestGain || (first == bestGain && bestBin == bin + 1))) {
          bestGain = first;
          bestBin = bin;
          bestMissingLeft = missingLeft;
          bestMiddle = f64x2.extract_lane(middles, 0);
        }
        if ((which & 2) != 0 && second > bestGain) {
          bestGain = second;
          bestBin = bin + 1;
          bestMissingLeft = missingLeft;
          bestMiddle = f64x2.extract_lane(middles, 1);
        }
      }
      if (missing == 0 || missingLeft == 1) break;
      gradient = f64x2.add(gradient, missingGradient);
      hessian = f64x2.add(hessian, missingHessian);
    }
  }
  store<f64>(result, bestGain);
  store<f64>(result, <f64>bestBin, 8);
  store<f64>(result, <f64>bestMissingLeft, 16);
  store<f64>(result, bestMiddle, 24);
}
