import * as fc from 'fast-check';
import {
  defaultHyperParameters,
  predictMargins,
  serialiseTrees,
  sigmoid,
  train,
  type FeatureMatrix,
  type HyperParameters,
  type TrainingInput,
} from '../index.ts';
import { featureNames, heldOut, learning, learningGolden, meanLogLoss, range, rocAuc, toHyperParameters } from './learning-set.testing.ts';
import { findLeaf } from '../predict.ts';

function trainOn(input: Partial<TrainingInput>) {
  return train({ ...learning, featureNames, hyperParameters: { ...defaultHyperParameters, numRounds: 20 }, seed: 1, ...input });
}

const small = (columns: number[][], labels: number[]): Pick<TrainingInput, 'matrix' | 'labels' | 'featureNames'> => ({
  matrix: {
    numRows: labels.length,
    numFeatures: columns.length,
    values: Float32Array.from({ length: labels.length * columns.length }, (_, at) => columns[at % columns.length][Math.floor(at / columns.length)]),
  },
  labels: Uint8Array.from(labels),
  featureNames: columns.map((_, index) => `x${index}`),
});
const tiny: HyperParameters = { ...defaultHyperParameters, numRounds: 5, minDataInLeaf: 1, minSumHessianInLeaf: 0 };

describe('train', () => {
  it.each(Object.keys(learningGolden.runs))('ranks held-out rows as well as LightGBM: %s', (name) => {
    const { parameters, rocAuc: ofLightGbm } = learningGolden.runs[name];
    const aucs = [1, 2, 3].map((seed) => {
      const { ensemble } = trainOn({ hyperParameters: toHyperParameters(parameters), seed });
      return rocAuc(heldOut.labels, predictMargins(ensemble, heldOut.matrix));
    });
    expect(aucs.sort((left, right) => left - right)[1]).toBeGreaterThan(ofLightGbm - 0.003);
    expect(aucs[0]).toBeLessThan(ofLightGbm + 0.02);
  });

  it('gives the same trees, bit for bit, for the same seed, and others for another one', () => {
    const hyperParameters = { ...defaultHyperParameters, numRounds: 10, featureFraction: 0.5, baggingFraction: 0.6, baggingFreq: 2 };
    const [first, again, other] = [7, 7, 8].map((seed) => serialiseTrees(trainOn({ hyperParameters, seed }).ensemble));
    expect(again === first).toBe(true);
    expect(other === first).toBe(false);
  });

  it('stops when the validation loss gets no better, and cuts at its best round', () => {
    const rounds: number[] = [];
    const hyperParameters = { ...defaultHyperParameters, numRounds: 400, earlyStoppingRounds: 15 };
    const { ensemble, bestRound, evaluations } = trainOn({ hyperParameters, validation: heldOut, onRound: ({ round }) => rounds.push(round) });
    expect(evaluations.length).toBe(bestRound + 15);
    expect(Math.min(...evaluations)).toBe(evaluations[bestRound - 1]);
    expect(ensemble.trees.length).toBe(bestRound);
    expect(rounds).toEqual(range(1, bestRound + 16));
    const loss = meanLogLoss(heldOut.labels, predictMargins(ensemble, heldOut.matrix));
    expect(Math.abs(loss - evaluations[bestRound - 1])).toBeLessThan(1e-12);
  });

  it('starts from the log-odds of the mean label', () => {
    const { ensemble } = train({ ...small([[1, 1, 1, 1]], [1, 0, 0, 0]), hyperParameters: tiny, seed: 0 });
    expect(ensemble.trees).toEqual([]);
    expect(sigmoid(ensemble.baseValue)).toBeCloseTo(0.25, 15);
  });

  it('keeps within depth, leaves and rows of a leaf', () => {
    const hyperParameters = { ...defaultHyperParameters, numRounds: 10, numLeaves: 6, maxDepth: 3, minDataInLeaf: 400 };
    const { ensemble } = trainOn({ hyperParameters });
    const depth = (tree: (typeof ensemble.trees)[number], node = 0): number =>
      tree.leftChild[node] < 0 ? 0 : 1 + Math.max(depth(tree, tree.leftChild[node]), depth(tree, tree.rightChild[node]));
    for (const tree of ensemble.trees) {
      expect(depth(tree)).toBeLessThanOrEqual(3);
      expect(tree.leftChild.filter((child) => child < 0).length).toBeLessThanOrEqual(6);
      // Rows of a side are estimated from hessians, as LightGBM does, so that the bound is soft.
      expect(Math.min(...tree.cover)).toBeGreaterThan(200);
    }
  });

  it('splits raw values exactly as it binned them, infinities, zeros and neighbours included', () => {
    const neighbour = Math.fround(1 + 2 ** -23);
    const value = fc.oneof(
      fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1, neighbour, 3.4e38, -3.4e38, 1e-40, -1e-40, 1e-36, -1e-30),
      fc.integer({ min: -5, max: 5 }),
      fc.float({ noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, fc.boolean()), { minLength: 12, maxLength: 80 }), fc.constantFrom(2, 3, 5, 255), (rows, maxBin) => {
        const labels = rows.map(([, , label], row) => (row === 0 ? 0 : row === 1 || label ? 1 : 0));
        const input = small([rows.map(([first]) => first), rows.map(([, second]) => second)], labels);
        const { ensemble } = train({ ...input, hyperParameters: { ...tiny, maxBin }, seed: 3 });
        for (const tree of ensemble.trees) {
          const reached = new Float64Array(tree.cover.length);
          for (let row = 0; row < rows.length; row++) reached[findLeaf(tree, input.matrix.values, row * 2)]++;
          const ofLeaves = (counts: Float64Array): number[] => [...counts].filter((_, node) => tree.leftChild[node] < 0);
          expect(ofLeaves(reached)).toEqual(ofLeaves(tree.cover));
          expect(tree.leafValue.every(Number.isFinite)).toBe(true);
          expect([...tree.threshold].every((threshold) => Math.fround(threshold) === threshold)).toBe(true);
        }
      }),
      { seed: 9, numRuns: 300 },
    );
  });

  it.each([
    [1, Math.fround(1 + 2 ** -23)],
    [-3.4028234663852886e38, 3.4028234663852886e38],
    [3.4028234663852886e38, Infinity],
    [-Infinity, 0],
    [-Infinity, Infinity],
  ])('tells %d from %d', (low, high) => {
    const column = range(0, 40).map((row) => (row % 2 === 0 ? low : high));
    const { ensemble } = train({
      ...small(
        [column],
        range(0, 40).map((row) => row % 2),
      ),
      hyperParameters: tiny,
      seed: 1,
    });
    const [ofLow, ofHigh] = predictMargins(ensemble, { numRows: 2, numFeatures: 1, values: Float32Array.from([low, high]) });
    expect(ofHigh - ofLow).toBeGreaterThan(1);
  });

  it('learns which way missing values go', () => {
    const numRows = 200;
    const column = range(0, numRows).map((row) => (row % 2 === 0 ? NaN : row));
    const { ensemble } = train({
      ...small(
        [column],
        column.map((value) => (Number.isNaN(value) ? 1 : 0)),
      ),
      hyperParameters: tiny,
      seed: 2,
    });
    const margins = predictMargins(ensemble, { numRows: 3, numFeatures: 1, values: Float32Array.from([NaN, 5, Infinity]) });
    expect(margins[0]).toBeGreaterThan(0.5);
    expect(margins[1]).toBeLessThan(-0.5);
    expect(margins[2]).toBeLessThan(-0.5);
  });

  it('leaves constant and all-missing columns unused', () => {
    const numRows = 100;
    const informative = range(0, numRows);
    const input = small(
      [informative.map(() => NaN), informative, informative.map(() => 7)],
      informative.map((value) => (value > 60 ? 1 : 0)),
    );
    const { ensemble } = train({ ...input, hyperParameters: tiny, seed: 1 });
    expect(ensemble.trees.length).toBe(5);
    for (const tree of ensemble.trees) expect([...tree.splitFeature].every((feature) => feature <= 1 && feature !== 0)).toBe(true);
  });

  it('bins from a sample when rows are many', () => {
    const numRows = 210_000;
    const values = Float32Array.from({ length: numRows }, (_, row) => (row * 7919) % 1000);
    const labels = Uint8Array.from(values, (value) => (value > 700 ? 1 : 0));
    const { ensemble } = train({
      matrix: { numRows, numFeatures: 1, values },
      labels,
      featureNames: ['x'],
      hyperParameters: { ...tiny, numRounds: 20 },
      seed: 1,
    });
    expect(rocAuc(labels, predictMargins(ensemble, { numRows, numFeatures: 1, values }))).toBeGreaterThan(0.99);
  });

  const matrix: FeatureMatrix = { numRows: 3, numFeatures: 1, values: Float32Array.from([1, 2, 3]) };
  const sound: TrainingInput = { matrix, labels: Uint8Array.from([0, 1, 0]), featureNames: ['x'], hyperParameters: tiny, seed: 1 };
  it.each<[string, string, Partial<TrainingInput>]>([
    ['no rows', 'no-rows', { matrix: { numRows: 0, numFeatures: 1, values: new Float32Array(0) }, labels: new Uint8Array(0) }],
    ['no features', 'no-features', { matrix: { numRows: 3, numFeatures: 0, values: new Float32Array(0) }, featureNames: [] }],
    ['values that do not fill the matrix', 'matrix-shape-differs', { matrix: { numRows: 4, numFeatures: 1, values: matrix.values } }],
    ['names for other columns', 'matrix-shape-differs', { featureNames: ['x', 'y'] }],
    ['a name used twice', 'feature-names-differ', { featureNames: ['x', 'x'] }],
    ['labels of another length', 'labels-length-differs', { labels: Uint8Array.from([0, 1]) }],
    ['a label of 2', 'label-not-binary', { labels: Uint8Array.from([0, 1, 2]) }],
    ['constraints of another length', 'bad-monotone-constraint', { monotoneConstraints: [1, 0] }],
    ['a constraint of 2', 'bad-monotone-constraint', { monotoneConstraints: [2] }],
    ['only ones', 'one-class', { labels: Uint8Array.from([1, 1, 1]) }],
    ['only zeros', 'one-class', { labels: Uint8Array.from([0, 0, 0]) }],
    ['a seed that is no integer', 'bad-seed', { seed: 0.5 }],
    ['a seed beyond integers', 'bad-seed', { seed: NaN }],
    ['validation labels of another length', 'labels-length-differs', { validation: { matrix, labels: Uint8Array.from([1]) } }],
    [
      'validation columns of another number',
      'matrix-shape-differs',
      { validation: { matrix: { numRows: 1, numFeatures: 3, values: matrix.values }, labels: Uint8Array.from([1]) } },
    ],
    [
      'no validation rows',
      'no-rows',
      { validation: { matrix: { numRows: 0, numFeatures: 1, values: new Float32Array(0) }, labels: new Uint8Array(0) } },
    ],
  ])('refuses %s: %s', (_, code, part) => {
    expect(() => train({ ...sound, ...part })).toThrow(expect.objectContaining({ name: 'TreeEnsembleError', code }));
  });

  it('names every bad hyper-parameter at once', () => {
    const hyperParameters = { ...tiny, numLeaves: 1, learningRate: NaN, maxBin: 256, baggingFraction: 0, numRounds: 1.5 };
    const names = /^(?=.*numLeaves)(?=.*learningRate)(?=.*maxBin)(?=.*baggingFraction)(?=.*numRounds)/;
    expect(() => train({ ...sound, hyperParameters })).toThrow(
      expect.objectContaining({ code: 'bad-hyper-parameter', message: expect.stringMatching(names) }),
    );
  });

  it('survives every permitted extreme with finite trees', () => {
    const extremes: Partial<HyperParameters>[] = [
      { learningRate: 1e6 },
      { lambdaL2: Number.MAX_VALUE },
      { lambdaL1: Number.MAX_VALUE },
      { minGainToSplit: Number.MAX_VALUE },
      { maxBin: 2 },
      { numLeaves: 131_072 },
      { featureFraction: 1e-9 },
      { baggingFraction: 1e-9, baggingFreq: 1 },
      { minDataInLeaf: 0 },
    ];
    for (const extreme of extremes) {
      const { ensemble } = train({
        ...small(
          [range(0, 50), range(0, 50).map((row) => row % 3)],
          range(0, 50).map((row) => row % 2),
        ),
        hyperParameters: { ...tiny, ...extreme },
        seed: 1,
      });
      expect(predictMargins(ensemble, { numRows: 1, numFeatures: 2, values: Float32Array.from([3, 1]) })[0]).not.toBeNaN();
      for (const tree of ensemble.trees) expect(tree.leafValue.every(Number.isFinite)).toBe(true);
    }
  });
});
