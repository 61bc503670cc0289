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
 * Bins of a column's values: the first whose threshold is not below the value, `missingBin` for NaN. Writes a byte a row, or adds
 * bin · radix to it where another column stands there already.
 *
 * @param values - of the first row; rows stand `valueStride` bytes apart
 * @param thresholds - 256 float32 numbers, ascending, the last ones Infinity
 * @param half - half of the power of two that holds the number of bins; 0 for one bin
 * @returns 1 where some value was missing
 */
export function encode(
  values: usize,
  valueStride: usize,
  count: i32,
  thresholds: usize,
  half: i32,
  missingBin: i32,
  codes: usize,
  codeStride: usize,
  radix: i32,
  isFirst: i32,
): i32 {
  let numMissing: u32 = 0;
  for (let row: i32 = 0; row < count; row++) {
    const value = load<f32>(values);
    let at = thresholds;
    for (let step = <usize>half << 2; step >= 4; step >>>= 1) at += load<f32>(at + step - 4) < value ? step : 0;
    const isMissing = value != value;
    const bin = isMissing ? missingBin : <i32>((at - thresholds) >>> 2);
    numMissing += <u32>isMissing;
    store<u8>(codes, bin * radix + (isFirst ? 0 : <i32>load<u8>(codes)));
    values += valueStride;
    codes += codeStride;
  }
  return numMissing > 0 ? 1 : 0;
}
