import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { wilsonInterval } from '../statistics/index.ts';
import { codeColumn } from './code-column.ts';
import {
  CohortError,
  compareFeature,
  comparePair,
  createAttributionSpace,
  describeColumn,
  findNearest,
  minBeyondQuantile,
  quantileShares,
  rowsAmong,
  selectCohort,
  sharedAttributions,
  withheldCounts,
} from './index.ts';
import type { CellFilter, PopulationColumn } from './index.ts';

const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../golden/cohorts.golden.json'), 'utf8'));
const floor = 20;

const cell = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 0, -0, 1e-320, -1e300) },
);
const someCells = fc.array(cell, { minLength: 1, maxLength: 400 }).map((values) => Float64Array.from(values));

describe('a coded column', () => {
  it('gives every value back, and its codes sort as the values do', () => {
    fc.assert(
      fc.property(someCells, (values) => {
        const { codes, values: dictionary } = codeColumn(Float64Array.from(values));
        expect([...dictionary]).toEqual(
          [...new Set([...values].filter((value) => !Number.isNaN(value)).map((value) => value + 0))].sort((a, b) => a - b),
        );
        expect(Array.from(codes, (code) => dictionary[code] ?? Number.NaN)).toEqual(Array.from(values, (value) => value + 0));
      }),
      { seed: 28, numRuns: 300 },
    );
  });

  it('takes the narrowest codes that hold it', () => {
    const widths = [200, 300, 70_000].map((length) => codeColumn(Float64Array.from({ length }, (_, row) => row)).codes.BYTES_PER_ELEMENT);
    expect(widths).toEqual([1, 2, 4]);
  });

  it('bins everybody once, between nice edges, and pools what falls short of the floor', () => {
    fc.assert(
      fc.property(someCells, fc.integer({ min: 1, max: 30 }), (values, least) => {
        const { codes, bins, cells: grid, values: dictionary } = describeColumn('x', values, null, least);
        expect(bins.edges).toEqual([...bins.edges].sort((a, b) => a - b));
        const held = new Map<number, number>();
        for (const [row, code] of codes.entries()) {
          const bin = bins.binOfCode[code];
          const value = values[row];
          if (bins.kind === 'ranges' && bin < bins.numBins) {
            expect(value >= (bins.edges[bin - 1] ?? -Infinity) && value < (bins.edges[bin] ?? Infinity)).toBe(true);
          }
          expect(code === dictionary.length).toBe(bin === bins.numBins);
          held.set(grid.cellOfBin[bin], (held.get(grid.cellOfBin[bin]) ?? 0) + 1);
        }
        if (values.length >= least) for (const count of held.values()) expect(count).toBeGreaterThanOrEqual(Math.min(least, values.length));
      }),
      { seed: 28, numRuns: 300 },
    );
  });
});

/** Two quantities and an answer, of a few hundred clients that lie unevenly. */
const populationOf = (least: number) =>
  fc.record({ seed: fc.integer(), size: fc.integer({ min: 60, max: 1500 }) }).map(({ seed, size }): readonly PopulationColumn[] => {
    let state = seed >>> 0;
    const uniform = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const column = (name: string, draw: () => number, answers: number | null = null): PopulationColumn =>
      describeColumn(
        name,
        Float64Array.from({ length: size }, () => (uniform() < 0.1 ? Number.NaN : draw())),
        answers,
        least,
      );
    return [
      column('income', () => Math.exp(3 * uniform())),
      column('age', () => 20 + 50 * uniform() ** 2),
      column('work', () => Math.floor(6 * uniform() ** 3), 6),
    ];
  });

const population = populationOf(floor);

const filters = (columns: readonly PopulationColumn[], picks: readonly (readonly number[])[]): readonly CellFilter[] =>
  columns.flatMap((column, index) => {
    const kept = picks[index] ?? [];
    if (kept.length === 0) return [];
    return [{ column, isKept: Uint8Array.from({ length: column.cells.numCells }, (_, place) => Number(kept.includes(place % 8))) }];
  });

