import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { arbitraryEnsemble, arbitraryRow, bruteForceShapley, chainEnsemble } from '../arbitrary-ensemble.testing.ts';
import { toRows, type AttributionsGolden } from '../golden.testing.ts';
import {
  createBackgroundExplainer,
  parseTrees,
  predictMargin,
  prepareBackgroundExplainer,
  selectRows,
  type FeatureMatrix,
  type TreeEnsemble,
} from '../index.ts';

const numFeatures = 4;
const golden = JSON.parse(readFileSync(new URL('../../golden/attributions.json', import.meta.url), 'utf8')) as AttributionsGolden;
const goldenTrees = parseTrees(JSON.stringify(golden.trees));

function toMatrix(rows: readonly (readonly number[])[]): FeatureMatrix {
  return { numRows: rows.length, numFeatures: rows[0]?.length ?? numFeatures, values: Float32Array.from(rows.flat()) };
}

/** All look-ups, none, and as many as fit. */
const tableSizes = fc.constantFrom(undefined, 0, 2000);
const arbitraryTrees = fc.boolean().chain((withCategories) => arbitraryEnsemble(numFeatures, { withCategories }));
const rowsOf = (maxLength: number, width = numFeatures) => fc.array(arbitraryRow(width), { minLength: 1, maxLength });

function farthest(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Math.max(...Array.from(expected, (value, index) => Math.abs(value - actual[index])));
}

function additivityError(ensemble: TreeEnsemble, background: FeatureMatrix, rows: FeatureMatrix, maxTableBytes?: number): number {
  const explainer = createBackgroundExplainer(ensemble, background, maxTableBytes === undefined ? {} : { maxTableBytes });
  const shapValues = explainer.explainRows(rows);
  return Math.max(
    ...Array.from({ length: rows.numRows }, (_, row) => {
      const [start, end] = [row * rows.numFeatures, (row + 1) * rows.numFeatures];
      const total = shapValues.subarray(start, end).reduce((sum, value) => sum + value, explainer.baseValue);
      return Math.abs(total - predictMargin(ensemble, rows.values.subarray(start, end)));
    }),
  );
}

