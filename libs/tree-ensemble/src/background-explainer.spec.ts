import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { arbitraryEnsemble, arbitraryRow, bruteForceShapley, chainEnsemble } from './arbitrary-ensemble.testing.ts';
import { toRows, type AttributionsGolden } from './golden.testing.ts';
import { createBackgroundExplainer, parseTrees, predictMargin, type FeatureMatrix } from './index.ts';

const numFeatures = 4;
const golden = JSON.parse(readFileSync(new URL('../golden/attributions.json', import.meta.url), 'utf8')) as AttributionsGolden;

function toMatrix(rows: readonly (readonly number[])[]): FeatureMatrix {
  return { numRows: rows.length, numFeatures: rows[0]?.length ?? numFeatures, values: Float32Array.from(rows.flat()) };
}

describe('createBackgroundExplainer', () => {
  it('equals Shapley values counted coalition by coalition, the others taken from each background row', () => {
    fc.assert(
      fc.property(
        arbitraryEnsemble(numFeatures),
        fc.array(arbitraryRow(numFeatures), { minLength: 1, maxLength: 6 }),
        fc.array(arbitraryRow(numFeatures), { minLength: 1, maxLength: 3 }),
        (ensemble, background, rows) => {
          const explainer = createBackgroundExplainer(ensemble, toMatrix(background));
          for (const row of rows) {
            const worth = (coalition: number): number =>
              background
                .map((other) =>
                  predictMargin(
                    ensemble,
                    row.map((value, feature) => ((coalition >> feature) & 1 ? value : other[feature])),
                  ),
                )
                .reduce((sum, margin) => sum + margin, 0) / background.length;
            const expected = bruteForceShapley(numFeatures, worth);
            const shapValues = explainer.explain(row);
            expected.forEach((value, feature) => expect(Math.abs(shapValues[feature] - value)).toBeLessThan(1e-9));
            expect(Math.abs(explainer.baseValue - worth(0))).toBeLessThan(1e-9);
            // The second time is answered from the cache.
            expect(explainer.explain(row)).toEqual(shapValues);
          }
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });

  it("equals shap's enumeration of coalitions and, to its single precision, its TreeExplainer", () => {
    const explainer = createBackgroundExplainer(parseTrees(JSON.stringify(golden.trees)), toMatrix(toRows(golden.background)));
    const rows = toRows(golden.rows);
    expect(Math.abs(explainer.baseValue - golden.enumerated.baseValue)).toBeLessThan(1e-9);
    const farthest = (expected: readonly number[][]): number =>
      Math.max(
        ...expected.flatMap((values, index) => [...explainer.explain(rows[index])].map((value, feature) => Math.abs(value - values[feature]))),
      );
    expect(farthest(golden.enumerated.shapValues)).toBeLessThan(1e-9);
    expect(farthest(golden.interventional.shapValues)).toBeLessThan(1e-6);
  });

  it('adds up to the margin', () => {
    const ensemble = parseTrees(JSON.stringify(golden.trees));
    const explainer = createBackgroundExplainer(ensemble, toMatrix(toRows(golden.background)));
    for (const row of toRows(golden.rows)) {
      const total = explainer.explain(row).reduce((sum, value) => sum + value, explainer.baseValue);
      expect(Math.abs(total - predictMargin(ensemble, row))).toBeLessThan(1e-9);
    }
  });

  it('explains paths too wide for its index, and refuses paths wider than a pattern', () => {
    const wide = chainEnsemble(14);
    const background = {
      numRows: 2,
      numFeatures: 14,
      values: Float32Array.from({ length: 28 }, (_, position) => (position < 14 ? -1 : position % 3)),
    };
    const explainer = createBackgroundExplainer(wide, background);
    for (const row of [new Float32Array(14).fill(-1), new Float32Array(14).fill(1), Float32Array.from({ length: 14 }, (_, k) => (k % 2) - 1)]) {
      for (const shapValues of [explainer.explain(row), explainer.explain(row)]) {
        const total = shapValues.reduce((sum, value) => sum + value, explainer.baseValue);
        expect(Math.abs(total - predictMargin(wide, row))).toBeLessThan(1e-9);
      }
    }
    const tooWide = chainEnsemble(31);
    expect(() => createBackgroundExplainer(tooWide, { numRows: 1, numFeatures: 31, values: new Float32Array(31) })).toThrow(
      expect.objectContaining({ code: 'path-too-wide' }),
    );
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
  });
});