describe('a cohort', () => {
  const pick = fc.oneof(fc.constant<number[]>([]), fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]));
  const picks = fc.array(pick, { minLength: 3, maxLength: 3 });

  it('never differs by fewer clients than the floor from an answered one that it lies in', () => {
    let compared = 0;
    fc.assert(
      fc.property(populationOf(5), picks, picks, (columns, outer, narrowing) => {
        // The inner one keeps less of each filter, and has filters where the outer one has none.
        const inner = outer.map((kept, index) => (kept.length === 0 ? narrowing[index] : kept.filter((place) => narrowing[index].includes(place))));
        const within = outer.every((kept, index) => kept.length === 0 || inner[index].length > 0);
        fc.pre(within);
        const numRows = columns[0].codes.length;
        const [large, small] = [outer, inner].map((kept) => selectCohort(numRows, filters(columns, kept), 5));
        if (large.isWithheld || small.isWithheld) return;
        compared += 1;
        const difference = large.rows.length - small.rows.length;
        const held = new Set(large.rows);
        expect(small.rows.every((row) => held.has(row))).toBe(true);
        expect(difference === 0 || difference >= 5).toBe(true);
        expect(small.rows.length).toBeGreaterThanOrEqual(5);
      }),
      { seed: 28, numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  it('is the clients that pass every filter', () => {
    const values = Float64Array.from({ length: 1000 }, (_, row) => row % 10);
    const column = describeColumn('x', values, 10, floor);
    const answer = selectCohort(1000, [{ column, isKept: Uint8Array.from([0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]) }], floor);
    expect(answer).toEqual({
      isWithheld: false,
      rows: Uint32Array.from({ length: 1000 }, (_, row) => row).filter((row) => [3, 4].includes(row % 10)),
    });
  });

  it('says what it is withheld for', () => {
    // 1,000 clients: x halves them; among those of x = 1, all but five answer y = 1.
    const x = describeColumn(
      'x',
      Float64Array.from({ length: 1000 }, (_, row) => row % 2),
      2,
      floor,
    );
    const y = describeColumn(
      'y',
      Float64Array.from({ length: 1000 }, (_, row) => (row % 2 === 0 ? row % 4 : row < 10 ? 0 : 1)),
      3,
      floor,
    );
    const keep = (column: PopulationColumn, ...answers: readonly number[]): CellFilter => ({
      column,
      isKept: Uint8Array.from({ length: column.cells.numCells }, (_, place) =>
        Number(answers.some((answer) => column.cells.cellOfBin[answer] === place)),
      ),
    });
    const reason = (...some: readonly CellFilter[]): string | false => {
      const selection = selectCohort(1000, some, floor);
      return selection.isWithheld && selection.reason;
    };
    expect(reason(keep(x, 1))).toBe(false);
    expect(reason(keep(x, 1), keep(y, 0))).toBe('group-too-small');
    expect(reason(keep(x, 1), keep(y, 1))).toBe('difference-too-small');
    const wide = describeColumn(
      'z',
      Float64Array.from({ length: 1000 }, (_, row) => Number(row < 7)),
      2,
      1,
    );
    expect(reason({ column: wide, isKept: Uint8Array.from([1, 0, 0]) })).toBe('rest-too-small');
    expect(() => selectCohort(1000, [keep(x, 1), keep(x, 0)], floor)).toThrow(CohortError);

    // Five of those with x = 1 fail two more filters, and always both: dropping one of the two changes nothing, dropping both tells of the five.
    const failing = (value: number): PopulationColumn =>
      describeColumn(
        `v${value}`,
        Float64Array.from({ length: 1000 }, (_, row) => (row < 10 && row % 2 === 1 ? value : row % 2 === 1 ? 2 : row % 4 === 0 ? value : 2)),
        3,
        floor,
      );
    const [v, w] = [failing(0), failing(1)];
    expect(reason(keep(x, 1), keep(v, 2))).toBe('difference-too-small');
    expect(reason(keep(x, 1), keep(v, 2), keep(w, 2))).toBe('difference-too-small');
  });

  it('keeps back so many counts that no sum gives a small one away', () => {
    expect([...withheldCounts([100, 5, 30, 200, 0], [[0, 1, 2, 3, 4]], floor)]).toEqual([0, 1, 1, 0, 0]);
    expect([...withheldCounts([100, 12, 30, 9, 0], [[0, 1, 2, 3, 4]], floor)]).toEqual([0, 1, 0, 1, 0]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 16, maxLength: 16 }), (counts) => {
        const lines = [0, 1, 2, 3].flatMap((at) => [[0, 1, 2, 3].map((place) => 4 * at + place), [0, 1, 2, 3].map((place) => 4 * place + at)]);
        const isWithheld = withheldCounts(counts, lines, floor);
        for (const line of lines) {
          const held = line.filter((place) => isWithheld[place] === 1).reduce((sum, place) => sum + counts[place], 0);
          // A line that holds less than the floor in all has nothing left to keep back.
          const whole = line.reduce((sum, place) => sum + counts[place], 0);
          expect(held === 0 || held >= Math.min(floor, whole)).toBe(true);
        }
        for (const [place, count] of counts.entries()) if (count > 0 && count < floor) expect(isWithheld[place]).toBe(1);
      }),
      { seed: 28 },
    );
  });
});

