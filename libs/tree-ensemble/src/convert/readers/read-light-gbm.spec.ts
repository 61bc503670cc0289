import { predictMargin, readLightGbm, type TreeEnsembleErrorCode } from '../../index.ts';
import { codeOf, expectedValue, lightGbmGolden, toRows } from './foreign-models.testing.ts';

const rows = toRows(lightGbmGolden.rows);

describe('readLightGbm', () => {
  it.each(lightGbmGolden.models)("equals LightGBM's raw scores to the last bit: $name", ({ text, margins }) => {
    const ensemble = readLightGbm(text);
    expect(ensemble.featureNames).toEqual(['amount', 'branch', 'score', 'kind', 'ratio']);
    expect(rows.map((row) => predictMargin(ensemble, row))).toEqual(margins);
  });

  it.each(lightGbmGolden.models)("takes LightGBM's counts for covers: $name", ({ text, expectedValue: expected }) => {
    expect(expectedValue(readLightGbm(text))).toBeCloseTo(expected, 12);
  });

  it('reads models that split on sets, with more than one word', () => {
    const [{ text }] = lightGbmGolden.models;
    const sets = readLightGbm(text).trees.flatMap(({ categories = [] }) => categories.filter((words) => words !== null));
    expect(sets.length).toBeGreaterThan(10);
    expect(Math.max(...sets.map((words) => words.length))).toBeGreaterThan(5);
  });

  it.each(lightGbmGolden.refused)('refuses what has no log-odds margin or one that trees cannot give: $name', ({ text }) => {
    expect(codeOf(() => readLightGbm(text))).toBe('unsupported-model');
  });
});

/** Root splits `a` at 0.5, its left child asks whether `b` is 1 or 33; three leaves. */
const sound = `tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=1
objective=binary sigmoid:1
feature_names=a b
feature_infos=[0:1] 0:1:33
tree_sizes=999

Tree=0
num_leaves=3
num_cat=1
split_feature=0 1
split_gain=2 1
threshold=0.5 0
decision_type=10 9
left_child=1 -1
right_child=-2 -3
leaf_value=1 2 4
leaf_weight=1 1 1
leaf_count=10 20 30
internal_value=0 0
internal_weight=3 2
internal_count=60 40
cat_boundaries=0 2
cat_threshold=2 2
is_linear=0
shrinkage=1


end of trees
`;

