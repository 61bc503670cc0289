// shared memory
/** What training does row by row: gradients, their rounding, the parting of a leaf's rows, the sums that a leaf is fitted on. */

const ln2High: f64 = 6.93147180369123816490e-1;
const ln2Low: f64 = 1.90821492927058770002e-10;
const log2e: f64 = 1.4426950408889634;
/** Adding it rounds to the nearest whole number, ties to even, which then stands in the low bits. */
const roundingShift: f64 = 6755399441055744;

/** e^x of two numbers within ±708, to about an ulp: reduced by multiples of ln 2, then Taylor's polynomial of degree 13. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function exp2x(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(log2e)), f64x2.splat(roundingShift));
  const n = f64x2.sub(shifted, f64x2.splat(roundingShift));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, f64x2.splat(ln2High))), f64x2.mul(n, f64x2.splat(ln2Low)));
  let sum = f64x2.splat(1.0 / 6227020800.0);
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 479001600.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 39916800.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 3628800.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 362880.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 40320.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 5040.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 720.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 120.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 24.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 6.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(0.5));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0));
  // 2^n, made from its exponent bits.
  const scale = i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
  return f64x2.mul(sum, scale);
}

/**
 * First and second derivatives of log-loss in the margin, `p - y` and `p (1 - p)`, times the row's weight, as pairs (gradient,
 * hessian) of doubles. Writes the sum of |gradient| and that of hessian to `sums`, in row order.
 *
 * @param weights - doubles, a row each; 0 = none
 */
export function computeGradients(margins: usize, labels: usize, weights: usize, pairs: usize, from: i32, to: i32, sums: usize): void {
  let total = f64x2.splat(0);
  const one = f64x2.splat(1);
  for (let row = from; row < to; row += 2) {
    const isPair = row + 1 < to;
    const at = margins + (<usize>row << 3);
    const margin = isPair ? v128.load(at) : v128.load64_zero(at);
    const bounded = f64x2.max(f64x2.min(f64x2.neg(margin), f64x2.splat(708)), f64x2.splat(-708));
    const probability = f64x2.div(one, f64x2.add(one, exp2x(bounded)));
    const label = f64x2(<f64>load<u8>(labels + <usize>row), isPair ? <f64>load<u8>(labels + <usize>row + 1) : 0);
    let gradient = f64x2.sub(probability, label);
    let hessian = f64x2.mul(probability, f64x2.sub(one, probability));
    if (weights != 0) {
      const weight = isPair ? v128.load(weights + (<usize>row << 3)) : v128.load64_zero(weights + (<usize>row << 3));
      gradient = f64x2.mul(gradient, weight);
      hessian = f64x2.mul(hessian, weight);
    }
    const first = v128.shuffle<f64>(gradient, hessian, 0, 2);
    v128.store(pairs + (<usize>row << 4), first);
    total = f64x2.add(total, f64x2.abs(first));
    if (!isPair) break;
    const second = v128.shuffle<f64>(gradient, hessian, 1, 3);
    v128.store(pairs + (<usize>row << 4), second, 16);
    total = f64x2.add(total, f64x2.abs(second));
  }
  v128.store(sums, total);
}

/**
 * Rounds the pairs of positions `from` to `to` to whole numbers of units, up or down at random so that the mean is kept, and packs
 * them: the gradient above, the hessian in the low half. Randomness is splitmix64's (Steele et al., OOPSLA 2014) of the row and the
 * key, whoever asks and in whatever order. Writes the sum of the packed to `total`.
 *
 * @param rows - row of each position; 0 = the position itself
 */
export function quantise(
  pairs: usize,
  packed: usize,
  rows: usize,
  from: i32,
  to: i32,
  perGradient: f64,
  perHessian: f64,
  keyHigh: u32,
  keyLow: u32,
  total: usize,
): void {
  const key = (<u64>keyHigh << 32) | <u64>keyLow;
  let sum: i64 = 0;
  for (let position = from; position < to; position++) {
    const row = rows == 0 ? <usize>position : <usize>load<u32>(rows + (<usize>position << 2));
    let bits = key + (<u64>row + 1) * 0x9e3779b97f4a7c15;
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111eb;
    bits ^= bits >>> 31;
    const at = pairs + (row << 4);
    const gradient = <i64>floor<f64>(load<f64>(at) * perGradient + <f64>(<u32>(bits >>> 32)) * 2.3283064365386963e-10);
    const hessian = <i64>floor<f64>(load<f64>(at, 8) * perHessian + <f64>(<u32>bits) * 2.3283064365386963e-10);
    const value = (gradient << 32) + hessian;
    store<i64>(packed + (row << 3), value);
    sum += value;
  }
  store<i64>(total, sum);
}

/**
 * Parts rows by the code of a column, order kept: those that go left to `left` (which may be `rows` itself), the others to `right`.
 * Writes the number of rows whose code is missing to `numMissing`.
 *
 * @param answers - a byte for each code: 1 left, 0 right; 2 is added where the code means missing
 * @returns rows that went left
 */
export function part(rows: usize, count: i32, codes: usize, stride: usize, answers: usize, left: usize, right: usize, numMissing: usize): i32 {
  const end = rows + (<usize>count << 2);
  const start = left;
  let missing: u32 = 0;
  for (; rows < end; rows += 4) {
    const row = load<u32>(rows);
    const answer = <usize>load<u8>(answers + <usize>load<u8>(codes + <usize>row * stride));
    store<u32>(left, row);
    store<u32>(right, row);
    const step = (answer & 1) << 2;
    left += step;
    right += 4 - step;
    missing += <u32>(answer >>> 1);
  }
  store<u32>(numMissing, missing);
  return <i32>((left - start) >>> 2);
}

/** Writes the sums of the rows' gradients and hessians, in the order of the rows. */
export function sumPairs(pairs: usize, rows: usize, count: i32, sums: usize): void {
  let total = f64x2.splat(0);
  const end = rows + (<usize>count << 2);
  for (; rows < end; rows += 4) total = f64x2.add(total, v128.load(pairs + (<usize>load<u32>(rows) << 4)));
  v128.store(sums, total);
}

export function addToMargins(margins: usize, rows: usize, count: i32, value: f64): void {
  const end = rows + (<usize>count << 2);
  for (; rows < end; rows += 4) {
    const at = margins + (<usize>load<u32>(rows) << 3);
    store<f64>(at, load<f64>(at) + value);
  }
}

/**
 * Adds a tree to the margins of rows by walking their codes.
 *
 * @param nodes - by node, four words: address of its column's codes, bytes from row to row, left child (-1 in a leaf), right child
 * @param answers - by node, a byte for each code, odd where it goes left
 * @param leafValues - by node, a double
 */
export function walkCodes(margins: usize, from: i32, to: i32, nodes: usize, answers: usize, leafValues: usize): void {
  for (let row = <usize>from; row < <usize>to; row++) {
    let node: usize = 0;
    let at = nodes;
    while (load<i32>(at, 8) >= 0) {
      const code = <usize>load<u8>(<usize>load<u32>(at) + row * <usize>load<u32>(at, 4));
      const answer = <usize>load<u8>(answers + (node << 8) + code);
      // The left child stands before the right one.
      node = <usize>load<u32>(at + 12 - ((answer & 1) << 2));
      at = nodes + (node << 4);
    }
    const margin = margins + (row << 3);
    store<f64>(margin, load<f64>(margin) + load<f64>(leafValues + (node << 3)));
  }
}

export function copyBytes(to: usize, from: usize, numBytes: usize): void {
  memory.copy(to, from, numBytes);
}
