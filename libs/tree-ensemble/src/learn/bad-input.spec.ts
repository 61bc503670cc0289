import * as fc from 'fast-check';
import { defaultHyperParameters, predictMargin, train, type FeatureMatrix, type HyperParameters, type TrainingInput } from '../index.ts';
import { range } from './learning-set.testing.ts';

const tiny: HyperParameters = { ...defaultHyperParameters, numRounds: 5, minDataInLeaf: 1, minSumHessianInLeaf: 0 };
const toMatrix = (rows: readonly (readonly number[])[]): FeatureMatrix => ({
  numRows: rows.length,
  numFeatures: rows[0]?.length ?? 0,
  values: Float32Array.from(rows.flat()),
});

const matrix = toMatrix([
  [1, 2],
  [2, 0],
  [3, 1],
]);
const labels = Uint8Array.from([0, 1, 0]);
const sound: TrainingInput = { matrix, labels, featureNames: ['income', 'trade'], hyperParameters: tiny, seed: 1 };
const withTrade = (value: number): FeatureMatrix =>
  toMatrix([
    [1, 2],
    [2, value],
    [3, 1],
  ]);

describe('training refuses', () => {
  it.each<[string, string, string, Partial<TrainingInput>]>([
    ['too few weights', 'bad-weight', '3 training rows have 2 weights', { weights: [1, 2] }],
    ['a weight below 0', 'bad-weight', 'training row 2', { weights: [1, 1, -1] }],
    ['a weight that is no number', 'bad-weight', 'training row 1', { weights: [1, NaN, 1] }],
    ['a weight without end', 'bad-weight', 'training row 0', { weights: [Infinity, 1, 1] }],
    ['a weight whose sums could overflow', 'bad-weight', 'training row 0', { weights: [1e300, 1, 1] }],
    ['weights of 0 only', 'bad-weight', 'every training row weighs 0', { weights: [0, 0, 0] }],
    ['weights that leave one class', 'one-class', 'weighs anything', { weights: [1, 0, 1] }],
    ['validation weights of another length', 'bad-weight', '3 validation rows have 1 weights', { validation: { matrix, labels, weights: [1] } }],
    ['validation weights below 0', 'bad-weight', 'validation row 1', { validation: { matrix, labels, weights: [0, -2, 0] } }],
    [
      'a code below 0',
      'category-out-of-range',
      '"trade" is a feature of categories, but training row 1',
      { matrix: withTrade(-1), categoricalFeatures: [1] },
    ],
    ['a code that is no whole number', 'category-out-of-range', 'training row 1', { matrix: withTrade(0.5), categoricalFeatures: [1] }],
    ['an infinite code', 'category-out-of-range', 'training row 1', { matrix: withTrade(Infinity), categoricalFeatures: [1] }],
    ['a code beyond any numbering', 'category-out-of-range', 'training row 1', { matrix: withTrade(65_536), categoricalFeatures: [1] }],
    [
      'a validation code below 0',
      'category-out-of-range',
      'validation row 1',
      { categoricalFeatures: [1], validation: { matrix: withTrade(-3), labels } },
    ],
    ['a feature of categories that is not there', 'index-out-of-range', 'categorical features name feature 2 of 2', { categoricalFeatures: [2] }],
    ['half a feature', 'index-out-of-range', 'feature 0.5', { categoricalFeatures: [0.5] }],
    [
      'a group with a feature that is not there',
      'index-out-of-range',
      'interaction constraints name feature -1',
      { interactionConstraints: [[0], [-1]] },
    ],
    ['groups that hold nothing', 'bad-interaction-constraint', 'nothing to split on', { interactionConstraints: [[]] }],
    ['no groups', 'bad-interaction-constraint', 'nothing to split on', { interactionConstraints: [] }],
    ['categories that shall be monotone', 'bad-monotone-constraint', '"trade"', { categoricalFeatures: [1], monotoneConstraints: [0, 1] }],
    ['settings of categories out of range', 'bad-hyper-parameter', 'maxCatThreshold', { hyperParameters: { ...tiny, maxCatThreshold: 0 } }],
    ['more rows than sums stay exact for', 'too-large', 'rows', { matrix: { numRows: 2 ** 25 + 1, numFeatures: 2, values: new Float32Array(0) } }],
  ])('%s: %s', (_, code, message, part) => {
    const refusal = expect.objectContaining({ name: 'TreeEnsembleError', code, message: expect.stringContaining(message) });
    expect(() => train({ ...sound, ...part })).toThrow(refusal);
  });
});

