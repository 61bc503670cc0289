import { quantileShares } from './quantile-shares.ts';
import { wilsonInterval } from '../statistics/index.ts';
import type { Interval } from '../statistics/index.ts';
import { countBins, findBin } from './bins.ts';
import { countBelow, firstAtLeast } from './code-column.ts';
import type { PopulationColumn } from './population.ts';
import { withheldCounts } from './withhold.ts';

/** A group of clients: their rows, and those among them that defaulted. */
export interface CohortRows {
  /** Null is everybody. */
  readonly rows: Uint32Array | null;
  readonly size: number;
  /** The rows of the group that defaulted; null where outcomes are not to be told. */
  readonly defaultedRows: Uint32Array | null;
}

export interface BinCount {
  /** Exact; null where it would tell of fewer clients than the floor. */
  readonly count: number | null;
  /** Share that defaulted, with its 95 % Wilson interval; null where the count is, or where outcomes are not told. */
  readonly defaultRate: Interval | null;
}

export interface FeatureComparison {
  readonly name: string;
  /** 0..1 of the group; null where it would tell of fewer clients than the floor. */
  readonly missingShare: number | null;
  /** In the order of `quantileShares`, by linear interpolation (numpy's default); null where fewer than `minBeyondQuantile` clients lie beyond. */
  readonly quantiles: readonly (number | null)[];
  /** One a bin of the column. */
  readonly bins: readonly BinCount[];
  /** Where a value lies in the group; null without one. */
  readonly place: { readonly bin: number | null; readonly shareBelow: number; readonly shareEqual: number } | null;
}

/** A quantile with fewer clients than these beyond it would be one person's value. */
export const minBeyondQuantile = 5;

/** The rows of a group that are marked. */
export const rowsAmong = (rows: Uint32Array | null, isMarked: Uint8Array): Uint32Array => {
  const found: number[] = [];
  const numRows = rows?.length ?? isMarked.length;
  for (let index = 0; index < numRows; index += 1) {
    const row = rows === null ? index : (rows[index] ?? 0);
    if (isMarked[row] !== 0) found.push(row);
  }
  return Uint32Array.from(found);
};

const quantilesOf = (values: Float64Array, below: Uint32Array, present: number): readonly (number | null)[] =>
  quantileShares.map((share) => {
    if (present * Math.min(share, 1 - share) < minBeyondQuantile) return null;
    const place = (present - 1) * share;
    /** The value of the client at this place, the least at 0. */
    const at = (position: number): number => values[firstAtLeast(below, position + 1) - 1] ?? Number.NaN;
    const low = at(Math.floor(place));
    const weight = place - Math.floor(place);
    return weight === 0 ? low : low + (at(Math.ceil(place)) - low) * weight;
  });

/** A bin as it is told. `isWithheld` includes those kept back for the sake of others. */
const tell = (count: number, defaulted: number | null, isWithheld: boolean): BinCount => {
  if (isWithheld) return { count: null, defaultRate: null };
  return { count, defaultRate: count === 0 || defaulted === null ? null : wilsonInterval(defaulted, count) };
};

const places = (length: number): readonly number[] => Array.from({ length }, (_, position) => position);

/** What people read; a finer share would tell single clients apart. */
const roundShare = (share: number): number => Math.round(share * 100) / 100;

/** Kept between questions, which are asked one after the other: clearing counters costs less than getting the memory for new ones. */
let counters: Uint32Array = new Uint32Array(0);

/**
 * One feature of a group, by one pass over its codes. `value`: a client's own, to be placed among those of the group that have one; NaN where it is
 * missing, undefined for no client.
 */
export const compareFeature = (
  column: PopulationColumn,
  { rows, size, defaultedRows }: CohortRows,
  floor: number,
  value?: number,
): FeatureComparison => {
  const { codes, values, bins } = column;
  const below = countBelow(column, rows, counters);
  if (below.length > counters.length) counters = below;
  const present = below[values.length] ?? 0;
  const missing = size - present;
  const binCounts = countBins(bins, below);
  const defaulted = new Array<number>(bins.numBins + 1).fill(0);
  for (let index = 0; index < (defaultedRows?.length ?? 0); index += 1) {
    const bin = bins.binOfCode[codes[defaultedRows?.[index] ?? 0] ?? 0] ?? 0;
    defaulted[bin] = (defaulted[bin] ?? 0) + 1;
  }
  const isWithheld = withheldCounts(binCounts, [places(bins.numBins + 1)], floor);
  return {
    name: column.name,
    missingShare: isWithheld[bins.numBins] === 1 ? null : missing / size,
    quantiles: quantilesOf(values, below, present),
    bins: places(bins.numBins).map((bin) => tell(binCounts[bin] ?? 0, defaultedRows === null ? null : (defaulted[bin] ?? 0), isWithheld[bin] === 1)),
    place: value === undefined || Number.isNaN(value) || present < floor ? null : placeOf(column, below, present, value),
  };
};

const placeOf = ({ values, bins }: PopulationColumn, below: Uint32Array, present: number, value: number): FeatureComparison['place'] => {
  const code = firstAtLeast(values, value);
  const lower = below[code] ?? 0;
  const equal = values[code] === value ? (below[code + 1] ?? 0) - lower : 0;
  return { bin: findBin(bins, value), shareBelow: roundShare(lower / present), shareEqual: roundShare(equal / present) };
};

export interface PairComparison {
  /** Rows × columns, row by row: row = bin of the first feature; null where it would tell of fewer clients than the floor. */
  readonly cells: readonly BinCount[];
  readonly place: { readonly first: number | null; readonly second: number | null } | null;
}

/** Two features of a group against each other, over the bins of both; clients that miss either are left out. */
export const comparePair = (
  first: PopulationColumn,
  second: PopulationColumn,
  { rows, defaultedRows }: CohortRows,
  floor: number,
  values?: readonly [number, number],
): PairComparison => {
  const width = second.bins.numBins + 1;
  const count = (some: Uint32Array | null): Uint32Array => {
    const counts = new Uint32Array((first.bins.numBins + 1) * width);
    const numRows = some?.length ?? first.codes.length;
    for (let index = 0; index < numRows; index += 1) {
      const row = some === null ? index : (some[index] ?? 0);
      const cell = (first.bins.binOfCode[first.codes[row] ?? 0] ?? 0) * width + (second.bins.binOfCode[second.codes[row] ?? 0] ?? 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    return counts;
  };
  const counts = count(rows);
  const defaulted = defaultedRows === null ? null : count(defaultedRows);
  const height = first.bins.numBins + 1;
  // Rows and columns add up to the counts of each feature alone, which are told too.
  const lines = [
    ...places(height).map((row) => places(width).map((at) => row * width + at)),
    ...places(width).map((at) => places(height).map((row) => row * width + at)),
  ];
  const isWithheld = withheldCounts(counts, lines, floor);
  const cells = places(first.bins.numBins).flatMap((row) =>
    places(second.bins.numBins).map((at) => {
      const cell = row * width + at;
      return tell(counts[cell] ?? 0, defaulted === null ? null : (defaulted[cell] ?? 0), isWithheld[cell] === 1);
    }),
  );
  return { cells, place: values === undefined ? null : { first: findBin(first.bins, values[0]), second: findBin(second.bins, values[1]) } };
};