describe('a comparison', () => {
  const income = Float64Array.from(golden.income as (number | null)[], (value) => value ?? Number.NaN);
  const isDefaulted = Uint8Array.from(golden.defaulted as number[]);
  const rows = Uint32Array.from(golden.group as number[]);
  const group = { rows, size: rows.length, defaultedRows: rowsAmong(rows, isDefaulted) };

  it('counts, places and estimates as numpy and statsmodels do', () => {
    const column = describeColumn('income', income, null, 1);
    expect(column.bins.edges).toEqual(golden.edges);
    const { bins, missingShare, quantiles, place } = compareFeature(column, group, 1, 20_000);
    const missing = golden.counts.at(-1);
    expect(bins.map(({ count }) => count)).toEqual(golden.counts.slice(0, -1));
    expect(missingShare).toBe(missing / rows.length);
    for (const [index, value] of quantiles.entries()) expect(value).toBeCloseTo(golden.quantiles[index], 9);
    for (const [index, { defaultRate }] of bins.entries()) {
      const expected = golden.wilson[index];
      if (expected === null) expect(defaultRate).toBeNull();
      else
        for (const [at, value] of [defaultRate?.value, defaultRate?.lower, defaultRate?.upper].entries()) expect(value).toBeCloseTo(expected[at], 12);
    }
    expect(place).toEqual({ bin: 3, shareBelow: Math.round(golden.shareBelow20000 * 100) / 100, shareEqual: 0 });
  });

  it('is the same for a list of everybody as for everybody', () => {
    const column = describeColumn('income', income, null, floor);
    const everybody = Uint32Array.from(income, (_, row) => row);
    const answers = [everybody, null].map((some) =>
      compareFeature(column, { rows: some, size: income.length, defaultedRows: rowsAmong(some, isDefaulted) }, floor, 30_000),
    );
    expect(answers[0]).toEqual(answers[1]);
  });

  it('counts as a plain sort does, whatever the group', () => {
    fc.assert(
      fc.property(population, fc.integer({ min: 2, max: 9 }), ([column], step) => {
        const some = Uint32Array.from({ length: Math.floor(column.codes.length / step) }, (_, index) => index * step);
        const { quantiles, bins, missingShare } = compareFeature(column, { rows: some, size: some.length, defaultedRows: null }, 1);
        const sorted = Array.from(some, (row) => column.values[column.codes[row]])
          .filter((value) => value !== undefined)
          .sort((a, b) => a - b);
        for (const [index, share] of quantileShares.entries()) {
          const at = (sorted.length - 1) * share;
          const low = sorted[Math.floor(at)];
          const isTold = sorted.length * Math.min(share, 1 - share) >= minBeyondQuantile;
          expect(quantiles[index]).toEqual(isTold ? low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at)) : null);
        }
        expect(bins.reduce((sum, { count }) => sum + (count ?? Number.NaN), 0)).toBe(sorted.length);
        if (some.length > 0)
          expect(missingShare).toBe(1 - sorted.length / some.length === missingShare ? missingShare : (some.length - sorted.length) / some.length);
      }),
      { seed: 28, numRuns: 100 },
    );
  });

  it('puts two features against each other, cell by cell', () => {
    fc.assert(
      fc.property(population, ([first, second]) => {
        const size = first.codes.length;
        const isBad = Uint8Array.from({ length: size }, (_, row) => Number(row % 7 === 0));
        const { cells, place } = comparePair(first, second, { rows: null, size, defaultedRows: rowsAmong(null, isBad) }, 1, [5, 30]);
        const counts = new Array<number>(cells.length).fill(0);
        const bad = new Array<number>(cells.length).fill(0);
        for (let row = 0; row < size; row += 1) {
          const [a, b] = [first, second].map(({ bins, codes }) => bins.binOfCode[codes[row]]);
          if (a === first.bins.numBins || b === second.bins.numBins) continue;
          counts[a * second.bins.numBins + b] += 1;
          bad[a * second.bins.numBins + b] += isBad[row];
        }
        expect(cells.map(({ count }) => count)).toEqual(counts);
        expect(cells.map(({ defaultRate }) => defaultRate)).toEqual(counts.map((count, at) => (count === 0 ? null : wilsonInterval(bad[at], count))));
        expect(place?.first).toBe(first.bins.edges.filter((edge) => edge <= 5).length);
      }),
      { seed: 28, numRuns: 50 },
    );
  });

  it('tells no count, share or quantile of fewer clients than the floor', () => {
    fc.assert(
      fc.property(population, fc.integer({ min: 2, max: 9 }), (columns, step) => {
        const some = Uint32Array.from({ length: Math.floor(columns[0].codes.length / step) }, (_, index) => index * step);
        fc.pre(some.length >= floor);
        for (const column of columns) {
          const { bins } = compareFeature(column, { rows: some, size: some.length, defaultedRows: some.slice(0, 5) }, floor, 3);
          for (const { count, defaultRate } of bins) {
            expect(count === null || count === 0 || count >= floor).toBe(true);
            if (count === null) expect(defaultRate).toBeNull();
          }
        }
      }),
      { seed: 28, numRuns: 200 },
    );
  });
});