describe('training survives', () => {
  const margins = (input: Partial<TrainingInput>, rows: readonly (readonly number[])[]): number[] => {
    const { ensemble } = train({ ...sound, ...input });
    return rows.map((row) => predictMargin(ensemble, row));
  };

  it('two rows, fewer than any bin asks for', () => {
    const twoRows = toMatrix([
      [1, 2],
      [2, 5],
    ]);
    const [low, high] = margins({ matrix: twoRows, labels: Uint8Array.from([0, 1]), categoricalFeatures: [1] }, [
      [1, 2],
      [2, 5],
    ]);
    expect(high).toBeGreaterThan(low);
  });

  it.each<[string, (row: number) => number]>([
    ['one category', () => 3],
    ['one category and missing values', (row) => (row % 2 === 0 ? 3 : NaN)],
    ['missing values only', () => NaN],
    ['a category of its own for each row', (row) => row],
    ['a number for a few rows and a category for none', (row) => (row < 3 ? row : NaN)],
  ])('a feature of %s', (_, trade) => {
    const rows = range(0, 60).map((row) => [row % 7, trade(row)]);
    const input = { matrix: toMatrix(rows), labels: Uint8Array.from(rows, ([value]) => (value > 3 ? 1 : 0)), categoricalFeatures: [1] };
    const all = margins(input, rows);
    expect(all.every(Number.isFinite)).toBe(true);
    rows.forEach(([value], row) => expect(all[row] > 0).toBe(value > 3));
  });

  it('every feature constant or missing: the base value alone', () => {
    const rows = range(0, 10).map(() => [7, NaN]);
    const ofOnes = range(0, 10).map((row) => (row < 3 ? 1 : 0));
    const [margin] = margins({ matrix: toMatrix(rows), labels: Uint8Array.from(ofOnes), categoricalFeatures: [1] }, [[1, 1]]);
    expect(margin).toBeCloseTo(Math.log(3 / 7), 12);
  });

  it('any matrix, weights and settings with finite margins', () => {
    const number = fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: -4, max: 4 }) },
      { weight: 2, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -1e-45, -0) },
      { weight: 2, arbitrary: fc.float() },
    );
    const category = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(NaN, 65_535));
    const weight = fc.oneof(fc.constantFrom(0, 1, 1e30, 1e-30, 5e-324), fc.integer({ min: 0, max: 9 }));
    const seldom = (usual: number, ...extremes: number[]): fc.Arbitrary<number> =>
      fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...extremes) });
    const settings = fc.record(
      {
        numRounds: fc.integer({ min: 1, max: 12 }),
        learningRate: seldom(0.1, 10, 1e6, 1e300, 5e-324),
        numLeaves: seldom(7, 2, 1000),
        maxDepth: seldom(-1, 1, 3),
        minDataInLeaf: seldom(1, 0, 5),
        minSumHessianInLeaf: seldom(0, 1e-3, 1e300),
        featureFraction: seldom(1, 0.4),
        baggingFraction: seldom(1, 0.5, 1e-9),
        baggingFreq: seldom(0, 1),
        lambdaL1: seldom(0, 0.5, Number.MAX_VALUE),
        lambdaL2: seldom(0, 1, Number.MAX_VALUE),
        minGainToSplit: seldom(0, 1e-9, Number.MAX_VALUE),
        maxBin: seldom(255, 2, 3),
        maxCatToOnehot: seldom(4, 1, 100),
        maxCatThreshold: seldom(32, 1),
        catSmooth: seldom(1, 0, Number.MAX_VALUE),
        catL2: seldom(0, 10, Number.MAX_VALUE),
        minDataPerGroup: seldom(1, 5),
      },
      { requiredKeys: [] },
    );
    const row = fc.tuple(number, number, category, weight, fc.boolean());
    let numTrees = 0;
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 2, maxLength: 60 }),
        settings,
        fc.constantFrom<Partial<TrainingInput>>({}, { monotoneConstraints: [1, -1, 0] }, { interactionConstraints: [[0, 2], [1]] }),
        fc.boolean(),
        (rows, drawn, constraints, isWeighted) => {
          const values = rows.map(([first, second, code]) => [first, second, code]);
          const { ensemble } = train({
            matrix: toMatrix(values),
            labels: Uint8Array.from(rows, ([, , , , label], at) => (at === 0 ? 0 : at === 1 || label ? 1 : 0)),
            // Both classes weigh something.
            ...(isWeighted && { weights: rows.map(([, , , drawnWeight], at) => (at < 2 ? 1 : drawnWeight)) }),
            featureNames: ['first', 'second', 'third'],
            hyperParameters: { ...tiny, ...drawn },
            categoricalFeatures: [2],
            ...constraints,
            seed: 8,
          });
          numTrees += ensemble.trees.filter((tree) => tree.cover.length > 1).length;
          for (const one of [...values, [NaN, NaN, NaN], [Infinity, -Infinity, -7]]) expect(Number.isFinite(predictMargin(ensemble, one))).toBe(true);
        },
      ),
      { seed: 10, numRuns: 500 },
    );
    expect(numTrees).toBeGreaterThan(1000);
  });
});
