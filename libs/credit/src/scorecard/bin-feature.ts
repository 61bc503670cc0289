import { at, checkLabel, checkLengths } from '../statistics/labelled-scores.ts';
import { StatisticsError } from '../statistics/statistics-error.ts';
import { informationOf, mergeBins, type ClassCounts, type Merged, type MergeLimits } from './merge-bins.ts';
import { ScorecardError } from './scorecard-error.ts';
import type { Bin, Binning, BinMembers, ScorecardColumn } from './scorecard.ts';

/** What binning asks of a bin; the fields of `ScorecardOptions` of the same names. */
export interface BinningOptions {
  readonly maxBins: number;
  readonly maxPrebins: number;
  readonly minShareOfRows: number;
  readonly minRowsOfClass: number;
}

/** Categories looked at one by one; rarer ones beyond are pooled first. */
const maxCategories = 64;

interface Totals {
  readonly rows: number;
  readonly defaults: number;
}

const totalsOf = (values: ArrayLike<number>, labels: ArrayLike<number>): Totals => {
  checkLengths(labels, values);
  let defaults = 0;
  for (let row = 0; row < labels.length; row++) {
    checkLabel(at(labels, row), row);
    defaults += at(labels, row);
  }
  if (defaults === 0 || defaults === labels.length) {
    throw new StatisticsError('one-class', `both classes are needed: ${defaults} positives, ${labels.length - defaults} negatives`);
  }
  return { rows: labels.length, defaults };
};

const describeBin = (members: BinMembers, defaults: number, repaid: number, all: Totals, isJudged = true): Bin => {
  const rows = defaults + repaid;
  const isTelling = isJudged && defaults > 0 && repaid > 0;
  const allRepaid = all.rows - all.defaults;
  return {
    members,
    rows,
    defaults,
    shareOfRows: rows / all.rows,
    defaultRate: rows === 0 ? null : defaults / rows,
    woe: isTelling ? Math.log(repaid / allRepaid / (defaults / all.defaults)) : 0,
    informationValue: isTelling ? informationOf(defaults, repaid, all.defaults, allRepaid) : 0,
  };
};

const finish = (bins: readonly Bin[]): Binning => ({ bins, informationValue: bins.reduce((sum, bin) => sum + bin.informationValue, 0) });

/** How many of the ascending splits are at or below the value: its interval. */
const intervalOf = (splits: readonly number[], value: number): number => {
  let low = 0;
  let high = splits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((splits[middle] ?? Number.NaN) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Counts by interval; the last place is for missing values. */
const countIntervals = (values: ArrayLike<number>, labels: ArrayLike<number>, splits: readonly number[]): ClassCounts => {
  const size = splits.length + 2;
  const defaults = new Float64Array(size);
  const repaid = new Float64Array(size);
  for (let row = 0; row < labels.length; row++) {
    const value = at(values, row);
    const place = Number.isNaN(value) ? size - 1 : intervalOf(splits, value);
    if (at(labels, row) === 1) defaults[place] = at(defaults, place) + 1;
    else repaid[place] = at(repaid, place) + 1;
  }
  return { defaults, repaid };
};

const intervalBins = (splits: readonly number[], counts: ClassCounts, all: Totals, minRowsOfClass: number): Binning => {
  const bins = Array.from({ length: splits.length + 1 }, (_, index) =>
    describeBin(
      { kind: 'interval', lower: splits[index - 1] ?? null, upper: splits[index] ?? null },
      at(counts.defaults, index),
      at(counts.repaid, index),
      all,
    ),
  );
  return finish([...bins, missingBin(at(counts.defaults, splits.length + 1), at(counts.repaid, splits.length + 1), all, minRowsOfClass)]);
};

const missingBin = (defaults: number, repaid: number, all: Totals, minRowsOfClass: number): Bin =>
  describeBin({ kind: 'missing' }, defaults, repaid, all, Math.min(defaults, repaid) >= minRowsOfClass);

/**
 * A feature's bins at given ascending splits (a value at a split falls to its right), with their weights of evidence; missing
 * values have a bin of their own. A bin without both classes has WoE 0.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, one-class; ScorecardError option-out-of-range (splits not ascending)
 */
export const binAtSplits = (values: ArrayLike<number>, labels: ArrayLike<number>, splits: readonly number[]): Binning => {
  const all = totalsOf(values, labels);
  if (splits.some((split, index) => !Number.isFinite(split) || split <= (splits[index - 1] ?? -Infinity)))
    throw new ScorecardError('option-out-of-range', 'splits must be finite and ascending');
  return intervalBins(splits, countIntervals(values, labels, splits), all, 1);
};

/** The values that are not missing, ascending. */
const sortKnown = (values: ArrayLike<number>): Float64Array => {
  const known = new Float64Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = at(values, row);
    if (!Number.isNaN(value)) known[count++] = value;
  }
  return known.subarray(0, count).sort();
};

/** Splits halfway between neighbouring values, near the ranks that would make bins of equal count. */
const equalCountSplits = (values: ArrayLike<number>, bins: number): number[] => {
  const known = sortKnown(values);
  const splits: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const rank = Math.floor((bin * known.length) / bins);
    const value = at(known, rank);
    // A run of equal values is not cut: the nearer of its two ends is taken.
    let first = rank;
    let past = rank;
    while (first > 0 && at(known, first - 1) === value) first--;
    while (past < known.length && at(known, past) === value) past++;
    const start = first > 0 && (rank - first <= past - rank || past === known.length) ? first : past;
    if (start === 0 || start >= known.length) continue;
    const below = at(known, start - 1);
    const above = at(known, start);
    const middle = below / 2 + above / 2;
    const split = middle > below && middle <= above ? middle : above;
    if (split > (splits.at(-1) ?? -Infinity) && Number.isFinite(split)) splits.push(split);
  }
  return splits;
};

