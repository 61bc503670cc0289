import * as fc from 'fast-check';
import { arbitraryEnsemble, arbitraryRow, toBitset } from './arbitrary-ensemble.testing.ts';
import { predictMargin, predictMargins, type Tree, type TreeEnsemble } from './index.ts';
import { goesLeft, isInCategories } from './predict.ts';

/** One split: left is worth 1, right 2. */
function stump(split: Partial<Tree>): TreeEnsemble {
  const tree: Tree = {
    leftChild: Int32Array.of(1, -1, -1),
    rightChild: Int32Array.of(2, -1, -1),
    splitFeature: Int32Array.of(0, -1, -1),
    threshold: new Float64Array(3),
    defaultLeft: new Uint8Array(3),
    leafValue: Float64Array.of(0, 1, 2),
    cover: Float64Array.of(2, 1, 1),
    ...split,
  };
  return { featureNames: ['a'], baseValue: 0, trees: [tree] };
}

describe('a split at a threshold', () => {
  it('sends left what is at most the threshold, and missing values by default', () => {
    const at = (value: number, defaultLeft: number): number => predictMargin(stump({ defaultLeft: Uint8Array.of(defaultLeft, 0, 0) }), [value]);
    expect([-Infinity, -1, -0, 0].map((value) => at(value, 0))).toEqual([1, 1, 1, 1]);
    expect([Number.MIN_VALUE, 1, Infinity].map((value) => at(value, 1))).toEqual([2, 2, 2]);
    expect([at(NaN, 0), at(NaN, 1)]).toEqual([2, 1]);
  });
});

describe('a split on categories', () => {
  const categories = [toBitset([0, 2, 31, 32, 70]), null, null];

  it('sends left the codes of its set and nothing else', () => {
    const ensemble = stump({ categories });
    for (const code of [0, -0, 2, 31, 32, 70]) expect(predictMargin(ensemble, [code])).toBe(1);
    for (const code of [1, 3, 30, 33, 63, 64, 69, 71, 96, 1e6, 2 ** 31, 2 ** 32, 2 ** 32 + 2, 2 ** 53]) {
      expect(predictMargin(ensemble, [code])).toBe(2);
    }
  });

  it('takes no value for a code that is not a whole number from zero', () => {
    for (const value of [-1, -2, -31, 0.5, 2.000001, 1e-40, Infinity, -Infinity, 1e38])
      expect(isInCategories(categories[0] ?? new Uint32Array(), value)).toBe(false);
    expect(isInCategories(new Uint32Array(), 0)).toBe(false);
  });

  it('sends missing values by default, whatever the set', () => {
    expect(predictMargin(stump({ categories }), [NaN])).toBe(2);
    expect(predictMargin(stump({ categories, defaultLeft: Uint8Array.of(1, 0, 0) }), [NaN])).toBe(1);
  });
});

describe('predictMargin', () => {
  it('is the sum over trees of the leaf that goesLeft leads to, by row as in bulk', () => {
    const step = (tree: Tree, row: readonly number[], node: number): number =>
      tree.splitFeature[node] < 0
        ? tree.leafValue[node]
        : step(tree, row, goesLeft(tree, node, row[tree.splitFeature[node]]) ? tree.leftChild[node] : tree.rightChild[node]);
    fc.assert(
      fc.property(arbitraryEnsemble(3, { withCategories: true }), fc.array(arbitraryRow(3), { minLength: 1, maxLength: 6 }), (ensemble, rows) => {
        const expected = rows.map((row) => ensemble.trees.reduce((sum, tree) => sum + step(tree, row, 0), 0 + ensemble.baseValue));
        expect(rows.map((row) => predictMargin(ensemble, row))).toEqual(expected);
        expect([...predictMargins(ensemble, { numRows: rows.length, numFeatures: 3, values: Float32Array.from(rows.flat()) })]).toEqual(expected);
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  it('meets splits on categories among the arbitrary ensembles', () => {
    const ensembles = fc.sample(arbitraryEnsemble(3, { withCategories: true }), { seed: 1, numRuns: 100 });
    expect(ensembles.filter(({ trees }) => trees.some((tree) => tree.categories !== undefined)).length).toBeGreaterThan(20);
    expect(fc.sample(arbitraryEnsemble(3), { seed: 1, numRuns: 100 }).some(({ trees }) => trees.some((tree) => 'categories' in tree))).toBe(false);
  });
});
