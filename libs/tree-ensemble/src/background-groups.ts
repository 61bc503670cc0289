import { goesLeft } from './predict.ts';
import type { PathTest, TreePaths } from './background-paths.ts';
import type { FeatureMatrix } from './tree-ensemble.ts';

/** The background rows of a leaf by pattern: which of its path's tests a row passes. */
export interface LeafGroups {
  readonly count: number;
  /** Share of the background rows, by group. */
  readonly share: Float64Array;
  /** 32-bit words a pattern. */
  readonly numWords: number;
  /** By group, `numWords` words; bit `k` of a pattern is the leaf's k-th test. */
  readonly patterns: Uint32Array;
}

export function hasPassed({ numWords, patterns }: LeafGroups, group: number, test: number): boolean {
  return ((patterns[group * numWords + (test >>> 5)] >>> (test & 31)) & 1) === 1;
}

/** Of every leaf that a split leads to, the groups of the background; undefined at splits. */
export function groupBackground(paths: TreePaths, background: FeatureMatrix): readonly (LeafGroups | undefined)[] {
  const { tree, tests, condition } = paths;
  const { numRows, numFeatures, values } = background;
  // By condition, a byte a row: conditions that a tree asks twice are met once.
  const left = new Map<number, Uint8Array>();
  condition.forEach((index, node) => {
    if (index < 0 || left.has(index)) return;
    const answers = new Uint8Array(numRows);
    const feature = tree.splitFeature[node];
    for (let row = 0; row < numRows; row++) answers[row] = goesLeft(tree, node, values[row * numFeatures + feature]) ? 1 : 0;
    left.set(index, answers);
  });
  const passed = new Map<PathTest, Uint8Array>();
  const passes = (test: PathTest): Uint8Array => {
    const known = passed.get(test);
    if (known !== undefined) return known;
    const answers = new Uint8Array(numRows).fill(1);
    for (const { condition: asked, isLeft } of test.edges) {
      const isAsLeft = left.get(asked);
      if (isAsLeft === undefined) continue;
      const wanted = isLeft ? 1 : 0;
      for (let row = 0; row < numRows; row++) if (isAsLeft[row] !== wanted) answers[row] = 0;
    }
    passed.set(test, answers);
    return answers;
  };
  // By node; a leaf's path mostly adds one feature to its parent's, and groups are then parted once.
  const partings = new Map<readonly PathTest[], Parting>();
  const none: Parting = { count: 1, groupOf: new Int32Array(numRows) };
  condition.forEach((index, node) => {
    if (index < 0) return;
    const own = tests[node];
    const parting = partings.get(own) ?? none;
    for (const child of [tree.leftChild[node], tree.rightChild[node]]) {
      const path = tests[child];
      const isWider = path.length > own.length;
      partings.set(path, isWider ? part(parting, passes(path[own.length])) : path.reduce((parted, test) => part(parted, passes(test)), none));
    }
  });
  return tests.map((path, node) => {
    const parting = partings.get(path);
    return condition[node] >= 0 || parting === undefined ? undefined : describeGroups(parting, path.map(passes));
  });
}

interface Parting {
  readonly count: number;
  /** By background row. Groups are numbered as their first rows come. */
  readonly groupOf: Int32Array;
}

function part({ count, groupOf }: Parting, passed: Uint8Array): Parting {
  const numbers = new Int32Array(count * 2).fill(-1);
  const parted = new Int32Array(groupOf.length);
  let next = 0;
  for (let row = 0; row < groupOf.length; row++) {
    const key = groupOf[row] * 2 + passed[row];
    if (numbers[key] < 0) numbers[key] = next++;
    parted[row] = numbers[key];
  }
  return { count: next, groupOf: parted };
}

function describeGroups({ count, groupOf }: Parting, answers: readonly Uint8Array[]): LeafGroups {
  const numRows = groupOf.length;
  const numWords = Math.ceil(answers.length / 32);
  const patterns = new Uint32Array(count * numWords);
  const share = new Float64Array(count);
  for (let row = 0; row < numRows; row++) {
    const group = groupOf[row];
    // Every row of a group has the same pattern: the first one writes it.
    if (share[group]++ > 0) continue;
    for (let test = 0; test < answers.length; test++) patterns[group * numWords + (test >>> 5)] |= answers[test][row] << (test & 31);
  }
  return { count, share: share.map((rows) => rows / numRows), numWords, patterns };
}