describe('createBackgroundExplainer', () => {
  it('equals Shapley values counted coalition by coalition, the others taken from each background row', () => {
    fc.assert(
      fc.property(arbitraryTrees, rowsOf(6), rowsOf(3), tableSizes, (ensemble, background, rows, maxTableBytes) => {
        const explainer = createBackgroundExplainer(ensemble, toMatrix(background), maxTableBytes === undefined ? {} : { maxTableBytes });
        for (const row of rows) {
          const worth = (coalition: number): number =>
            background
              .map((other) =>
                predictMargin(
                  ensemble,
                  row.map((value, feature) => ((coalition >> feature) & 1 ? value : Math.fround(other[feature]))),
                ),
              )
              .reduce((sum, margin) => sum + margin, 0) / background.length;
          expect(farthest(explainer.explain(row), bruteForceShapley(numFeatures, worth))).toBeLessThan(1e-9);
          expect(Math.abs(explainer.baseValue - worth(0))).toBeLessThan(1e-9);
        }
      }),
      { seed: 2, numRuns: 400 },
    );
  });

  it('gives row by row what it gives for many', () => {
    fc.assert(
      fc.property(arbitraryTrees, rowsOf(6), rowsOf(40), tableSizes, (ensemble, background, rows, maxTableBytes) => {
        const explainer = createBackgroundExplainer(ensemble, toMatrix(background), maxTableBytes === undefined ? {} : { maxTableBytes });
        const matrix = toMatrix(rows);
        const oneByOne = Array.from({ length: matrix.numRows }, (_, row) => [...explainer.explain(selectRows(matrix, [row]).values)]);
        expect([...explainer.explainRows(matrix)]).toEqual(oneByOne.flat());
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('gives with tables what it gives without', () => {
    const wide = fc.boolean().chain((withCategories) => arbitraryEnsemble(7, { withCategories, maxDepth: 7, maxTrees: 6 }));
    fc.assert(
      fc.property(wide, rowsOf(90, 7), rowsOf(8, 7), (ensemble, background, rows) => {
        const [full, some, none] = [2 ** 25, 4000, 0].map((maxTableBytes) =>
          createBackgroundExplainer(ensemble, toMatrix(background), { maxTableBytes }).explainRows(toMatrix(rows)),
        );
        expect(farthest(some, full)).toBeLessThan(1e-12);
        expect(farthest(none, full)).toBeLessThan(1e-12);
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it("equals shap's enumeration of coalitions and, to its single precision, its TreeExplainer", () => {
    for (const options of [{}, { maxTableBytes: 0 }]) {
      const explainer = createBackgroundExplainer(goldenTrees, toMatrix(toRows(golden.background)), options);
      const shapValues = toRows(golden.rows).map((row) => explainer.explain(row));
      expect(Math.abs(explainer.baseValue - golden.enumerated.baseValue)).toBeLessThan(1e-9);
      golden.enumerated.shapValues.forEach((values, row) => expect(farthest(shapValues[row], values)).toBeLessThan(1e-9));
      golden.interventional.shapValues.forEach((values, row) => expect(farthest(shapValues[row], values)).toBeLessThan(1e-6));
    }
  });

  it('adds up to the margin', () => {
    for (const maxTableBytes of [undefined, 20_000, 0]) {
      expect(additivityError(goldenTrees, toMatrix(toRows(golden.background)), toMatrix(toRows(golden.rows)), maxTableBytes)).toBeLessThan(1e-12);
    }
  });

  it('weighs a background row that comes twice twice, and takes a background of one row', () => {
    const [first, second, third] = toRows(golden.background);
    const rows = toMatrix(toRows(golden.rows));
    const explain = (background: readonly (readonly number[])[]): Float64Array =>
      createBackgroundExplainer(goldenTrees, toMatrix(background)).explainRows(rows);
    const [alone, other] = [explain([first]), explain([second])];
    const twice = explain([first, second, first]);
    expect(
      farthest(
        twice,
        alone.map((value, index) => (2 * value + other[index]) / 3),
      ),
    ).toBeLessThan(1e-12);
    expect(farthest(explain([first, second, third, third, second, first]), explain([third, first, second]))).toBeLessThan(1e-12);
    expect(createBackgroundExplainer(goldenTrees, toMatrix([first])).baseValue).toBe(predictMargin(goldenTrees, Float32Array.from(first)));
  });

  it('gives nothing for trees of one leaf and for no trees', () => {
    const leaf = { ...chainEnsemble(0), featureNames: ['a', 'b'] };
    for (const ensemble of [leaf, { ...leaf, trees: [] }]) {
      const explainer = createBackgroundExplainer(ensemble, toMatrix([[1, NaN]]));
      expect([...explainer.explain([2, 3])]).toEqual([0, 0]);
      expect(explainer.baseValue).toBe(predictMargin(ensemble, [2, 3]));
    }
  });

  it('explains paths of up to 255 features, and refuses wider ones', () => {
    for (const width of [14, 33, 64, 255]) {
      // Most pass most tests, each its own.
      const values = Float32Array.from({ length: 70 * width }, (_, position) => Math.sin(position * position) - 0.9);
      const background = { numRows: 70, numFeatures: width, values };
      const rows = toMatrix([
        Array.from({ length: width }, () => -1),
        Array.from({ length: width }, () => 1),
        Array.from({ length: width }, (_, feature) => (feature % 9 === 0 ? 1 : -1)),
      ]);
      expect(additivityError(chainEnsemble(width), background, rows)).toBeLessThan(1e-9);
    }
    expect(() => createBackgroundExplainer(chainEnsemble(256), { numRows: 1, numFeatures: 256, values: new Float32Array(256) })).toThrow(
      expect.objectContaining({ code: 'path-too-wide' }),
    );
  });

  it('tells more background patterns of one leaf apart than a mask has bits', () => {
    const width = 9;
    const ensemble = chainEnsemble(width);
    const values = Float32Array.from(
      { length: 2 ** width * width },
      (_, position) => ((Math.floor(position / width) >> (position % width)) & 1) * 2 - 1,
    );
    const background = { numRows: 2 ** width, numFeatures: width, values };
    const rows = selectRows(background, [0, 5, 100, 511]);
    const [withTables, without] = [2 ** 25, 0].map((maxTableBytes) =>
      createBackgroundExplainer(ensemble, background, { maxTableBytes }).explainRows(rows),
    );
    expect(farthest(without, withTables)).toBeLessThan(1e-12);
    expect(additivityError(ensemble, background, rows, 0)).toBeLessThan(1e-12);
  });

  it('keeps a path short that narrows one feature a thousand times', () => {
    const depth = 1000;
    const nodes = Array.from({ length: 2 * depth + 1 }, (_, node) => node);
    const isSplit = (node: number): boolean => node % 2 === 0 && node < 2 * depth;
    const chain = chainEnsemble(1);
    const tree = {
      leftChild: Int32Array.from(nodes, (node) => (isSplit(node) ? node + 2 : -1)),
      rightChild: Int32Array.from(nodes, (node) => (isSplit(node) ? node + 1 : -1)),
      splitFeature: Int32Array.from(nodes, (node) => (isSplit(node) ? 0 : -1)),
      threshold: Float64Array.from(nodes, (node) => depth - node / 2),
      defaultLeft: Uint8Array.from(nodes, (node) => (node % 6 === 0 ? 1 : 0)),
      leafValue: Float64Array.from(nodes, (node) => (isSplit(node) ? 0 : Math.sin(node))),
      cover: new Float64Array(nodes.length).fill(1),
    };
    const rows = toMatrix([[-1], [500.5], [999], [2000], [NaN]]);
    expect(additivityError({ ...chain, trees: [tree] }, toMatrix([[3], [700], [NaN]]), rows)).toBeLessThan(1e-12);
  });

  it('refuses an empty background and rows of another width', () => {
    const ensemble = { featureNames: ['a', 'b'], baseValue: 0, trees: [] };
    expect(() => createBackgroundExplainer(ensemble, { numRows: 0, numFeatures: 2, values: new Float32Array(0) })).toThrow(
      expect.objectContaining({ code: 'no-rows' }),
    );
    expect(() => createBackgroundExplainer(ensemble, { numRows: 1, numFeatures: 3, values: new Float32Array(3) })).toThrow(
      expect.objectContaining({ code: 'matrix-shape-differs' }),
    );
    const explainer = createBackgroundExplainer(ensemble, { numRows: 1, numFeatures: 2, values: new Float32Array(2) });
    expect(() => explainer.explain([1, 2, 3])).toThrow(expect.objectContaining({ code: 'row-length-differs' }));
    expect(() => explainer.explainRows({ numRows: 1, numFeatures: 2, values: new Float32Array(4) })).toThrow(
      expect.objectContaining({ code: 'matrix-shape-differs' }),
    );
    expect(explainer.explainRows({ numRows: 0, numFeatures: 2, values: new Float32Array(0) })).toHaveLength(0);
  });
});

describe('prepareBackgroundExplainer', () => {
  it('pauses after every tree, and makes the same explainer', async () => {
    const background = toMatrix(toRows(golden.background));
    const rows = toMatrix(toRows(golden.rows));
    let pauses = 0;
    const prepared = await prepareBackgroundExplainer(goldenTrees, background, async () => void pauses++);
    expect(pauses).toBeGreaterThanOrEqual(goldenTrees.trees.length);
    expect(prepared.explainRows(rows)).toEqual(createBackgroundExplainer(goldenTrees, background).explainRows(rows));
  });
});
