import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { arbitraryEnsemble, arbitraryRow, bruteForceShapley, chainEnsemble } from '../arbitrary-ensemble.testing.ts';
import { toRows, type AttributionsGolden, type InteractionsGolden } from '../golden.testing.ts';
import { createTreeExplainer, defaultHyperParameters, expectedMargin, parseTrees, predictMargin, train, treeShap, type Tree } from '../index.ts';
import { goesLeft } from '../predict.ts';
import { planShap } from './shap-plan.ts';
import { explainTwin, interactionsTwin } from './shap-twin.ts';

const numFeatures = 4;
const golden = JSON.parse(readFileSync(new URL('../../golden/attributions.json', import.meta.url), 'utf8')) as AttributionsGolden;
const goldenInteractions = JSON.parse(readFileSync(new URL('../../golden/interactions.json', import.meta.url), 'utf8')) as InteractionsGolden;

/** The margin expected when only the coalition's features are known: the others follow the covers. */
function expectedLeaf(tree: Tree, row: readonly number[], coalition: number, node = 0): number {
  if (tree.leftChild[node] < 0) return tree.leafValue[node];
  const [left, right] = [tree.leftChild[node], tree.rightChild[node]];
  const feature = tree.splitFeature[node];
  if (((coalition >> feature) & 1) === 0) {
    const share = tree.cover[left] / tree.cover[node];
    return share * expectedLeaf(tree, row, coalition, left) + (1 - share) * expectedLeaf(tree, row, coalition, right);
  }
  return expectedLeaf(tree, row, coalition, goesLeft(tree, node, row[feature]) ? left : right);
}

/** Interaction values from their definition (Fujimoto et al., 2006), halved between both places; lines add up to Shapley values. */
function bruteForceInteractions(size: number, worth: (coalition: number) => number): number[] {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const interactions = Array.from({ length: size * size }, () => 0);
  bruteForceShapley(size, worth).forEach((value, feature) => (interactions[feature * (size + 1)] = value));
  for (let first = 0; first < size; first++) {
    for (let second = 0; second < size; second++) {
      if (first === second) continue;
      const [a, b] = [1 << first, 1 << second];
      let half = 0;
      for (let coalition = 0; coalition < 2 ** size; coalition++) {
        if ((coalition & (a | b)) !== 0) continue;
        const known = coalition.toString(2).replaceAll('0', '').length;
        const weight = (factorial(known) * factorial(size - known - 2)) / (2 * factorial(size - 1));
        half += weight * (worth(coalition | a | b) - worth(coalition | a) - worth(coalition | b) + worth(coalition));
      }
      interactions[first * size + second] = half;
      interactions[first * (size + 1)] -= half;
    }
  }
  return interactions;
}

