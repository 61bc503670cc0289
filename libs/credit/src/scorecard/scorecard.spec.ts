import * as fc from 'fast-check';
import { createRandom } from '../statistics/index.ts';
import {
  binAtSplits,
  binFeature,
  defaultScorecardOptions,
  fitLogisticRegression,
  fitScorecard,
  pointsOfMargin,
  pointsTable,
  printPointsTable,
  scorecardMargins,
  type ScorecardColumn,
} from './index.ts';
import { mergeBins } from './merge-bins.ts';

const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** A portfolio with a risk that grows with `debt`, falls with `age`, depends on a category; `noise` says nothing. */
const drawPortfolio = (rows: number, seed: number) => {
  const random = createRandom(seed);
  const debt = new Float32Array(rows);
  const age = new Float32Array(rows);
  const branch = new Float32Array(rows);
  const noise = new Float32Array(rows);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    debt[row] = random.uniform() < 0.1 ? Number.NaN : random.normal();
    age[row] = random.normal();
    branch[row] = random.integer(5);
    noise[row] = random.normal();
    const unknown = Number.isNaN(debt[row]!) ? 0.8 : debt[row]!;
    labels[row] = random.uniform() < sigmoid(-2 + 0.8 * unknown - 0.6 * age[row]! + (branch[row] === 3 ? 1 : 0)) ? 1 : 0;
  }
  const columns: ScorecardColumn[] = [
    { featureName: 'debt', values: debt, kind: 'number', trend: 'increases-risk' },
    { featureName: 'age', values: age, kind: 'number', trend: 'either' },
    { featureName: 'branch', values: branch, kind: 'category', trend: 'free' },
    { featureName: 'noise', values: noise, kind: 'number', trend: 'free' },
  ];
  const values = new Float32Array(rows * 4);
  for (let row = 0; row < rows; row++) values.set([debt[row]!, age[row]!, branch[row]!, noise[row]!], row * 4);
  return { columns, labels, matrix: { numRows: rows, numFeatures: 4, values } };
};

