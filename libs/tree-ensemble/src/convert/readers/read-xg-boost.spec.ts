import { predictMargin, readXgBoost, type TreeEnsembleErrorCode } from '../../index.ts';
import { findLeaf } from '../../predict.ts';
import { codeOf, expectedValue, farthest, toRows, xgBoostGolden } from './foreign-models.testing.ts';

const rows = toRows(xgBoostGolden.rows);

describe('readXgBoost', () => {
  it.each(xgBoostGolden.models)("equals XGBoost's margins, which are sums in float32, to 1e-5: $name", ({ text, margins }) => {
    const ensemble = readXgBoost(text);
    const actual = rows.map((row) => predictMargin(ensemble, row));
    expect(farthest(actual, margins)).toBeLessThan(1e-5);
  });

  it.each(xgBoostGolden.models)('leads every row to the same leaf of every tree: $name', ({ text, leaves }) => {
    const { trees } = readXgBoost(text);
    trees.forEach((tree, index) => {
      const theirs = new Map<number, number>();
      const ours = new Set<number>();
      rows.forEach((row, position) => {
        const leaf = findLeaf(tree, row, 0);
        ours.add(leaf);
        const known = theirs.get(leaves[position][index]) ?? leaf;
        theirs.set(leaves[position][index], known);
        expect(leaf).toBe(known);
      });
      expect(ours.size).toBe(theirs.size);
    });
  });

  it.each(xgBoostGolden.models)("takes XGBoost's sums of hessians for covers: $name", ({ text, expectedValue: expected }) => {
    expect(expectedValue(readXgBoost(text))).toBeCloseTo(expected, 5);
  });

  it('names features that the file does not name', () => {
    const { text = '' } = xgBoostGolden.models.find(({ name }) => name === 'no names') ?? {};
    expect(readXgBoost(text).featureNames).toEqual(['f0', 'f1', 'f2', 'f3', 'f4']);
    expect(readXgBoost(xgBoostGolden.models[0].text).featureNames).toEqual(['amount', 'branch', 'score', 'kind', 'ratio']);
  });

  it.each(xgBoostGolden.refused)('refuses what has no log-odds margin: $name', ({ text }) => {
    expect(codeOf(() => readXgBoost(text))).toBe('unsupported-model');
  });
});

type Parameters = Record<string, unknown>;
interface XgBoostTree extends Record<string, unknown> {
  tree_param: Parameters;
}
interface XgBoostFile {
  version: unknown;
  learner: {
    feature_names: unknown;
    learner_model_param: Parameters;
    objective: Parameters;
    gradient_booster: { name: unknown; model: { gbtree_model_param: Parameters; trees: XgBoostTree[] } };
  };
}

/** Root: a < 0.5; its left child leads codes 1 and 33 of b right; three leaves. */
function soundFile(): XgBoostFile {
  return {
    version: [3, 2, 0],
    learner: {
      feature_names: ['a', 'b'],
      learner_model_param: { base_score: '[5E-1]', num_class: '0', num_feature: '2', num_target: '1' },
      objective: { name: 'binary:logistic' },
      gradient_booster: {
        name: 'gbtree',
        model: {
          gbtree_model_param: { num_parallel_tree: '1', num_trees: '1' },
          trees: [
            {
              left_children: [1, 3, -1, -1, -1],
              right_children: [2, 4, -1, -1, -1],
              split_indices: [0, 1, 0, 0, 0],
              split_conditions: [0.5, 1e-45, 2, 4, 1],
              split_type: [0, 1, 0, 0, 0],
              default_left: [1, 0, 0, 0, 0],
              sum_hessian: [60, 40, 20, 30, 10],
              categories: [1, 33],
              categories_nodes: [1],
              categories_segments: [0],
              categories_sizes: [2],
              tree_param: { num_deleted: '0', num_feature: '2', num_nodes: '5', size_leaf_vector: '1' },
            },
          ],
        },
      },
    },
  };
}

const at = (tree: XgBoostTree, name: string): unknown[] => tree[name] as unknown[];