const withoutLast = ({ defaults, repaid }: ClassCounts): ClassCounts => ({
  defaults: defaults.subarray(0, -1),
  repaid: repaid.subarray(0, -1),
});

const mergeByTrend = (counts: ClassCounts, all: Totals, limits: Omit<MergeLimits, 'trend'>, trend: ScorecardColumn['trend']): Merged | null => {
  const merge = (direction: MergeLimits['trend']): Merged | null =>
    mergeBins(counts, all.defaults, all.rows - all.defaults, { ...limits, trend: direction });
  if (trend !== 'either') return merge(trend);
  const rising = merge('increases-risk');
  const falling = merge('decreases-risk');
  if (rising === null || falling === null) return rising ?? falling;
  return falling.informationValue > rising.informationValue ? falling : rising;
};

const binNumbers = (column: ScorecardColumn, labels: ArrayLike<number>, options: BinningOptions, all: Totals): Binning => {
  const { values } = column;
  const prebinSplits = equalCountSplits(values, options.maxPrebins);
  const splits = mergeSplits(values, labels, prebinSplits, options, column.trend, all);
  return intervalBins(splits, countIntervals(values, labels, splits), all, options.minRowsOfClass);
};

const mergeSplits = (
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  prebinSplits: readonly number[],
  options: BinningOptions,
  trend: ScorecardColumn['trend'],
  all: Totals,
): number[] => {
  const counts = withoutLast(countIntervals(values, labels, prebinSplits));
  const limits = { maxBins: options.maxBins, minRows: options.minShareOfRows * all.rows, minRowsOfClass: options.minRowsOfClass };
  const merged = mergeByTrend(counts, all, limits, trend);
  return (merged?.starts ?? [0]).slice(1).map((start) => prebinSplits[start - 1] ?? Number.NaN);
};

/**
 * Of the given ascending splits, those that bins with the greatest information value keep, within the limits.
 * @throws as binAtSplits
 */
export const chooseSplits = (
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  splits: readonly number[],
  trend: ScorecardColumn['trend'],
  options: Omit<BinningOptions, 'maxPrebins'>,
): readonly number[] => mergeSplits(values, labels, splits, { ...options, maxPrebins: splits.length + 1 }, trend, totalsOf(values, labels));

