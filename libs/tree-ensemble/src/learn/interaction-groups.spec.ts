import * as fc from 'fast-check';
import { defaultHyperParameters, train, type HyperParameters, type Tree } from '../index.ts';
import { range } from './learning-set.testing.ts';

const numFeatures = 5;
const tiny: HyperParameters = { ...defaultHyperParameters, numRounds: 4, minDataInLeaf: 1, minSumHessianInLeaf: 0, minDataPerGroup: 1, catSmooth: 0 };

/** The features on the way to each leaf. */
function pathsOf(tree: Tree, node = 0, above: readonly number[] = []): readonly (readonly number[])[] {
  if (tree.leftChild[node] < 0) return [above];
  const features = [...above, tree.splitFeature[node]];
  return [...pathsOf(tree, tree.leftChild[node], features), ...pathsOf(tree, tree.rightChild[node], features)];
}

describe('interaction constraints', () => {
  it('never let a branch mix features that no group holds together', () => {
    const row = fc.tuple(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: numFeatures, maxLength: numFeatures }), fc.boolean());
    const group = fc.uniqueArray(fc.integer({ min: 0, max: numFeatures - 1 }), { minLength: 1, maxLength: 3 });
    let numMixed = 0;
    let numLong = 0;
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 30, maxLength: 90 }),
        fc.array(group, { minLength: 1, maxLength: 4 }),
        fc.constantFrom([], [1], [0, 3]),
        fc.constantFrom(0.5, 1),
        (rows, groups, categoricalFeatures, featureFraction) => {
          const grow = (interactionConstraints?: readonly (readonly number[])[]): readonly (readonly number[])[] => {
            const { ensemble } = train({
              matrix: { numRows: rows.length, numFeatures, values: Float32Array.from(rows.flatMap(([values]) => values)) },
              labels: Uint8Array.from(rows, ([, label], position) => (position === 0 ? 0 : position === 1 || label ? 1 : 0)),
              featureNames: range(0, numFeatures).map((feature) => `x${feature}`),
              hyperParameters: { ...tiny, featureFraction },
              categoricalFeatures,
              ...(interactionConstraints !== undefined && { interactionConstraints }),
              seed: 3,
            });
            return ensemble.trees.flatMap((tree) => pathsOf(tree));
          };
          const isTogether = (path: readonly number[]): boolean => groups.some((members) => path.every((feature) => members.includes(feature)));
          const constrained = grow(groups);
          expect(constrained.filter((path) => !isTogether(path))).toEqual([]);
          numLong += constrained.filter((path) => new Set(path).size > 1).length;
          numMixed += grow().filter((path) => !isTogether(path)).length;
        },
      ),
      { seed: 6, numRuns: 150 },
    );
    // Neither are constrained branches all of one feature, nor would free ones keep to the groups.
    expect(numLong).toBeGreaterThan(1000);
    expect(numMixed).toBeGreaterThan(1000);
  });
});
