import * as fc from 'fast-check';
import { arbitraryEnsemble, chainEnsemble } from '../arbitrary-ensemble.testing.ts';
import { parseTrees, predictMargin, serialiseTrees, TreeEnsembleError, type TreeEnsembleErrorCode } from '../index.ts';

type TreeFile = { format: unknown; version: unknown; featureNames: unknown; baseValue: unknown; trees: Record<string, unknown[]>[] };

/** Root asks `b`; its left child asks `a`; three leaves. */
function soundFile(): TreeFile {
  return {
    format: 'lisible-trees',
    version: 1,
    featureNames: ['a', 'b'],
    baseValue: -2.5,
    trees: [
      {
        leftChild: [1, 3, -1, -1, -1],
        rightChild: [2, 4, -1, -1, -1],
        splitFeature: [1, 0, -1, -1, -1],
        threshold: [0.5, 'Infinity', 0, 0, 0],
        defaultLeft: [1, 0, 0, 0, 0],
        leafValue: [0, 0, 1, 2, 3],
        cover: [100, 60, 40, 35, 25],
      },
    ],
  };
}

const repeat = <T>(length: number, value: T): T[] => Array.from({ length }, () => value);

function codeOf(text: string): TreeEnsembleErrorCode | 'accepted' {
  try {
    parseTrees(text);
    return 'accepted';
  } catch (error) {
    if (error instanceof TreeEnsembleError) return error.code;
    throw error;
  }
}