describe('readLightGbm, file by file', () => {
  const margin = (text: string, row: readonly number[]): number => predictMargin(readLightGbm(text), row);

  it('reads a file written by hand', () => {
    expect(margin(sound, [0.5, 1])).toBe(1);
    expect(margin(sound, [0.5, 33])).toBe(1);
    expect(margin(sound, [NaN, 2])).toBe(4);
    expect(margin(sound, [0.5, NaN])).toBe(4);
    expect(margin(sound, [0.6, 1])).toBe(2);
    expect([...readLightGbm(sound).trees[0].cover]).toEqual([60, 40, 10, 30, 20]);
    expect(margin(sound.replaceAll('\n', '\r\n'), [0.5, 33])).toBe(1);
  });

  it('reads infinite thresholds, which LightGBM writes as inf and JavaScript takes for NaN', () => {
    expect(margin(sound.replace('threshold=0.5', 'threshold=inf'), [3e38, 1])).toBe(1);
    expect(margin(sound.replace('threshold=0.5', 'threshold=-inf'), [-3e38, 1])).toBe(2);
    expect(margin(sound.replace('threshold=0.5', 'threshold=-inf'), [-Infinity, 1])).toBe(1);
  });

  it('sends a missing value where zero goes, if LightGBM takes it for zero', () => {
    const none = (threshold: string): number => margin(sound.replace('threshold=0.5', `threshold=${threshold}`).replace('=10 9', '=0 9'), [NaN, 1]);
    expect([none('0.5'), none('0'), none('-0'), none('-1e-300')]).toEqual([1, 1, 1, 2]);
    const zero = (threshold: string, decision: number): string =>
      sound.replace('threshold=0.5', `threshold=${threshold}`).replace('=10 9', `=${decision} 9`);
    expect(margin(zero('0.5', 6), [NaN, 1])).toBe(1);
    expect(margin(zero('-0.5', 4), [NaN, 1])).toBe(2);
    expect(codeOf(() => readLightGbm(zero('0.5', 4)))).toBe('unsupported-model');
    expect(codeOf(() => readLightGbm(zero('-0.5', 6)))).toBe('unsupported-model');
    // Zero itself counts as zero, and so does what is nearer to it than 1e-35.
    expect(codeOf(() => readLightGbm(zero('0', 6)))).toBe('unsupported-model');
    expect(codeOf(() => readLightGbm(zero('1.1e-35', 6)))).toBe('accepted');
  });

  const damages: [string, TreeEnsembleErrorCode, string | RegExp, string][] = [
    ['another kind of text', 'bad-format', /^tree/, 'forest'],
    ['a later version', 'unsupported-version', 'version=v4', 'version=v5'],
    ['no version', 'unsupported-version', 'version=v4\n', ''],
    ['three classes', 'unsupported-model', 'num_class=1', 'num_class=3'],
    ['several trees a round', 'unsupported-model', 'iteration=1', 'iteration=2'],
    ['no objective', 'unsupported-model', /objective=.*\n/, ''],
    ['averages', 'unsupported-model', 'label_index', 'average_output\nlabel_index'],
    ['linear leaves', 'unsupported-model', 'is_linear=0', 'is_linear=1'],
    ['fewer names than features', 'bad-format', 'feature_names=a b', 'feature_names=a'],
    ['a name used twice', 'bad-format', 'feature_names=a b', 'feature_names=a a'],
    ['a number of features beyond all measure', 'too-large', 'max_feature_idx=1', 'max_feature_idx=999999999'],
    ['a number of features that no number can hold', 'bad-format', 'max_feature_idx=1', 'max_feature_idx=1e30'],
    ['an entry twice', 'bad-format', 'num_cat=1', 'num_cat=1\nnum_cat=1'],
    ['a tree that is missing', 'bad-format', 'Tree=0', 'Tree=1'],
    ['an end in the middle', 'bad-format', /leaf_weight[^]*/, ''],
    ['an end before the end of trees', 'bad-format', 'end of trees', ''],
    ['fewer trees than sizes', 'arrays-differ', 'tree_sizes=999', 'tree_sizes=999 999'],
    ['no leaves', 'bad-format', 'num_leaves=3', 'num_leaves=0'],
    ['more leaves than values', 'arrays-differ', 'num_leaves=3', 'num_leaves=999999999'],
    ['a value short', 'arrays-differ', 'leaf_value=1 2 4', 'leaf_value=1 2'],
    ['an entry missing', 'bad-format', /leaf_count=.*\n/, ''],
    ['a number with garbage', 'bad-format', 'leaf_value=1 2 4', 'leaf_value=1 2 4x'],
    ['a hexadecimal number', 'bad-format', 'leaf_value=1 2 4', 'leaf_value=1 2 0x4'],
    ['two spaces', 'arrays-differ', 'leaf_value=1 2 4', 'leaf_value=1  2 4'],
    ['a leaf that is no number', 'not-finite', 'leaf_value=1 2 4', 'leaf_value=1 2 nan'],
    ['a leaf beyond float64', 'not-finite', 'leaf_value=1 2 4', 'leaf_value=1 2 1e999'],
    ['a threshold that is no number', 'not-finite', 'threshold=0.5', 'threshold=nan'],
    ['a feature beyond the names', 'index-out-of-range', 'split_feature=0 1', 'split_feature=2 1'],
    ['a feature below zero', 'index-out-of-range', 'split_feature=0 1', 'split_feature=-1 1'],
    ['a feature that is no integer', 'index-out-of-range', 'split_feature=0 1', 'split_feature=0.5 1'],
    ['a child beyond the splits', 'index-out-of-range', 'left_child=1', 'left_child=2'],
    ['a leaf beyond the leaves', 'index-out-of-range', 'right_child=-2', 'right_child=-4'],
    ['a split that is its own child', 'cycle', 'left_child=1', 'left_child=0'],
    ['a split below itself', 'cycle', 'left_child=1 -1', 'left_child=1 0'],
    ['a leaf with two parents', 'cycle', 'right_child=-2 -3', 'right_child=-2 -1'],
    ['a split that nothing leads to', 'bad-format', 'left_child=1', 'left_child=-1'],
    ['a decision of no type', 'bad-format', 'decision_type=10', 'decision_type=14'],
    ['a set that is not there', 'bad-categories', 'threshold=0.5 0', 'threshold=0.5 1'],
    ['sets where none are', 'bad-categories', 'num_cat=1', 'num_cat=0'],
    ['boundaries that do not ascend', 'bad-categories', 'cat_boundaries=0 2', 'cat_boundaries=1 2'],
    ['boundaries beyond the words', 'arrays-differ', 'cat_boundaries=0 2', 'cat_boundaries=0 99999999'],
    ['a word beyond 32 bits', 'bad-categories', 'cat_threshold=2 2', 'cat_threshold=2 4294967296'],
    ['a word below zero', 'bad-categories', 'cat_threshold=2 2', 'cat_threshold=2 -1'],
    ['a count of zero', 'bad-cover', 'leaf_count=10', 'leaf_count=0'],
    ['counts that do not add up', 'bad-cover', 'internal_count=60', 'internal_count=61'],
  ];
  it.each(damages)('refuses %s: %s', (_, code, before, after) => {
    const damaged = sound.replace(before, after);
    expect(damaged).not.toBe(sound);
    expect(codeOf(() => readLightGbm(damaged))).toBe(code);
  });

  it('refuses leaves that add up to infinity, each of which is finite', () => {
    const tree = sound.slice(sound.indexOf('Tree=0'), sound.indexOf('end of trees')).replace('leaf_value=1', 'leaf_value=1e308');
    const text = sound
      .replace('leaf_value=1', 'leaf_value=1e308')
      .replace('=999', '=9 9')
      .replace('end of trees', `${tree.replace('Tree=0', 'Tree=1')}end of trees`);
    expect(codeOf(() => readLightGbm(text))).toBe('not-finite');
  });

  it('refuses a tree deeper than any walk should go', () => {
    const numSplits = 2000;
    const list = (length: number, at: (index: number) => number | string): string => Array.from({ length }, (_, index) => at(index)).join(' ');
    const text = `${sound.slice(0, sound.indexOf('Tree=0'))}Tree=0
num_leaves=${numSplits + 1}
num_cat=0
split_feature=${list(numSplits, () => 0)}
threshold=${list(numSplits, () => 0)}
decision_type=${list(numSplits, () => 2)}
left_child=${list(numSplits, (index) => (index + 1 < numSplits ? index + 1 : -1))}
right_child=${list(numSplits, (index) => -index - 2)}
leaf_value=${list(numSplits + 1, () => 0)}
leaf_count=${list(numSplits + 1, () => 1)}
internal_count=${list(numSplits, (index) => numSplits + 1 - index)}

end of trees
`;
    expect(codeOf(() => readLightGbm(text))).toBe('too-large');
  });
});
