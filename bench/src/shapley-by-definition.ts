import type { Tree, TreeEnsemble } from '@lisible/tree-ensemble';

interface Random {
  uniform(): number;
}

/** Up to three random trees of up to six levels, with thresholds, sets of categories and missing values going both ways. */
export function smallEnsemble(numFeatures: number, random: Random): TreeEnsemble {
  const below = (limit: number): number => Math.floor(random.uniform() * limit);
  const makeTree = (): Tree => {
    const nodes: {
      left: number;
      right: number;
      feature: number;
      threshold: number;
      defaultLeft: number;
      value: number;
      cover: number;
      set: Uint32Array | null;
    }[] = [];
    const add = (cover: number, level: number): number => {
      const isLeaf = level === 6 || random.uniform() < 0.15 * level;
      const index = nodes.length;
      const node = {
        left: -1,
        right: -1,
        feature: isLeaf ? -1 : below(numFeatures),
        threshold: isLeaf ? 0 : below(7) - 3,
        defaultLeft: isLeaf ? 0 : below(2),
        value: isLeaf ? 4 * random.uniform() - 2 : 0,
        cover,
        set: !isLeaf && random.uniform() < 0.3 ? Uint32Array.of(below(16)) : null,
      };
      nodes.push(node);
      if (!isLeaf) {
        const share = 0.05 + 0.9 * random.uniform();
        node.left = add(cover * share, level + 1);
        node.right = add(cover * (1 - share), level + 1);
      }
      return index;
    };
    add(1000, 0);
    return {
      leftChild: Int32Array.from(nodes, ({ left }) => left),
      rightChild: Int32Array.from(nodes, ({ right }) => right),
      splitFeature: Int32Array.from(nodes, ({ feature }) => feature),
      threshold: Float64Array.from(nodes, ({ threshold }) => threshold),
      defaultLeft: Uint8Array.from(nodes, ({ defaultLeft }) => defaultLeft),
      leafValue: Float64Array.from(nodes, ({ value }) => value),
      cover: Float64Array.from(nodes, ({ cover }) => cover),
      categories: nodes.map(({ set }) => set),
    };
  };
  return {
    featureNames: Array.from({ length: numFeatures }, (_, index) => `feature${index}`),
    baseValue: 0,
    trees: Array.from({ length: 1 + below(3) }, makeTree),
  };
}

const at = (numbers: ArrayLike<number>, index: number): number => numbers[index] ?? Number.NaN;

/** The split rule as the documentation of `Tree` words it, written once more. */
function goesLeft(tree: Tree, node: number, value: number): boolean {
  if (Number.isNaN(value)) return at(tree.defaultLeft, node) === 1;
  const set = tree.categories?.[node] ?? null;
  if (set === null) return value <= at(tree.threshold, node);
  return Number.isInteger(value) && value >= 0 && value < 32 * set.length && ((at(set, value >> 5) >> (value & 31)) & 1) === 1;
}

/** The leaf expected where only the features of a coalition are known: the others follow the covers. */
function expectedLeaf(tree: Tree, row: readonly number[], coalition: number, node = 0): number {
  const [left, right] = [at(tree.leftChild, node), at(tree.rightChild, node)];
  if (left < 0) return at(tree.leafValue, node);
  const feature = at(tree.splitFeature, node);
  if (((coalition >> feature) & 1) === 1) return expectedLeaf(tree, row, coalition, goesLeft(tree, node, at(row, feature)) ? left : right);
  const share = at(tree.cover, left) / at(tree.cover, node);
  return share * expectedLeaf(tree, row, coalition, left) + (1 - share) * expectedLeaf(tree, row, coalition, right);
}

/** Shapley values from their definition: every coalition's worth, every feature's mean marginal contribution. */
export function shapleyValues({ featureNames, trees }: TreeEnsemble, row: readonly number[]): readonly number[] {
  const numFeatures = featureNames.length;
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const worths = Array.from({ length: 2 ** numFeatures }, (_, coalition) => trees.reduce((sum, tree) => sum + expectedLeaf(tree, row, coalition), 0));
  return Array.from({ length: numFeatures }, (_, feature) => {
    let total = 0;
    for (const [coalition, worth] of worths.entries()) {
      if (((coalition >> feature) & 1) === 1) continue;
      const size = coalition.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(numFeatures - 1 - size)) / factorial(numFeatures);
      total += weight * (at(worths, coalition | (1 << feature)) - worth);
    }
    return total;
  });
}