describe('serialiseTrees and parseTrees', () => {
  it('give back the same ensemble, to the bit', () => {
    fc.assert(
      fc.property(arbitraryEnsemble(4, { withCategories: true }), (ensemble) => {
        const again = parseTrees(serialiseTrees(ensemble));
        // JSON writes -0 as 0; nothing that reads an ensemble can tell.
        expect(JSON.stringify(again)).toEqual(JSON.stringify(ensemble));
        again.trees.forEach((tree, index) =>
          expect([...tree.threshold].map((value) => value + 0)).toEqual([...ensemble.trees[index].threshold].map((value) => value + 0)),
        );
      }),
      { seed: 4 },
    );
  });

  it('read a file written by hand', () => {
    const ensemble = parseTrees(JSON.stringify(soundFile()));
    expect(predictMargin(ensemble, [9e99, 0.5])).toBe(-0.5);
    expect(predictMargin(ensemble, [NaN, NaN])).toBe(0.5);
    expect(predictMargin(ensemble, [0, 0.6])).toBe(-1.5);
  });

  const corruptions: [string, TreeEnsembleErrorCode, (file: TreeFile, tree: Record<string, unknown[]>) => void][] = [
    ['another format', 'bad-format', (file) => (file.format = 'onnx')],
    ['a later version', 'unsupported-version', (file) => (file.version = 3)],
    ['names that are not a list', 'bad-format', (file) => (file.featureNames = { length: 2 })],
    ['a name used twice', 'bad-format', (file) => (file.featureNames = ['a', 'a'])],
    ['a base value that is text', 'bad-format', (file) => (file.baseValue = '0')],
    ['trees that are not a list', 'bad-format', (file) => Object.assign(file, { trees: 3 })],
    ['too many trees', 'too-large', (file) => (file.trees = repeat(100_001, {}))],
    ['too many nodes', 'too-large', (_, tree) => (tree['leftChild'] = repeat(2 * 131_072, -1))],
    ['too many features', 'too-large', (file) => (file.featureNames = repeat(100_001, ''))],
    ['a tree without nodes', 'bad-format', (_, tree) => (tree['leftChild'] = [])],
    ['a missing array', 'bad-format', (_, tree) => delete tree['cover']],
    ['an array cut short', 'arrays-differ', (_, tree) => tree['leafValue'].pop()],
    ['a child beyond the nodes', 'index-out-of-range', (_, tree) => (tree['rightChild'][1] = 5)],
    ['a child that is no integer', 'index-out-of-range', (_, tree) => (tree['rightChild'][1] = 3.5)],
    ['a feature beyond the names', 'index-out-of-range', (_, tree) => (tree['splitFeature'][0] = 2)],
    ['a child that is its own ancestor', 'cycle', (_, tree) => (tree['leftChild'][1] = 0)],
    ['a child with two parents', 'cycle', (_, tree) => (tree['rightChild'][1] = 3)],
    ['half a leaf', 'bad-format', (_, tree) => (tree['leftChild'][2] = 3)],
    ['a leaf that asks a feature', 'bad-format', (_, tree) => (tree['splitFeature'][2] = 0)],
    [
      'a node that nothing leads to',
      'bad-format',
      (_, tree) => Object.values(tree).forEach((values, index) => values.push(index < 3 ? -1 : index === 6 ? 1 : 0)),
    ],
    ['a threshold of text', 'bad-format', (_, tree) => (tree['threshold'][0] = 'NaN')],
    ['a null leaf', 'bad-format', (_, tree) => (tree['leafValue'][2] = null)],
    ['an infinite text as leaf', 'bad-format', (_, tree) => (tree['leafValue'][2] = 'Infinity')],
    ['a cover of zero', 'bad-cover', (_, tree) => (tree['cover'][3] = 0)],
    ['covers that do not add up', 'bad-cover', (_, tree) => (tree['cover'][3] = 36)],
    ['a default direction of 2', 'bad-format', (_, tree) => (tree['defaultLeft'][0] = 2)],
  ];
  it.each(corruptions)('refuse %s: %s', (_, code, corrupt) => {
    const file = soundFile();
    corrupt(file, file.trees[0]);
    expect(codeOf(JSON.stringify(file))).toBe(code);
  });

  const sets = (file: TreeFile, ...categories: unknown[]): unknown => ((file.version = 2), (file.trees[0]['categories'] = categories));
  const badSets: [string, TreeEnsembleErrorCode, (file: TreeFile) => void][] = [
    ['categories in a file of version 1', 'bad-format', (file) => (sets(file, [6], null, null, null, null), (file.version = 1))],
    ['categories that are no list', 'bad-categories', (file) => (sets(file), Object.assign(file.trees[0], { categories: { length: 5 } }))],
    ['categories for fewer nodes', 'arrays-differ', (file) => sets(file, [6], null)],
    ['a set that is no list', 'bad-categories', (file) => sets(file, 6, null, null, null, null)],
    ['a set of a leaf', 'bad-categories', (file) => sets(file, [6], null, [1], null, null)],
    ['a word beyond 32 bits', 'bad-categories', (file) => sets(file, [2 ** 32], null, null, null, null)],
    ['a word below zero', 'bad-categories', (file) => sets(file, [-1], null, null, null, null)],
    ['a word that is text', 'bad-categories', (file) => sets(file, ['6'], null, null, null, null)],
    ['codes beyond 2^24', 'too-large', (file) => sets(file, repeat(2 ** 19 + 1, 0), null, null, null, null)],
  ];
  it.each(badSets)('refuse %s: %s', (_, code, corrupt) => {
    const file = soundFile();
    corrupt(file);
    expect(codeOf(JSON.stringify(file))).toBe(code);
  });

  it('read category sets, and write version 1 where there are none', () => {
    const file = soundFile();
    sets(file, [6, 1], null, null, null, null);
    const ensemble = parseTrees(JSON.stringify(file));
    expect(predictMargin(ensemble, [0, 2])).toBe(-0.5);
    expect(predictMargin(ensemble, [0, 32])).toBe(-0.5);
    expect(predictMargin(ensemble, [0, 0.5])).toBe(-1.5);
    expect(JSON.parse(serialiseTrees(ensemble))).toMatchObject({ version: 2, trees: [{ categories: [[6, 1], null, null, null, null] }] });
    expect(JSON.parse(serialiseTrees(parseTrees(JSON.stringify(soundFile()))))).toMatchObject({ version: 1 });
    sets(file, null, null, null, null, null);
    expect(parseTrees(JSON.stringify(file)).trees[0]).not.toHaveProperty('categories');
  });

  it('refuse numbers beyond float64, which JSON reads as infinite', () => {
    expect(codeOf(JSON.stringify(soundFile()).replace('"baseValue":-2.5', '"baseValue":1e999'))).toBe('not-finite');
    expect(codeOf(JSON.stringify(soundFile()).replace('"leafValue":[0,0,1', '"leafValue":[0,0,1e999'))).toBe('not-finite');
    expect(codeOf(JSON.stringify(soundFile()).replace('"cover":[100', '"cover":[1e999'))).toBe('not-finite');
  });

  it('refuse leaves that add up to infinity, and trees deeper than any walk should go', () => {
    const file = soundFile();
    file.trees[0]['leafValue'][2] = 1e308;
    file.trees.push(structuredClone(file.trees[0]));
    expect(codeOf(JSON.stringify(file))).toBe('not-finite');
    expect(codeOf(serialiseTrees(chainEnsemble(1024)))).toBe('accepted');
    expect(codeOf(serialiseTrees(chainEnsemble(1025)))).toBe('too-large');
  });

  it('refuse or accept any damage without any other error, and accepted trees always end', () => {
    const text = JSON.stringify(soundFile());
    const junk = fc.oneof(
      fc.constantFrom('-1', '0', '1', '2', '4', '5', '1e999', '-', ',', '[', ']', '{', '}', '"', 'null', 'Infinity', ' '),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(text.length), fc.nat(4), junk), { minLength: 1, maxLength: 3 }), (damages) => {
        const damaged = damages.reduce((before, [at, length, by]) => before.slice(0, at) + by + before.slice(at + length), text);
        if (codeOf(damaged) !== 'accepted') return;
        const ensemble = parseTrees(damaged);
        for (const value of [-1, 0.5, NaN, Infinity]) {
          expect(predictMargin(ensemble, repeat(ensemble.featureNames.length, value))).not.toBeNaN();
        }
      }),
      { seed: 5, numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.json(), (anything) => expect(codeOf(anything)).toBe('bad-format')),
      { seed: 6 },
    );
    expect(codeOf('{')).toBe('not-json');
  });
});