describe('treeShap', () => {
  it('equals Shapley values counted coalition by coalition', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(numFeatures, { withCategories: true }), arbitraryRow(numFeatures), (ensemble, row) => {
        const expected = bruteForceShapley(numFeatures, (coalition) =>
          ensemble.trees.reduce((sum, tree) => sum + expectedLeaf(tree, row, coalition), 0),
        );
        const { baseValue, shapValues } = treeShap(ensemble, row);
        expected.forEach((value, feature) => expect(Math.abs(shapValues[feature] - value)).toBeLessThan(1e-12));
        const nothingKnown = ensemble.trees.reduce((sum, tree) => sum + expectedLeaf(tree, row, 0), ensemble.baseValue);
        expect(Math.abs(baseValue - nothingKnown)).toBeLessThan(1e-12);
        expect(expectedMargin(ensemble)).toBe(baseValue);
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
      [...shapValues, baseValue].forEach((value, position) => expect(Math.abs(value - contributions[position])).toBeLessThan(1e-12));
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
      expect(Math.abs(total - predictMargin(ensemble, features))).toBeLessThan(1e-12);
    }
  });

  it('gives nothing to a feature that no split asks, and as much to each of two that play the same part', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(2, { withCategories: true }), arbitraryRow(3), (ensemble, row) => {
        // Every tree once as it is, once with its first feature taken for its third: the two are interchangeable.
        const twin = ensemble.trees.map((tree) => ({ ...tree, splitFeature: tree.splitFeature.map((feature) => (feature === 0 ? 2 : feature)) }));
        const doubled = { ...ensemble, featureNames: ['a', 'b', 'c', 'unused'], trees: [...ensemble.trees, ...twin] };
        const { shapValues } = treeShap(doubled, [row[0], row[1], row[0], row[2]]);
        expect(Math.abs(shapValues[0] - shapValues[2])).toBeLessThan(1e-12);
        expect(shapValues[3]).toBe(0);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('attributes a path of 3,000 features', () => {
    const ensemble = chainEnsemble(3_000);
    const row = Array.from({ length: 3_000 }, (_, feature) => (feature === 2_500 ? 1 : -1));
    const { baseValue, shapValues } = treeShap(ensemble, row);
    const total = shapValues.reduce((sum, value) => sum + value, baseValue);
    expect(Math.abs(total - predictMargin(ensemble, row))).toBeLessThan(1e-9);
  });

  it('refuses a path that would take gibibytes', () => {
    const ensemble = chainEnsemble(100_000);
    expect(() => treeShap(ensemble, new Float32Array(100_000))).toThrow(expect.objectContaining({ code: 'path-too-wide' }));
  });

  it('follows the base value that an ensemble of the same trees has', () => {
    const { trees, featureNames } = chainEnsemble(3);
    const [one, two] = [1, 2].map((baseValue) => treeShap({ trees, featureNames, baseValue }, [0, 0, 0]));
    expect(two.baseValue - one.baseValue).toBe(1);
    expect(two.shapValues).toEqual(one.shapValues);
  });

  it('refuses a row of another length', () => {
    const ensemble = { featureNames: ['a', 'b'], baseValue: 0, trees: [] };
    expect(() => treeShap(ensemble, [1])).toThrow(expect.objectContaining({ code: 'row-length-differs' }));
  });
});

describe('createTreeExplainer', () => {
  it('equals its twin in TypeScript to the last bit, row by row and in blocks', () => {
    fc.assert(
      fc.property(
        arbitraryEnsemble(14, { withCategories: true, maxDepth: 12 }),
        fc.array(arbitraryRow(14), { minLength: 1, maxLength: 20 }),
        (ensemble, rows) => {
          const explainer = createTreeExplainer(ensemble);
          const values = Float32Array.from(rows.flat());
          const inBlocks = explainer.explainRows({ numRows: rows.length, numFeatures: 14, values });
          const plan = planShap(ensemble);
          expect(explainer.baseValue).toBe(plan.baseValue);
          rows.forEach((_, index) => {
            const row = values.subarray(14 * index, 14 * index + 14);
            const expected = explainTwin(plan, row);
            expect(explainer.explain(row)).toEqual(expected);
            expect(inBlocks.slice(14 * index, 14 * index + 14)).toEqual(expected);
            expect(explainer.interactions(row)).toEqual(interactionsTwin(plan, row));
          });
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });

  it("gives shap's interaction values of LightGBM's trees", () => {
    const explainer = createTreeExplainer(parseTrees(JSON.stringify(golden.trees)));
    expect(goldenInteractions.interactions.length).toBe(12);
    goldenInteractions.interactions.forEach((expected, index) => {
      const interactions = explainer.interactions(toRows(golden.rows)[index]);
      expect(expected.filter((value) => Math.abs(value) > 1e-4).length).toBeGreaterThan(20);
      expect(interactions).toHaveLength(expected.length);
      expected.forEach((value, place) => expect(Math.abs(interactions[place] - value)).toBeLessThan(1e-12));
    });
  });

  it('splits SHAP values into interaction values, counted coalition by coalition', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(numFeatures, { withCategories: true }), arbitraryRow(numFeatures), (ensemble, row) => {
        const worth = (coalition: number): number => ensemble.trees.reduce((sum, tree) => sum + expectedLeaf(tree, row, coalition), 0);
        const expected = bruteForceInteractions(numFeatures, worth);
        const explainer = createTreeExplainer(ensemble);
        const interactions = explainer.interactions(row);
        expected.forEach((value, place) => expect(Math.abs(interactions[place] - value)).toBeLessThan(1e-12));
        explainer.explain(row).forEach((value, feature) => {
          const line = interactions.subarray(feature * numFeatures, (feature + 1) * numFeatures);
          expect(Math.abs(line.reduce((sum, part) => sum + part, 0) - value)).toBeLessThan(1e-12);
        });
      }),
      { seed: 4, numRuns: 400 },
    );
  });

  it.each([3, 6, 10, 14, 30, 60])('equals its twin on paths of %i features', (length) => {
    const ensemble = chainEnsemble(length);
    const plan = planShap(ensemble);
    const explainer = createTreeExplainer(ensemble);
    for (let failing = 0; failing <= length; failing++) {
      const row = Array.from({ length }, (_, feature) => (feature === failing ? 1 : -1));
      const shapValues = explainer.explain(row);
      expect(shapValues).toEqual(explainTwin(plan, row));
      const total = shapValues.reduce((sum, value) => sum + value, explainer.baseValue);
      expect(Math.abs(total - predictMargin(ensemble, row))).toBeLessThan(1e-12);
    }
  });

  it('explains rows of an ensemble without trees, and of trees without splits', () => {
    const leaf = { ...chainEnsemble(0).trees[0], leafValue: Float64Array.of(0.25) };
    const explainer = createTreeExplainer({ featureNames: ['a'], baseValue: 1, trees: [leaf] });
    expect(explainer.baseValue).toBe(1.25);
    expect(explainer.explain([Number.NaN])).toEqual(Float64Array.of(0));
    expect(createTreeExplainer({ featureNames: [], baseValue: 1, trees: [] }).explain([])).toHaveLength(0);
  });

  it('refuses a matrix of another width', () => {
    const explainer = createTreeExplainer(chainEnsemble(3));
    expect(() => explainer.explainRows({ numRows: 1, numFeatures: 2, values: new Float32Array(2) })).toThrow(
      expect.objectContaining({ code: 'matrix-shape-differs' }),
    );
  });
});
