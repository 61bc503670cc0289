/**
 * A column of the population as ranks: each cell is the place of its value among the distinct ones, in the narrowest array that holds it.
 * Counting ranks gives exact quantiles and counts; the dictionary gives the values back to the bit.
 */
export interface CodedColumn {
  /** One a client; `values.length` where the value is missing. */
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
  /** The distinct values, ascending. */
  readonly values: Float64Array;
}

const digitBits = 11;
const digits = 2 ** digitBits;
/** Two words of 32 bits, each in digits of eleven, eleven and ten. */
const passes = 6;
const passesOfWord = 3;

/**
 * Numbers as two words that sort as they do: a negative number's bits are turned over, a positive one's sign bit is set. −0 is 0.
 */
const sortableWords = (values: Float64Array): { readonly low: Uint32Array; readonly high: Uint32Array } => {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const isNegative = (words[2 * row + 1] ?? 0) >>> 31 === 1;
    low[row] = isNegative ? ~(words[2 * row] ?? 0) : (words[2 * row] ?? 0);
    high[row] = isNegative ? ~(words[2 * row + 1] ?? 0) : (words[2 * row + 1] ?? 0) | 0x8000_0000;
  }
  return { low, high };
};

/**
 * The rows that have a value, ascending by it: least significant digit first (Knuth, TAOCP 3, 5.2.5), eleven bits a pass; a digit that all
 * share is skipped, which halves the work for numbers that were float32 once.
 */
const sortRows = (values: Float64Array, present: Uint32Array<ArrayBuffer>): Uint32Array => {
  const { low, high } = sortableWords(values);
  let from = present;
  let into = new Uint32Array(present.length);
  const places = new Uint32Array(digits);
  for (let pass = 0; pass < passes; pass += 1) {
    const word = pass < passesOfWord ? low : high;
    const shift = (pass % passesOfWord) * digitBits;
    places.fill(0);
    for (let index = 0; index < from.length; index += 1) {
      const digit = ((word[from[index] ?? 0] ?? 0) >>> shift) & (digits - 1);
      places[digit] = (places[digit] ?? 0) + 1;
    }
    if (places.includes(from.length)) continue;
    let place = 0;
    for (let digit = 0; digit < digits; digit += 1) {
      const count = places[digit] ?? 0;
      places[digit] = place;
      place += count;
    }
    for (let index = 0; index < from.length; index += 1) {
      const row = from[index] ?? 0;
      const digit = ((word[row] ?? 0) >>> shift) & (digits - 1);
      into[places[digit] ?? 0] = row;
      places[digit] = (places[digit] ?? 0) + 1;
    }
    [from, into] = [into, from];
  }
  return from;
};

const codesFor = (numCodes: number, length: number): CodedColumn['codes'] => {
  if (numCodes <= 0x100) return new Uint8Array(length);
  return numCodes <= 0x1_0000 ? new Uint16Array(length) : new Uint32Array(length);
};

/** Codes a column; NaN is missing. The values are left as they are, but for −0, which becomes 0. */
export const codeColumn = (values: Float64Array): CodedColumn => {
  const present = new Uint32Array(values.length);
  let numPresent = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (value === 0) values[row] = 0;
    present[numPresent] = row;
    numPresent += 1;
  }
  const sorted = sortRows(values, present.slice(0, numPresent));
  let distinct = 0;
  let last = Number.NaN;
  for (let index = 0; index < numPresent; index += 1) {
    const value = values[sorted[index] ?? 0] ?? Number.NaN;
    if (value !== last) distinct += 1;
    last = value;
  }
  const dictionary = new Float64Array(distinct);
  const codes = codesFor(distinct + 1, values.length).fill(distinct);
  let rank = -1;
  last = Number.NaN;
  for (let index = 0; index < numPresent; index += 1) {
    const row = sorted[index] ?? 0;
    const value = values[row] ?? Number.NaN;
    if (value !== last) {
      rank += 1;
      dictionary[rank] = value;
      last = value;
    }
    codes[row] = rank;
  }
  return { codes, values: dictionary };
};

/** The first place of an ascending array whose value is at least this; its length when there is none. */
export const firstAtLeast = (ascending: ArrayLike<number>, value: number): number => {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Number.NaN) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * How many of some clients hold a code below each: place c is the count of codes 0 … c − 1, the place after the last code (the missing) the count of
 * all. Of everybody where `rows` is null. Written into `into` where it is long enough: millions of counters are not thrown away at every question.
 */
export const countBelow = ({ codes, values }: CodedColumn, rows: Uint32Array | null, into: Uint32Array = new Uint32Array(0)): Uint32Array => {
  const length = values.length + 2;
  const counts = into.length >= length ? into.subarray(0, length).fill(0) : new Uint32Array(length);
  const numRows = rows?.length ?? codes.length;
  for (let index = 0; index < numRows; index += 1) {
    const next = (codes[rows === null ? index : (rows[index] ?? 0)] ?? 0) + 1;
    counts[next] = (counts[next] ?? 0) + 1;
  }
  let below = 0;
  for (let place = 0; place < length; place += 1) {
    below += counts[place] ?? 0;
    counts[place] = below;
  }
  return counts;
};
