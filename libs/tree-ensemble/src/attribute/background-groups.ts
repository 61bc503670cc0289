import { goesLeft } from '../predict.ts';
import type { PathTest, TreePaths } from './background-paths.ts';
import type { FeatureMatrix } from '../tree-ensemble.ts';

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
  // One allocation each for the whole tree: a tree has hundreds of these rows of bytes.
  const room = new Uint8Array(3 * condition.length * numRows);
  let used = 0;
  const takeRow = (): Uint8Array => room.subarray(used, (used += numRows));
  // By condition, a byte a row: conditions that a tree asks twice are met once.
  const left = new Map<number, Uint8Array>();
  condition.forEach((index, node) => {
    if (index < 0 || left.has(index)) return;
    const answers = takeRow();
    const feature = tree.splitFeature[node];
    for (let row = 0; row < numRows; row++) answers[row] = goesLeft(tree, node, values[row * numFeatures + feature]) ? 1 : 0;
    left.set(index, answers);
  });
  const passed = new Map<PathTest, Uint8Array>();
  const passes = (test: PathTest): Uint8Array => {
    const known = passed.get(test);
    if (known !== undefined) return known;
    const answers = takeRow().fill(1);
    for (const { condition: asked, isLeft } of test.edges) {
      const isAsLeft = left.get(asked);
      if (isAsLeft === undefined) continue;
      const wanted = isLeft ? 1 : 0;
      for (let row = 0; row < numRows; row++) if (isAsLeft[row] !== wanted) answers[row] = 0;
    }
    passed.set(test, answers);
    return answers;
  };
  // By node and background row. Groups are numbered as their first rows come.
  const groupOf = new Int32Array(condition.length * numRows);
  const counts = new Int32Array(condition.length).fill(1);
  const numbers = new Int32Array(2 * numRows);
  const groupsAt = (node: number): Int32Array => groupOf.subarray(node * numRows, (node + 1) * numRows);
  condition.forEach((index, node) => {
    if (index < 0) return;
    const numTests = tests[node].length;
    for (const child of [tree.leftChild[node], tree.rightChild[node]]) {
      const own = groupsAt(child);
      // A node's path mostly adds one feature to its parent's; where it narrows one, its groups are parted from the first on.
      const isWider = tests[child].length > numTests;
      if (isWider) own.set(groupsAt(node));
      const added = isWider ? tests[child].slice(numTests) : tests[child];
      counts[child] = added.reduce((count, test) => part(own, count, passes(test), numbers), isWider ? counts[node] : 1);
    }
  });
  return tests.map((path, node) =>
    condition[node] >= 0 || path.length === 0 ? undefined : describeGroups(groupsAt(node), counts[node], path.map(passes)),
  );
}

/** Parts groups by an answer, in place; returns how many there are then. `numbers` is room for two a row. */
function part(groupOf: Int32Array, count: number, answers: Uint8Array, numbers: Int32Array): number {
  numbers.fill(-1, 0, count * 2);
  let next = 0;
  for (let row = 0; row < groupOf.length; row++) {
    const key = groupOf[row] * 2 + answers[row];
    if (numbers[key] < 0) numbers[key] = next++;
    groupOf[row] = numbers[key];
  }
  return next;
}

function describeGroups(groupOf: Int32Array, count: number, answers: readonly Uint8Array[]): LeafGroups {
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
  for (let group = 0; group < count; group++) share[group] /= numRows;
  return { count, share, numWords, patterns };
}
