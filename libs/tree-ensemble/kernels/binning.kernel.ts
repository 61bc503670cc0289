// shared memory
/** What binning does value by value. */

const numDigits: usize = 2048;

/** A float32's bits so turned that unsigned order is numeric order (-0 right below +0). */
// @ts-ignore: a decorator of AssemblyScript
@inline
function toKey(bits: u32): u32 {
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function fromKey(key: u32): u32 {
  return key ^ ((~<u32>(<i32>key >> 31)) | 0x80000000);
}

/**
 * Sorts float32 numbers, none of them NaN, by radix: three digits of eleven bits.
 *
 * @param spare - as long as the values
 * @param counts - 3 · 2048 words
 */
export function sortValues(values: usize, spare: usize, count: i32, counts: usize): void {
  const bytes = <usize>count << 2;
  memory.fill(counts, 0, numDigits * 12);
  for (let at: usize = 0; at < bytes; at += 4) {
    const key = toKey(load<u32>(values + at));
    store<u32>(values + at, key);
    let digit = counts + ((key & 2047) << 2);
    store<u32>(digit, load<u32>(digit) + 1);
    digit = counts + (((key >>> 11) & 2047) << 2);
    store<u32>(digit, load<u32>(digit, 8192) + 1, 8192);
    digit = counts + ((key >>> 22) << 2);
    store<u32>(digit, load<u32>(digit, 16384) + 1, 16384);
  }
  let from = values;
  let to = spare;
  for (let pass: u32 = 0; pass < 3; pass++) {
    const ofPass = counts + <usize>pass * 8192;
    const shift = pass * 11;
    let next = to;
    for (let digit: usize = 0; digit < 8192; digit += 4) {
      const inDigit = <usize>load<u32>(ofPass + digit);
      store<u32>(ofPass + digit, <u32>next);
      next += inDigit << 2;
    }
    const isLast = pass == 2;
    for (let at: usize = 0; at < bytes; at += 4) {
      const key = load<u32>(from + at);
      const digit = ofPass + (((key >>> shift) & 2047) << 2);
      const place = <usize>load<u32>(digit);
      store<u32>(place, isLast ? fromKey(key) : key);
      store<u32>(digit, <u32>place + 4);
    }
    const swapped = from;
    from = to;
    to = swapped;
  }
  memory.copy(values, spare, bytes);
}

/** Of sorted values: writes the distinct ones over them and how often each stands there to `counts`; returns their number. */
export function countDistinct(values: usize, count: i32, counts: usize): i32 {
  if (count == 0) return 0;
  let last = load<f32>(values);
  let numDistinct: usize = 0;
  let inValue: i32 = 0;
  for (let position: usize = 0; position < <usize>count; position++) {
    const value = load<f32>(values + (position << 2));
    if (value != last) {
      store<f32>(values + (numDistinct << 2), last);
      store<i32>(counts + (numDistinct << 2), inValue);
      numDistinct++;
      last = value;
      inValue = 0;
    }
    inValue++;
  }
  store<f32>(values + (numDistinct << 2), last);
  store<i32>(counts + (numDistinct << 2), inValue);
  return <i32>numDistinct + 1;
}

/**
 * LightGBM's greedy bins of a run of distinct values: closes a bin at a value that fills one alone, at one that fills the bin begun
 * before it, and where such a big one follows a bin that is half full. Writes the positions after which bins are closed; returns how many.
 *
 * @param counts - rows of each distinct value, their sum being `total`
 * @param numBins - 1 or more
 */
export function closeBins(counts: usize, numValues: i32, total: f64, numBins: i32, closed: usize): i32 {
  const big = total / <f64>numBins;
  let binsLeft = numBins;
  let rowsLeft = total;
  for (let position: i32 = 0; position < numValues; position++) {
    const count = <f64>load<i32>(counts + (<usize>position << 2));
    if (count >= big) {
      binsLeft--;
      rowsLeft -= count;
    }
  }
  let meanBinSize = rowsLeft / <f64>binsLeft;
  let inBin: f64 = 0;
  let numClosed: i32 = 0;
  let count = <f64>load<i32>(counts);
  for (let position: i32 = 0; position < numValues - 1 && numClosed < numBins - 1; position++) {
    const next = <f64>load<i32>(counts + (<usize>position << 2), 4);
    const isBig = count >= big;
    if (!isBig) rowsLeft -= count;
    inBin += count;
    if (isBig || inBin >= meanBinSize || (next >= big && inBin >= max<f64>(1, meanBinSize * 0.5))) {
      store<i32>(closed + (<usize>numClosed << 2), position);
      numClosed++;
      inBin = 0;
      if (!isBig) {
        binsLeft--;
        meanBinSize = rowsLeft / <f64>binsLeft;
      }
    }
    count = next;
  }
  return numClosed;
}

/** How many of 16 ascending numbers are below the value. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function countBelow(numbers: usize, value: v128): i32 {
  const first = i16x8.narrow_i32x4_s(f32x4.lt(v128.load(numbers), value), f32x4.lt(v128.load(numbers, 16), value));
  const last = i16x8.narrow_i32x4_s(f32x4.lt(v128.load(numbers, 32), value), f32x4.lt(v128.load(numbers, 48), value));
  return popcnt(i8x16.bitmask(i8x16.narrow_i16x8_s(first, last)));
}

/**
 * Bins of a column's values: the first whose threshold is not below the value, `missingBin` for NaN. Writes a byte a row, or adds
 * bin · radix to it where another column stands there already.
 *
 * @param values - of the first row; rows stand `valueStride` bytes apart
 * @param thresholds - 256 float32 numbers, ascending, the last ones Infinity; then the 16 of them that end a run of 16
 * @param isShort - 1 where there are 16 bins at most
 * @returns 1 where some value was missing
 */
export function encode(
  values: usize,
  valueStride: usize,
  count: i32,
  thresholds: usize,
  isShort: i32,
  missingBin: i32,
  codes: usize,
  codeStride: usize,
  radix: i32,
  isFirst: i32,
): i32 {
  let numMissing: i32 = 0;
  for (let row: i32 = 0; row < count; row++) {
    const value = load<f32>(values);
    const four = f32x4.splat(value);
    const run = isShort ? 0 : countBelow(thresholds + 1024, four);
    const isMissing = <i32>(value != value);
    // NaN is above none.
    const bin = (run << 4) + countBelow(thresholds + (<usize>run << 6), four) + (missingBin & -isMissing);
    numMissing += isMissing;
    store<u8>(codes, bin * radix + (isFirst ? 0 : <i32>load<u8>(codes)));
    values += valueStride;
    codes += codeStride;
  }
  return <i32>(numMissing > 0);
}