describe('nearest clients', () => {
  const points = golden.points as number[][];
  const columns = Array.from({ length: 6 }, (_, reason) => Float32Array.from(points, (row) => row[reason]));
  const space = createAttributionSpace(columns, points.length);

  it('are those that a full sort finds', () => {
    const { rows, distances } = findNearest(space, Float32Array.from(points[7]), 50, 7);
    expect([...rows]).toEqual(golden.nearest);
    for (const [index, distance] of distances.entries()) expect(distance).toBeCloseTo(golden.distances[index], 9);
  });

  it('are those that a full sort finds, with ties, few rows and many reasons', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 61, max: 1500 })),
        fc.integer({ min: 0, max: 25 }),
        fc.infiniteStream(fc.integer({ min: -2, max: 2 })),
        (numReasons, numRows, size, draws) => {
          const next = (): number => draws.next().value;
          const made = Array.from({ length: numReasons }, () => Float32Array.from({ length: numRows }, next));
          const point = Array.from({ length: numReasons }, next);
          const squares = Array.from({ length: numRows }, (_, row) =>
            made.reduce((sum, column, reason) => sum + (column[row] - point[reason]) ** 2, 0),
          );
          const expected = squares
            .map((square, row) => ({ square, row }))
            .sort((a, b) => a.square - b.square || a.row - b.row)
            .slice(0, size);
          const { rows, distances } = findNearest(createAttributionSpace(made, numRows), point, size);
          expect([...rows]).toEqual(expected.map(({ row }) => row));
          expect([...distances]).toEqual(expected.map(({ square }) => Math.sqrt(square)));
        },
      ),
      { seed: 28, numRuns: 300 },
    );
  });

  it('share the reasons that weigh the same way on nearly all of them', () => {
    const made = [
      Float32Array.from([1, 1, 1, 1, 1]),
      Float32Array.from([-2, -2, -2, -2, 3]),
      Float32Array.from([5, -5, 5, -5, 5]),
      Float32Array.from([0.1, 0.1, 0.1, 0.1, 0.1]),
    ];
    const shared = sharedAttributions(createAttributionSpace(made, 5), [1, -1, 1, -1], Uint32Array.from([0, 1, 2, 3, 4]), 2);
    expect(shared).toEqual([
      { reason: 0, mean: 1, shareAlike: 1 },
      { reason: 1, mean: -1, shareAlike: 0.8 },
    ]);
  });
});