describe('fitScorecard', () => {
  const { columns, labels, matrix } = drawPortfolio(8000, 3);
  const scorecard = fitScorecard(columns, labels);

  it('takes the features that tell, leaves the one that does not, and says why', () => {
    expect(scorecard.features.map(({ featureName }) => featureName).toSorted()).toEqual(['age', 'branch', 'debt']);
    expect(scorecard.rejected).toMatchObject([{ featureName: 'noise', reason: 'information-value-too-low' }]);
    expect(scorecard.features.every(({ coefficient }) => coefficient < 0)).toBe(true);
  });

  it('counts every row and default in each feature', () => {
    for (const { bins } of scorecard.features) {
      expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(8000);
      expect(bins.reduce((sum, { defaults }) => sum + defaults, 0)).toBe(scorecard.defaults);
      expect(bins.at(-1)?.members).toEqual({ kind: 'missing' });
    }
  });

  it('puts the risky category apart and the missing debt on the risky side', () => {
    const branch = scorecard.features.find(({ featureName }) => featureName === 'branch')!;
    expect(branch.bins.find(({ members }) => members.kind === 'categories' && members.codes.includes(3))?.woe).toBeLessThan(-0.4);
    const debt = scorecard.features.find(({ featureName }) => featureName === 'debt')!;
    expect(debt.bins.at(-1)?.woe).toBeLessThan(0);
  });

  it('gives margins whose mean probability is the default rate, as a maximum of likelihood must', () => {
    const margins = scorecardMargins(scorecard, matrix);
    expect(margins.reduce((sum, margin) => sum + sigmoid(margin), 0)).toBeCloseTo(scorecard.defaults, 6);
  });

  it('adds the points of a row’s bins up to its score: PDO points more for odds twice as good', () => {
    const [row] = scorecardMargins(scorecard, matrix);
    const points = scorecard.features.map(({ bins, position }) => {
      const value = matrix.values[position]!;
      return bins.find(({ members }) =>
        members.kind === 'missing'
          ? Number.isNaN(value)
          : members.kind === 'categories'
            ? members.codes.includes(value)
            : value >= (members.lower ?? -Infinity) && value < (members.upper ?? Infinity),
      )!.points;
    });
    expect(points.reduce((sum, part) => sum + part, 0)).toBeCloseTo(pointsOfMargin(scorecard, row!), 9);
    expect(pointsOfMargin(scorecard, -Math.log(50))).toBeCloseTo(600, 9);
    expect(pointsOfMargin(scorecard, -Math.log(100))).toBeCloseTo(620, 9);
  });

  it('is plain JSON', () => {
    const read = JSON.parse(JSON.stringify(scorecard));
    expect(read).toEqual(scorecard);
    expect(scorecardMargins(read, matrix)).toEqual(scorecardMargins(scorecard, matrix));
  });

  it('prints a line a bin', () => {
    const lines = printPointsTable(scorecard).split('\n');
    expect(lines).toHaveLength(1 + pointsTable(scorecard).length);
    expect(lines[0]).toMatch(/^feature +bin +points +share +default rate +WoE$/);
  });

  it('leaves out a copy of a stronger feature, and what finds no place', () => {
    const copy = fitScorecard([...columns, { ...columns[0]!, featureName: 'debtAgain' }], labels);
    expect(copy.rejected).toContainEqual(expect.objectContaining({ featureName: 'debtAgain', reason: 'correlated' }));
    expect(fitScorecard(columns, labels, { maxFeatures: 1 }).rejected).toContainEqual(expect.objectContaining({ reason: 'no-place-left' }));
  });

  it('leaves out a feature that beside a stronger one would turn its sign, or say nothing more', () => {
    const random = createRandom(12);
    const risk = Float64Array.from({ length: 6000 }, () => random.normal());
    const blurred = risk.map((value) => value + 0.6 * random.normal());
    const turned = risk.map((value, row) => (random.uniform() < sigmoid(1.6 * value - 0.7 * blurred[row]! - 1) ? 1 : 0));
    const silent = risk.map((value) => (random.uniform() < sigmoid(value - 1) ? 1 : 0));
    const two = [risk, blurred].map((values, index): ScorecardColumn => ({
      featureName: ['risk', 'blurred'][index]!,
      values,
      kind: 'number',
      trend: 'increases-risk',
    }));
    const fit = (of: Float64Array, maxPValue: number) => fitScorecard(two, of, { maxCorrelation: 1, maxPValue });
    expect(fit(turned, 1).rejected).toMatchObject([{ featureName: 'blurred', reason: 'sign-not-expected' }]);
    expect(fitScorecard(two, turned, { maxCorrelation: 0.5 }).rejected).toMatchObject([{ featureName: 'blurred', reason: 'correlated' }]);
    expect(fit(silent, 1e-4).rejected).toMatchObject([{ featureName: 'blurred', reason: 'not-significant' }]);
  });

  it('gives a code that it never saw the weight of the portfolio', () => {
    const unseen = { numRows: 1, numFeatures: 4, values: Float32Array.of(0, 0, 99, 0) };
    const branch = scorecard.features.find(({ featureName }) => featureName === 'branch')!;
    const seen = scorecardMargins(scorecard, { ...unseen, values: Float32Array.of(0, 0, 3, 0) })[0]!;
    const weight = branch.bins.find(({ members }) => members.kind === 'categories' && members.codes.includes(3))!.woe * branch.coefficient;
    expect(scorecardMargins(scorecard, unseen)[0]).toBeCloseTo(seen - weight, 12);
  });

  it('refuses what it cannot work on, by code', () => {
    const failing = (code: string) => expect.objectContaining({ name: 'ScorecardError', code });
    expect(() => fitScorecard([columns[3]!], labels)).toThrow(failing('no-feature-selected'));
    expect(() => fitScorecard([columns[0]!, columns[0]!], labels)).toThrow(failing('column-duplicate'));
    expect(() => fitScorecard(columns, labels, { maxBins: 1 })).toThrow(failing('option-out-of-range'));
    expect(() => scorecardMargins(scorecard, { numRows: 1, numFeatures: 3, values: new Float32Array(3) })).toThrow(failing('matrix-does-not-fit'));
    expect(() => fitScorecard(columns, new Uint8Array(8000))).toThrow(expect.objectContaining({ code: 'one-class' }));
    expect(() => fitScorecard(columns, labels.subarray(1))).toThrow(expect.objectContaining({ code: 'lengths-differ' }));
  });
});