const binCategories = (values: ArrayLike<number>, labels: ArrayLike<number>, options: BinningOptions, all: Totals): Binning => {
  const byCode = new Map<number, { code: number; defaults: number; repaid: number }>();
  let missingDefaults = 0;
  let missingRepaid = 0;
  for (let row = 0; row < labels.length; row++) {
    // Adding 0 makes one code of −0 and 0.
    const code = at(values, row) + 0;
    const label = at(labels, row);
    if (Number.isNaN(code)) {
      missingDefaults += label;
      missingRepaid += 1 - label;
      continue;
    }
    const counts = byCode.get(code) ?? { code, defaults: 0, repaid: 0 };
    counts.defaults += label;
    counts.repaid += 1 - label;
    byCode.set(code, counts);
  }
  // A category too thin to be judged by itself would stand at one end by chance: all of those are judged together.
  const byRows = [...byCode.values()].sort((a, b) => b.defaults + b.repaid - a.defaults - a.repaid || a.code - b.code);
  const isThick = ({ defaults, repaid }: { defaults: number; repaid: number }): boolean => Math.min(defaults, repaid) >= options.minRowsOfClass;
  const thick = byRows.filter(isThick).slice(0, maxCategories);
  const alone = new Set(thick);
  const pooled = byRows.filter((category) => !alone.has(category));
  const groups = thick.map(({ code, defaults, repaid }) => ({ codes: [code], defaults, repaid }));
  if (pooled.length > 0)
    groups.push({
      codes: pooled.map(({ code }) => code),
      defaults: pooled.reduce((sum, { defaults }) => sum + defaults, 0),
      repaid: pooled.reduce((sum, { repaid }) => sum + repaid, 0),
    });
  // From safe to risky, so that the best grouping is one of neighbours.
  groups.sort((a, b) => a.defaults * b.repaid - b.defaults * a.repaid || (a.codes[0] ?? 0) - (b.codes[0] ?? 0));
  const counts = {
    defaults: Float64Array.from(groups, ({ defaults }) => defaults),
    repaid: Float64Array.from(groups, ({ repaid }) => repaid),
  };
  const limits = { maxBins: options.maxBins, minRows: options.minShareOfRows * all.rows, minRowsOfClass: options.minRowsOfClass };
  const starts = groups.length === 0 ? [] : (mergeByTrend(counts, all, limits, 'increases-risk')?.starts ?? [0]);
  const bins = starts.map((start, index) => {
    const members = groups.slice(start, starts[index + 1] ?? groups.length);
    return describeBin(
      { kind: 'categories', codes: members.flatMap(({ codes }) => codes).sort((a, b) => a - b) },
      members.reduce((sum, { defaults }) => sum + defaults, 0),
      members.reduce((sum, { repaid }) => sum + repaid, 0),
      all,
    );
  });
  return finish([...bins, missingBin(missingDefaults, missingRepaid, all, options.minRowsOfClass)]);
};

/**
 * A feature's bins with the greatest information value within the limits: numbers cut near equal counts, then merged; categories
 * ordered by default rate (those that are too thin to be judged pooled first), then merged.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, one-class
 */
export const binFeature = (column: ScorecardColumn, labels: ArrayLike<number>, options: BinningOptions): Binning => {
  const all = totalsOf(column.values, labels);
  return column.kind === 'category' ? binCategories(column.values, labels, options, all) : binNumbers(column, labels, options, all);
};

/** The position of a value's bin among these bins; −1 of a category that was never seen. */
export const createBinFinder = (bins: readonly Pick<Bin, 'members'>[]): ((value: number) => number) => {
  const missing = bins.findIndex(({ members }) => members.kind === 'missing');
  const isCategory = bins.some(({ members }) => members.kind === 'categories');
  if (isCategory) {
    const byCode = new Map(
      bins.flatMap(({ members }, index) => (members.kind === 'categories' ? members.codes.map((code): [number, number] => [code, index]) : [])),
    );
    return (value) => (Number.isNaN(value) ? missing : (byCode.get(value + 0) ?? -1));
  }
  const splits = bins.flatMap(({ members }) => (members.kind === 'interval' && members.lower !== null ? [members.lower] : []));
  return (value) => (Number.isNaN(value) ? missing : intervalOf(splits, value));
};
