import { firstAtLeast } from './code-column.ts';
import type { CodedColumn } from './code-column.ts';

/** How a column is drawn: one bar a value, or intervals. */
export type BinKind = 'values' | 'ranges';

/**
 * The bins of a column: those of the whole population, whatever the cohort, so that two groups are seen in the same picture.
 * `values`: bin i holds the i-th of `edges`. `ranges`: bin 0 holds what lies below the first edge, bin i what lies from edge i − 1 (included) to
 * edge i (excluded), the last what lies from the last edge on. The ends are open, so that no bin tells the least or greatest client.
 */
export interface Bins {
  readonly kind: BinKind;
  readonly edges: readonly number[];
  readonly numBins: number;
  /** The bin of each code of the column; `numBins` for the missing. It never falls from one code to the next. */
  readonly binOfCode: Uint8Array;
  /** The first code of each bin, of the missing, and the end of the codes: bins are runs of codes. */
  readonly firstCodes: Uint32Array;
}

/** More bars than these are no picture. */
const maxValues = 12;
const wantedRanges = 14;
const tail = 0.01;

/** 1, 2, 2.5 or 5 times a power of ten: the least that is no smaller (Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990). */
const niceStep = (step: number): number => {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
};

/** Multiples of a nice step from within the lower end to within the upper one; each is written without the error of repeated sums. */
const niceEdges = (lower: number, upper: number, areWhole: boolean): readonly number[] => {
  const step = Math.max(niceStep((upper - lower) / wantedRanges), areWhole ? 1 : 0);
  const first = Math.ceil(lower / step - 1e-9);
  const last = Math.floor(upper / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
};

/** The value at this share of the clients: an existing one. `below` is `countBelow` of the column. */
const valueAtShare = (values: Float64Array, below: Uint32Array, share: number): number => {
  const present = below[values.length] ?? 0;
  return values[firstAtLeast(below, Math.floor((present - 1) * share) + 1) - 1] ?? Number.NaN;
};

const runsOf = (binOfCode: Uint8Array, numBins: number): Uint32Array =>
  Uint32Array.from({ length: numBins + 2 }, (_, bin) => firstAtLeast(binOfCode, bin));

const withRuns = (bins: Omit<Bins, 'firstCodes'>): Bins => ({ ...bins, firstCodes: runsOf(bins.binOfCode, bins.numBins) });

/**
 * Bins of a column by what the whole population holds (`below`: its `countBelow`). `numAnswers`: where the values are codes of answers (a category,
 * yes or no), how many answers there are, each a bar even if nobody gave it; null for quantities.
 */
export const declareBins = ({ values }: CodedColumn, below: Uint32Array, numAnswers: number | null): Bins => {
  if (numAnswers !== null) {
    const edges = Array.from({ length: numAnswers }, (_, answer) => answer);
    return withRuns({ kind: 'values', edges, numBins: numAnswers, binOfCode: Uint8Array.from([...values, numAnswers]) });
  }
  if (values.length <= maxValues) {
    const binOfCode = Uint8Array.from({ length: values.length + 1 }, (_, code) => code);
    return withRuns({ kind: 'values', edges: [...values], numBins: values.length, binOfCode });
  }
  const lower = valueAtShare(values, below, tail);
  const upper = valueAtShare(values, below, 1 - tail);
  const areWhole = values.every((value) => Number.isInteger(value));
  const nice = upper > lower ? niceEdges(lower, upper, areWhole) : [];
  // Almost everybody holds one value: all that can be told apart is what lies below it, at it and above it.
  const edges = nice.length > 0 ? nice : [lower, values[firstAtLeast(values, lower) + 1] ?? upper];
  const kept = [...new Set(edges)];
  const binOfCode = new Uint8Array(values.length + 1).fill(kept.length + 1);
  let bin = 0;
  for (let code = 0; code < values.length; code += 1) {
    while (bin < kept.length && (values[code] ?? 0) >= (kept[bin] ?? 0)) bin += 1;
    binOfCode[code] = bin;
  }
  return withRuns({ kind: 'ranges', edges: kept, numBins: kept.length + 1, binOfCode });
};

/** The bin that a value lies in; null for a missing value, or one that no bar stands for. */
export const findBin = ({ kind, edges }: Pick<Bins, 'kind' | 'edges'>, value: number): number | null => {
  if (Number.isNaN(value)) return null;
  if (kind === 'values') {
    const bin = edges.indexOf(value);
    return bin === -1 ? null : bin;
  }
  let bin = 0;
  while (bin < edges.length && value >= (edges[bin] ?? Number.NaN)) bin += 1;
  return bin;
};

/** How many clients each bin holds, the missing last, from `countBelow` of the column. */
export const countBins = ({ numBins, firstCodes }: Pick<Bins, 'numBins' | 'firstCodes'>, below: Uint32Array): readonly number[] =>
  Array.from({ length: numBins + 1 }, (_, bin) => (below[firstCodes[bin + 1] ?? 0] ?? 0) - (below[firstCodes[bin] ?? 0] ?? 0));