describe('binning', () => {
  const counted = fc.array(fc.record({ defaults: fc.integer({ min: 0, max: 30 }), repaid: fc.integer({ min: 0, max: 30 }) }), {
    minLength: 2,
    maxLength: 8,
  });

  it('finds the best merging that exhaustive search finds', () => {
    fc.assert(
      fc.property(counted, fc.constantFrom('increases-risk' as const, 'decreases-risk' as const, 'free' as const), (bins, trend) => {
        const allDefaults = bins.reduce((sum, { defaults }) => sum + defaults, 0);
        const allRepaid = bins.reduce((sum, { repaid }) => sum + repaid, 0);
        fc.pre(allDefaults > 0 && allRepaid > 0);
        let best = -Infinity;
        for (let cuts = 0; cuts < 2 ** (bins.length - 1); cuts++) {
          const groups: { d: number; r: number }[] = [];
          for (const [index, { defaults, repaid }] of bins.entries()) {
            if (index === 0 || (cuts >> (index - 1)) & 1) groups.push({ d: 0, r: 0 });
            groups.at(-1)!.d += defaults;
            groups.at(-1)!.r += repaid;
          }
          const rates = groups.map(({ d, r }) => d / (d + r));
          const isKept =
            groups.length <= 4 &&
            groups.every(({ d, r }) => d >= 3 && r >= 3 && d + r >= 10) &&
            rates.every((rate, i) => i === 0 || trend === 'free' || (trend === 'increases-risk' ? rate >= rates[i - 1]! : rate <= rates[i - 1]!));
          if (!isKept) continue;
          const value = groups.reduce((sum, { d, r }) => sum + (r / allRepaid - d / allDefaults) * Math.log(r / allRepaid / (d / allDefaults)), 0);
          best = Math.max(best, value);
        }
        const merged = mergeBins(
          { defaults: Float64Array.from(bins, ({ defaults }) => defaults), repaid: Float64Array.from(bins, ({ repaid }) => repaid) },
          allDefaults,
          allRepaid,
          { maxBins: 4, minRows: 10, minRowsOfClass: 3, trend },
        );
        if (best === -Infinity) expect(merged).toBeNull();
        else expect(merged?.informationValue).toBeCloseTo(best, 10);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its limits and its trend on any data', () => {
    const sample = fc.array(
      fc.record({ value: fc.option(fc.integer({ min: 0, max: 12 }), { nil: Number.NaN }), label: fc.integer({ min: 0, max: 1 }) }),
      {
        minLength: 40,
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(sample, (rows) => {
        const labels = rows.map(({ label }) => label);
        fc.pre(new Set(labels).size === 2);
        const column: ScorecardColumn = { featureName: 'x', values: rows.map(({ value }) => value), kind: 'number', trend: 'decreases-risk' };
        const { bins } = binFeature(column, labels, { ...defaultScorecardOptions, minRowsOfClass: 3, minShareOfRows: 0.1 });
        const known = bins.slice(0, -1);
        expect(known.length).toBeLessThanOrEqual(defaultScorecardOptions.maxBins);
        expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length);
        const rates = known.map(({ defaultRate }) => defaultRate ?? 0);
        expect(rates).toEqual(rates.toSorted((a, b) => b - a));
        if (known.length > 1) expect(known.every((bin) => bin.rows >= rows.length / 10 && bin.defaults >= 3)).toBe(true);
      }),
    );
  });

  it('puts a value at a split to its right, and never judges a missing bin without both classes', () => {
    const { bins } = binAtSplits([1, 2, 2, 3, Number.NaN], [0, 1, 0, 1, 1], [2]);
    expect(bins.map(({ rows }) => rows)).toEqual([1, 3, 1]);
    expect(bins[2]).toMatchObject({ woe: 0, informationValue: 0 });
    expect(() => binAtSplits([1, 2], [0, 1], [2, 2])).toThrow(expect.objectContaining({ code: 'option-out-of-range' }));
  });
});

describe('fitLogisticRegression', () => {
  it('says that classes are pulled apart, that a column repeats another, that a value is not finite', () => {
    const x = Float64Array.of(-2, -1, 1, 2);
    const failing = (code: string) => expect.objectContaining({ code });
    expect(() => fitLogisticRegression([x], [0, 0, 1, 1], { lambdaL2: 0 })).toThrow(failing('separable'));
    expect(fitLogisticRegression([x], [0, 0, 1, 1], { lambdaL2: 1 }).coefficients[0]).toBeGreaterThan(0);
    expect(() => fitLogisticRegression([x, x], [0, 1, 0, 1], { lambdaL2: 0 })).toThrow(failing('singular'));
    expect(() => fitLogisticRegression([Float64Array.of(1, 2, Number.NaN)], [0, 1, 0], { lambdaL2: 0 })).toThrow(failing('score-not-finite'));
  });
});
