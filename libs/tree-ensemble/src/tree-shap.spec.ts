import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { arbitraryEnsemble, arbitraryRow, bruteForceShapley } from './arbitrary-ensemble.testing.ts';
import { toRows, type AttributionsGolden } from './golden.testing.ts';
import { parseTrees, predictMargin, train, treeShap, defaultHyperParameters, type Tree } from './index.ts';

const numFeatures = 4;
const golden = JSON.parse(readFileSync(new URL('../golden/attributions.json', import.meta.url), 'utf8')) as AttributionsGolden;

/** The margin expected when only the coalition's features are known: the others follow the covers. */
function expectedLeaf(tree: Tree, row: readonly number[], coalition: number, node = 0): number {
  if (tree.leftChild[node] < 0) return tree.leafValue[node];
  const [left, right] = [tree.leftChild[node], tree.rightChild[node]];
  const feature = tree.splitFeature[node];
  if (((coalition >> feature) & 1) === 0) {
    const share = tree.cover[left] / tree.cover[node];
    return share * expectedLeaf(tree, row, coalition, left) + (1 - share) * expectedLeaf(tree, row, coalition, right);
  }
  const goesLeft = Number.isNaN(row[feature]) ? tree.defaultLeft[node] === 1 : row[feature] <= tree.threshold[node];
  return expectedLeaf(tree, row, coalition, goesLeft ? left : right);
}

describe('treeShap', () => {
  it('equals Shapley values counted coalition by coalition', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(numFeatures), arbitraryRow(numFeatures), (ensemble, row) => {
        const expected = bruteForceShapley(numFeatures, (coalition) =>
          ensemble.trees.reduce((sum, tree) => sum + expectedLeaf(tree, row, coalition), 0),
        );
        const { baseValue, shapValues } = treeShap(ensemble, row);
        expected.forEach((value, feature) => expect(Math.abs(shapValues[feature] - value)).toBeLessThan(1e-9));
        const nothingKnown = ensemble.trees.reduce((sum, tree) => sum + expectedLeaf(tree, row, 0), ensemble.baseValue);
        expect(Math.abs(baseValue - nothingKnown)).toBeLessThan(1e-9);
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it("equals LightGBM's pred_contrib on LightGBM's own trees", () => {
    const ensemble = parseTrees(JSON.stringify(golden.trees));
    expect(golden.rows.length).toBe(40);
    toRows(golden.rows).forEach((row, index) => {
      expect(Math.abs(predictMargin(ensemble, row) - golden.margins[index])).toBeLessThan(1e-12);
      const { baseValue, shapValues } = treeShap(ensemble, row);
      const contributions = golden.predContrib[index];
      [...shapValues, baseValue].forEach((value, position) => expect(Math.abs(value - contributions[position])).toBeLessThan(1e-9));
    });
  });

  it('adds up to the margin on deep trees, to 1e-9', () => {
    const numRows = 400;
    const values = Float32Array.from({ length: numRows * 20 }, (_, position) => (Math.sin(position * 12.9898) * 43758.5453) % 1);
    const labels = Uint8Array.from({ length: numRows }, (_, row) => (values[row * 20] + values[row * 20 + 1] * values[row * 20 + 2] > 0 ? 1 : 0));
    const { ensemble } = train({
      matrix: { numRows, numFeatures: 20, values },
      labels,
      featureNames: Array.from({ length: 20 }, (_, index) => `x${index}`),
      hyperParameters: { ...defaultHyperParameters, numRounds: 30, numLeaves: 127, minDataInLeaf: 1, minSumHessianInLeaf: 0 },
      seed: 5,
    });
    for (let row = 0; row < 50; row++) {
      const features = values.subarray(row * 20, row * 20 + 20);
      const { baseValue, shapValues } = treeShap(ensemble, features);
      const total = shapValues.reduce((sum, value) => sum + value, baseValue);
      expect(Math.abs(total - predictMargin(ensemble, features))).toBeLessThan(1e-9);
    }
  });

  it('refuses a row of another length', () => {
    const ensemble = { featureNames: ['a', 'b'], baseValue: 0, trees: [] };
    expect(() => treeShap(ensemble, [1])).toThrow(expect.objectContaining({ code: 'row-length-differs' }));
  });
});
