import * as fc from 'fast-check';
import type { Tree, TreeEnsemble } from './tree-ensemble.ts';

type Shape =
  | { readonly leaf: number }
  | {
      readonly feature: number;
      readonly threshold: number;
      readonly categories?: readonly number[] | undefined;
      readonly defaultLeft: boolean;
      readonly share: number;
      readonly left: Shape;
      readonly right: Shape;
    };

/** Values that meet few thresholds and category codes often, and the edges of float32: every branch of a split is taken. */
export const arbitraryValue: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 2, arbitrary: fc.constant(NaN) },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, 1e38, -1e38, Math.fround(1e-40), -Math.fround(1e-40), -0) },
  { weight: 1, arbitrary: fc.constantFrom(31, 32, 70, 96, 1.5, 2 ** 32, 2 ** 32 + 2) },
);

export const arbitraryRow = (numFeatures: number): fc.Arbitrary<number[]> =>
  fc.array(arbitraryValue, { minLength: numFeatures, maxLength: numFeatures });

const arbitraryThreshold = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity) },
);

/** Codes of up to three words of a bitset; no code at all is a set as well. */
const arbitraryCategories = fc.uniqueArray(
  fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }) }, { weight: 1, arbitrary: fc.constantFrom(31, 32, 70) }),
  { maxLength: 5 },
);

/**
 * Small ensembles whose paths meet the same feature several times, missing values going both ways; `withCategories` makes about a
 * third of the splits ask a set of codes, of the features that other splits compare with thresholds.
 */
export function arbitraryEnsemble(numFeatures: number, { maxTrees = 3, maxDepth = 5, withCategories = false } = {}): fc.Arbitrary<TreeEnsemble> {
  const { shape } = fc.letrec<{ shape: Shape; split: Shape; leaf: Shape }>((tie) => ({
    shape: fc.oneof({ maxDepth, withCrossShrink: true }, tie('leaf'), tie('split')),
    leaf: fc.record({ leaf: fc.double({ min: -2, max: 2, noNaN: true }) }),
    split: fc.record({
      feature: fc.integer({ min: 0, max: numFeatures - 1 }),
      threshold: arbitraryThreshold,
      categories: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: withCategories ? 1 : 0, arbitrary: arbitraryCategories }),
      defaultLeft: fc.boolean(),
      share: fc.integer({ min: 1, max: 9 }),
      left: tie('shape'),
      right: tie('shape'),
    }),
  }));
  return fc.record({
    featureNames: fc.constant(Array.from({ length: numFeatures }, (_, index) => `feature${index}`)),
    baseValue: fc.double({ min: -3, max: 3, noNaN: true }),
    trees: fc.array(shape.map(toTree), { maxLength: maxTrees }),
  });
}

function toTree(shape: Shape): Tree {
  const nodes: {
    left: number;
    right: number;
    feature: number;
    threshold: number;
    categories: Uint32Array | null;
    defaultLeft: number;
    value: number;
    cover: number;
  }[] = [];
  const add = (part: Shape, cover: number): number => {
    const isLeaf = 'leaf' in part;
    const index = nodes.length;
    const node = {
      left: -1,
      right: -1,
      feature: isLeaf ? -1 : part.feature,
      threshold: isLeaf || part.categories !== undefined ? 0 : part.threshold,
      categories: isLeaf || part.categories === undefined ? null : toBitset(part.categories),
      defaultLeft: isLeaf || !part.defaultLeft ? 0 : 1,
      value: isLeaf ? part.leaf : 0,
      cover,
    };
    nodes.push(node);
    if (!isLeaf) {
      node.left = add(part.left, (cover * part.share) / 10);
      node.right = add(part.right, cover - (cover * part.share) / 10);
    }
    return index;
  };
  add(shape, 1000);
  return {
    leftChild: Int32Array.from(nodes, (node) => node.left),
    rightChild: Int32Array.from(nodes, (node) => node.right),
    splitFeature: Int32Array.from(nodes, (node) => node.feature),
    threshold: Float64Array.from(nodes, (node) => node.threshold),
    defaultLeft: Uint8Array.from(nodes, (node) => node.defaultLeft),
    leafValue: Float64Array.from(nodes, (node) => node.value),
    cover: Float64Array.from(nodes, (node) => node.cover),
    ...(nodes.some((node) => node.categories !== null) && { categories: nodes.map((node) => node.categories) }),
  };
}

export function toBitset(codes: readonly number[]): Uint32Array {
  const words = new Uint32Array(codes.reduce((most, code) => Math.max(most, (code >>> 5) + 1), 0));
  for (const code of codes) words[code >>> 5] |= 1 << (code & 31);
  return words;
}

/** Shapley values from their definition: every coalition's worth, every feature's mean marginal contribution. */
export function bruteForceShapley(numFeatures: number, worth: (coalition: number) => number): number[] {
  const worths = Array.from({ length: 2 ** numFeatures }, (_, coalition) => worth(coalition));
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  return Array.from({ length: numFeatures }, (_, feature) => {
    let total = 0;
    for (let coalition = 0; coalition < worths.length; coalition++) {
      if ((coalition >> feature) & 1) continue;
      const size = coalition.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(numFeatures - 1 - size)) / factorial(numFeatures);
      total += weight * (worths[coalition | (1 << feature)] - worths[coalition]);
    }
    return total;
  });
}

/** One tree as deep as it is wide: split `k` asks feature `k`, left goes on, right ends. */
export function chainEnsemble(numFeatures: number): TreeEnsemble {
  const nodes = Array.from({ length: 2 * numFeatures + 1 }, (_, node) => node);
  const isSplit = (node: number): boolean => node % 2 === 0 && node < 2 * numFeatures;
  return {
    featureNames: Array.from({ length: numFeatures }, (_, index) => `feature${index}`),
    baseValue: 0.5,
    trees: [
      {
        leftChild: Int32Array.from(nodes, (node) => (isSplit(node) ? node + 2 : -1)),
        rightChild: Int32Array.from(nodes, (node) => (isSplit(node) ? node + 1 : -1)),
        splitFeature: Int32Array.from(nodes, (node) => (isSplit(node) ? node / 2 : -1)),
        threshold: new Float64Array(nodes.length),
        defaultLeft: new Uint8Array(nodes.length),
        leafValue: Float64Array.from(nodes, (node) => (isSplit(node) ? 0 : node / 10)),
        cover: Float64Array.from(nodes, (node) => (isSplit(node) ? numFeatures + 1 - node / 2 : 1)),
      },
    ],
  };
}
