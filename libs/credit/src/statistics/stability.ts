import type { FeatureMatrix } from '@lisible/tree-ensemble';
import { kolmogorovPValue } from './distributions.ts';
import { at } from './labelled-scores.ts';
import { StatisticsError } from './statistics-error.ts';

export interface StabilityBin {
  /** lower ≤ value < upper, null where open; `missing` for NaN; a code for categories. */
  readonly members: { readonly lower: number | null; readonly upper: number | null } | { readonly code: number } | 'missing';
  readonly referenceShare: number;
  readonly currentShare: number;
  /** Its part of the index. */
  readonly part: number;
}

export interface Stability {
  /** Population stability index: 0 where the two are alike; from 0.10 worth a look, from 0.25 shifted, by the trade's convention. */
  readonly psi: number;
  readonly bins: readonly StabilityBin[];
}

/**
 * Population stability index of counts by bin, Σ (c − r)·ln(c/r) over shares r, c (the symmetric divergence of Jeffreys; Siddiqi, 2006).
 * An empty cell counts as half a row, since the logarithm has no value at 0; bins empty on both sides say nothing.
 * @throws StatisticsError lengths-differ, empty (a side without rows), argument-out-of-range (a count that is negative or not finite)
 */
export const populationStabilityIndex = (reference: ArrayLike<number>, current: ArrayLike<number>): number =>
  stabilityParts(reference, current).reduce((sum, { part }) => sum + part, 0);

const stabilityParts = (reference: ArrayLike<number>, current: ArrayLike<number>): { r: number; c: number; part: number }[] => {
  if (reference.length !== current.length)
    throw new StatisticsError('lengths-differ', `${reference.length} bins of the reference for ${current.length} current ones`);
  let referenceRows = 0;
  let currentRows = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const r = at(reference, bin);
    const c = at(current, bin);
    if (!(r >= 0 && c >= 0 && Number.isFinite(r + c))) throw new StatisticsError('argument-out-of-range', `the count of bin ${bin} is no count`);
    referenceRows += r;
    currentRows += c;
  }
  if (referenceRows === 0 || currentRows === 0) throw new StatisticsError('empty', 'a side has no row');
  return Array.from({ length: reference.length }, (_, bin) => {
    const r = at(reference, bin);
    const c = at(current, bin);
    const referenceShare = r / referenceRows;
    const currentShare = c / currentRows;
    if (r === 0 && c === 0) return { r: 0, c: 0, part: 0 };
    const keptReference = r === 0 ? 0.5 / referenceRows : referenceShare;
    const keptCurrent = c === 0 ? 0.5 / currentRows : currentShare;
    return { r: referenceShare, c: currentShare, part: (keptCurrent - keptReference) * Math.log(keptCurrent / keptReference) };
  });
};

/** Ascending quantiles of the known values that cut them into at most `bins` parts; equal ones once. */
const quantileCuts = (values: ArrayLike<number>, bins: number): number[] => {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const cuts: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const cut = at(sorted, Math.floor((bin * sorted.length) / bins));
    if (cut > (cuts.at(-1) ?? at(sorted, 0))) cuts.push(cut);
  }
  return cuts;
};

/**
 * Stability of one characteristic or score between two sets of rows (CSI, PSI). Numbers are cut at the reference's quantiles into
 * `bins` parts of about equal count, categories by code; missing values have a bin of their own.
 * @throws StatisticsError empty, argument-out-of-range (bins not a positive integer)
 */
export const characteristicStability = (
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  { bins = 10, kind = 'number' }: { readonly bins?: number; readonly kind?: 'number' | 'category' } = {},
): Stability => {
  if (!Number.isInteger(bins) || bins < 1) throw new StatisticsError('argument-out-of-range', 'bins must be a positive integer');
  if (reference.length === 0 || current.length === 0) throw new StatisticsError('empty', 'a side has no row');
  const cuts = kind === 'number' ? quantileCuts(reference, bins) : [];
  const codes = new Map<number, number>();
  if (kind === 'category') {
    const seen = new Set([...Array.from(reference), ...Array.from(current)].filter((value) => !Number.isNaN(value)));
    for (const [index, code] of [...seen].sort((a, b) => a - b).entries()) codes.set(code, index);
  }
  const known = kind === 'number' ? cuts.length + 1 : codes.size;
  const place = (value: number): number => {
    if (Number.isNaN(value)) return known;
    if (kind === 'category') return codes.get(value) ?? known;
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at(cuts, middle) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const count = (values: ArrayLike<number>): Float64Array => {
    const counts = new Float64Array(known + 1);
    for (let row = 0; row < values.length; row++) {
      const bin = place(at(values, row));
      counts[bin] = at(counts, bin) + 1;
    }
    return counts;
  };
  const codeList = [...codes.keys()];
  const parts = stabilityParts(count(reference), count(current));
  return {
    psi: parts.reduce((sum, { part }) => sum + part, 0),
    bins: parts.map(({ c, part, r }, bin) => ({
      members:
        bin === known
          ? 'missing'
          : kind === 'category'
            ? { code: codeList[bin] ?? Number.NaN }
            : { lower: cuts[bin - 1] ?? null, upper: cuts[bin] ?? null },
      referenceShare: r,
      currentShare: c,
      part,
    })),
  };
};

/**
 * Two-sample Kolmogorov–Smirnov test: the greatest distance between the distribution functions, NaN left out, with the p-value of the
 * limiting distribution at √(n·m/(n+m))·D (scipy's `kstwobign`), good from some tens of rows a side.
 * @throws StatisticsError empty (no known value on a side)
 */
export const ksTwoSample = (first: ArrayLike<number>, second: ArrayLike<number>): { readonly statistic: number; readonly pValue: number } => {
  const sorted = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(values)
      .filter((value) => !Number.isNaN(value))
      .sort();
  const a = sorted(first);
  const b = sorted(second);
  if (a.length === 0 || b.length === 0) throw new StatisticsError('empty', 'a side has no known value');
  let i = 0;
  let j = 0;
  let statistic = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(at(a, i), at(b, j));
    while (i < a.length && at(a, i) <= value) i++;
    while (j < b.length && at(b, j) <= value) j++;
    statistic = Math.max(statistic, Math.abs(i / a.length - j / b.length));
  }
  return { statistic, pValue: kolmogorovPValue(Math.sqrt((a.length * b.length) / (a.length + b.length)) * statistic) };
};

/**
 * Share of missing values (NaN) of every column of a matrix, 0..1.
 * @throws StatisticsError empty
 */
export const missingRates = ({ numFeatures, numRows, values }: FeatureMatrix): Float64Array => {
  if (numRows === 0) throw new StatisticsError('empty', 'no row');
  const missing = new Float64Array(numFeatures);
  for (let row = 0; row < numRows; row++) {
    for (let feature = 0; feature < numFeatures; feature++) {
      if (Number.isNaN(at(values, row * numFeatures + feature))) missing[feature] = at(missing, feature) + 1;
    }
  }
  return missing.map((count) => count / numRows);
};