describe('readXgBoost, file by file', () => {
  it('reads a file written by hand: below the threshold left, codes of the set right, the missing by default', () => {
    const ensemble = readXgBoost(JSON.stringify(soundFile()));
    const margin = (row: readonly number[]): number => predictMargin(ensemble, row);
    expect(margin([0.5, 1])).toBe(2);
    expect(margin([Math.fround(0.49999997), 1])).toBe(1);
    expect(margin([0, 33])).toBe(1);
    expect(margin([NaN, 2])).toBe(4);
    expect(margin([0, 1e6])).toBe(4);
    expect(margin([0, -1])).toBe(4);
    expect(margin([0, NaN])).toBe(1);
    const tree = soundFile();
    at(tree.learner.gradient_booster.model.trees[0], 'default_left')[1] = 1;
    expect(predictMargin(readXgBoost(JSON.stringify(tree)), [0, NaN])).toBe(4);
  });

  it('takes zero for a threshold of its own: minus zero and the number below it are apart', () => {
    const file = soundFile();
    at(file.learner.gradient_booster.model.trees[0], 'split_conditions')[0] = 0;
    const ensemble = readXgBoost(JSON.stringify(file));
    expect([-Math.fround(1e-45), -0, 0].map((value) => predictMargin(ensemble, [value, 1]))).toEqual([1, 2, 2]);
  });

  it('reads base scores as probabilities, in brackets or bare', () => {
    const withScore = (score: unknown): string => {
      const file = soundFile();
      file.learner.learner_model_param['base_score'] = score;
      return JSON.stringify(file);
    };
    expect(readXgBoost(withScore('[2E-1]')).baseValue).toBeCloseTo(Math.log(0.25), 6);
    expect(readXgBoost(withScore('2E-1')).baseValue).toBeCloseTo(Math.log(0.25), 6);
    for (const score of ['0', '1', '-1', '2', '1e-60', '[]', '', '[5E-1,5E-1]', '[5E-1', '5E-1x', '1e999', 'NaN']) {
      expect([score, codeOf(() => readXgBoost(withScore(score)))]).toEqual([score, 'not-finite']);
    }
    expect(codeOf(() => readXgBoost(withScore(0.5)))).toBe('bad-format');
  });

  it('reads the files of version 1, which know no categories and write directions as booleans', () => {
    const file = soundFile();
    const [tree] = file.learner.gradient_booster.model.trees;
    file.version = [1, 7, 6];
    tree['default_left'] = [true, false, false, false, false];
    for (const name of ['split_type', 'categories', 'categories_nodes', 'categories_segments', 'categories_sizes']) delete tree[name];
    at(tree, 'split_conditions')[1] = 7;
    expect(predictMargin(readXgBoost(JSON.stringify(file)), [NaN, 6])).toBe(4);
  });

  const damages: [string, TreeEnsembleErrorCode, (file: XgBoostFile, tree: XgBoostTree) => void][] = [
    ['a later version', 'unsupported-version', (file) => (file.version = [4, 0, 0])],
    ['no version', 'bad-format', (file) => (file.version = '3')],
    ['another objective', 'unsupported-model', ({ learner }) => (learner.objective['name'] = 'rank:pairwise')],
    ['several classes', 'unsupported-model', ({ learner }) => (learner.learner_model_param['num_class'] = '3')],
    ['several targets', 'unsupported-model', ({ learner }) => (learner.learner_model_param['num_target'] = '2')],
    ['leaves of several values', 'unsupported-model', (_, tree) => (tree.tree_param['size_leaf_vector'] = '3')],
    [
      'no names and features beyond all measure',
      'too-large',
      ({ learner }) =>
        Object.assign(learner, { feature_names: [], learner_model_param: { ...learner.learner_model_param, num_feature: '999999999' } }),
    ],
    ['a number of features in words', 'bad-format', ({ learner }) => (learner.learner_model_param['num_feature'] = 'two')],
    ['a name used twice', 'bad-format', ({ learner }) => (learner.feature_names = ['a', 'a'])],
    ['a name that is a number', 'bad-format', ({ learner }) => (learner.feature_names = ['a', 2])],
    ['a tree that is a list', 'bad-format', ({ learner }) => (learner.gradient_booster.model.trees = [[]] as unknown as XgBoostTree[])],
    ['fewer trees than it says', 'arrays-differ', ({ learner }) => (learner.gradient_booster.model.gbtree_model_param['num_trees'] = '2')],
    ['more nodes than there are', 'arrays-differ', (_, tree) => (tree.tree_param['num_nodes'] = '999999999')],
    [
      'no nodes',
      'index-out-of-range',
      (_, tree) => {
        tree.tree_param['num_nodes'] = '0';
        for (const [name, list] of Object.entries(tree)) if (Array.isArray(list) && !name.startsWith('categories')) tree[name] = [];
      },
    ],
    ['an array cut short', 'arrays-differ', (_, tree) => at(tree, 'sum_hessian').pop()],
    ['an array missing', 'bad-format', (_, tree) => delete tree['left_children']],
    ['a number that is text', 'bad-format', (_, tree) => (at(tree, 'split_conditions')[0] = '0.5')],
    ['a number that is null', 'bad-format', (_, tree) => (at(tree, 'split_conditions')[0] = null)],
    ['a leaf beyond float32', 'not-finite', (_, tree) => (at(tree, 'split_conditions')[4] = 1e39)],
    ['a threshold beyond float32', 'not-finite', (_, tree) => (at(tree, 'split_conditions')[0] = -1e39)],
    ['half a leaf', 'bad-format', (_, tree) => (at(tree, 'left_children')[2] = 3)],
    ['a child beyond the nodes', 'index-out-of-range', (_, tree) => (at(tree, 'left_children')[0] = 5)],
    ['a child below zero', 'index-out-of-range', (_, tree) => (at(tree, 'left_children')[0] = -2)],
    ['a child that is no integer', 'index-out-of-range', (_, tree) => (at(tree, 'left_children')[0] = 1.5)],
    ['a node that is its own child', 'cycle', (_, tree) => (at(tree, 'left_children')[1] = 1)],
    ['a node below itself', 'cycle', (_, tree) => (at(tree, 'left_children')[1] = 0)],
    ['a node with two parents', 'cycle', (_, tree) => (at(tree, 'left_children')[1] = 2)],
    [
      'a node that nothing leads to',
      'bad-format',
      (_, tree) => {
        at(tree, 'left_children')[1] = -1;
        at(tree, 'right_children')[1] = -1;
      },
    ],
    ['deleted nodes that are there', 'bad-format', (_, tree) => (tree.tree_param['num_deleted'] = '2')],
    ['a feature beyond the names', 'index-out-of-range', (_, tree) => (at(tree, 'split_indices')[0] = 2)],
    ['a direction of 2', 'bad-format', (_, tree) => (at(tree, 'default_left')[0] = 2)],
    ['a split of no type', 'bad-format', (_, tree) => (at(tree, 'split_type')[0] = 2)],
    ['a set that is not there', 'bad-categories', (_, tree) => (at(tree, 'split_type')[0] = 1)],
    ['a set longer than the codes', 'index-out-of-range', (_, tree) => (at(tree, 'categories_sizes')[0] = 3)],
    ['a set of negative length', 'index-out-of-range', (_, tree) => (at(tree, 'categories_sizes')[0] = -1)],
    ['a set without a length', 'arrays-differ', (_, tree) => at(tree, 'categories_sizes').pop()],
    ['a set that begins elsewhere', 'bad-categories', (_, tree) => (at(tree, 'categories_segments')[0] = 1)],
    ['a code below zero', 'bad-categories', (_, tree) => (at(tree, 'categories')[0] = -1)],
    ['a code that is no integer', 'bad-categories', (_, tree) => (at(tree, 'categories')[0] = 0.5)],
    ['a code beyond 2^24', 'bad-categories', (_, tree) => (at(tree, 'categories')[0] = 2 ** 24)],
    ['a hessian of zero', 'bad-cover', (_, tree) => (at(tree, 'sum_hessian')[4] = 0)],
    ['hessians that do not add up', 'bad-cover', (_, tree) => (at(tree, 'sum_hessian')[0] = 70)],
  ];
  it.each(damages)('refuses %s: %s', (_, code, damage) => {
    const file = soundFile();
    damage(file, file.learner.gradient_booster.model.trees[0]);
    expect(codeOf(() => readXgBoost(JSON.stringify(file)))).toBe(code);
  });

  it('refuses sets whose codes would ask for gigabytes, before it takes them', () => {
    const file = soundFile();
    const [tree] = file.learner.gradient_booster.model.trees;
    const numSets = 2000;
    Object.assign(tree, {
      categories: Array.from({ length: numSets }, () => 2 ** 24 - 1),
      categories_nodes: Array.from({ length: numSets }, (_, index) => index),
      categories_segments: Array.from({ length: numSets }, (_, index) => index),
      categories_sizes: Array.from({ length: numSets }, () => 1),
    });
    expect(codeOf(() => readXgBoost(JSON.stringify(file)))).toBe('too-large');
  });

  it('refuses text that is no JSON or nested without end', () => {
    expect(codeOf(() => readXgBoost(''))).toBe('not-json');
    expect(codeOf(() => readXgBoost(JSON.stringify(soundFile()).slice(0, -1)))).toBe('not-json');
    expect(codeOf(() => readXgBoost('['.repeat(1_000_000)))).toBe('not-json');
    expect(codeOf(() => readXgBoost('['.repeat(1_000_000) + ']'.repeat(1_000_000)))).toBe('bad-format');
    expect(codeOf(() => readXgBoost('{"learner":'.repeat(100_000) + '1' + '}'.repeat(100_000)))).toBe('bad-format');
    for (const text of ['null', '3', '[]', '{}', '"tree"']) expect(codeOf(() => readXgBoost(text))).toBe('bad-format');
  });
});
