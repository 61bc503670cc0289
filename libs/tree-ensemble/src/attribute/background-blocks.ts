import type { LeafGroups } from './background-groups.ts';
import type { Condition, PathTest, TreePaths } from './background-paths.ts';

/** Bits of a block's state at most: 4096 lines in its table. */
const maxTests = 12;
const bytesOfNumber = 8;

/**
 * A subtree whose leaves are answered together. A row's state is one bit a test: whether it passes what the path to the subtree
 * asks of each feature, then whether it goes left at each condition within. The state decides what all leaves of the subtree give,
 * so their contributions are summed once into one line a state; a lone leaf is a subtree too.
 */
export interface Block {
  readonly node: number;
  /** The path's tests, then one for each distinct condition within. */
  readonly tests: readonly PathTest[];
  /** Distinct features of the tests: the columns of the table. */
  readonly features: readonly number[];
}

/** What of a tree is looked up, and the leaves that are too many tests deep, or too dear, for it. */
export interface TreePlan {
  readonly blocks: readonly Block[];
  readonly leaves: readonly number[];
}

/** Of every node: what a table for all that is below it would take. */
export interface TreeCosts {
  readonly paths: TreePaths;
  /** Distinct conditions within; undefined where a table would be too large. */
  readonly within: readonly (readonly number[] | undefined)[];
  readonly numFeatures: Int32Array;
  /** Of each leaf: nanoseconds a row without a table; Infinity at splits. */
  readonly leafTimeNs: Float64Array;
}

export function blockBytes(numTests: number, numFeatures: number): number {
  return 2 ** numTests * numFeatures * bytesOfNumber;
}

export function weighTree(paths: TreePaths, groups: readonly (LeafGroups | undefined)[], conditions: readonly Condition[]): TreeCosts {
  const { tree, tests, condition } = paths;
  const within: (readonly number[] | undefined)[] = Array.from({ length: condition.length });
  const numFeatures = new Int32Array(condition.length);
  const leafTimeNs = new Float64Array(condition.length).fill(Infinity);
  // Children come after their parents.
  for (let node = condition.length - 1; node >= 0; node--) {
    const below = condition[node] < 0 ? [] : unite(condition[node], within[tree.leftChild[node]], within[tree.rightChild[node]]);
    if (below !== undefined && tests[node].length + below.length <= maxTests) {
      within[node] = below;
      numFeatures[node] = featuresOf(tests[node], below, conditions).length;
    }
    const ofLeaf = groups[node];
    if (ofLeaf !== undefined) leafTimeNs[node] = leafTime(ofLeaf, tests[node].length);
  }
  return { paths, within, numFeatures, leafTimeNs };
}

function unite(own: number, left: readonly number[] | undefined, right: readonly number[] | undefined): readonly number[] | undefined {
  if (left === undefined || right === undefined) return undefined;
  const all = [own];
  for (const part of [left, right]) for (const condition of part) if (!all.includes(condition)) all.push(condition);
  return all;
}

function featuresOf(path: readonly PathTest[], within: readonly number[], conditions: readonly Condition[]): readonly number[] {
  const features = path.map(({ feature }) => feature);
  for (const condition of within) if (!features.includes(conditions[condition].feature)) features.push(conditions[condition].feature);
  return features;
}

/**
 * Chooses what to tabulate: the least time a row at one price of memory for all trees, the lowest price at which all tables fit.
 * The price starts where a table costs more to make than some ten thousand rows gain from it.
 */
export function planTrees(trees: readonly TreeCosts[], conditions: readonly Condition[], maxTableBytes: number): readonly TreePlan[] {
  const bytesAt = (price: number): number => trees.reduce((sum, tree) => sum + chooseBlocks(tree, price).bytes, 0);
  let price = leastPrice;
  if (bytesAt(price) > maxTableBytes) {
    let tooLow = price;
    // Bounded: at some price the tables of all leaves are dearer than none.
    do price *= 4;
    while (bytesAt(price) > maxTableBytes);
    for (let step = 0; step < 8; step++) {
      const between = Math.sqrt(tooLow * price);
      if (bytesAt(between) > maxTableBytes) tooLow = between;
      else price = between;
    }
  }
  return trees.map((tree) => listPlan(tree, chooseBlocks(tree, price).isTable, conditions));
}

/** Patterns that stand for the rows to come; the frequent ones tend to come first. */
const mostSampled = 8;
/** Nanoseconds a row and byte. */
const leastPrice = 1 / 2 ** 13;
const lookupNs = 6;
const additionNs = 0.8;
const leafNs = 8;
const leafTestNs = 0.8;
const candidateNs = 6;

/** Expected over rows like the background's: what the leaf costs, group by group that stands in for what a row misses. */
function leafTime(groups: LeafGroups, numTests: number): number {
  const { count, numWords, patterns, share } = groups;
  const candidateTimes = Float64Array.from({ length: count }, (_, group) => {
    let numPassed = 0;
    for (let word = 0; word < numWords; word++) numPassed += countBits(patterns[group * numWords + word]);
    return candidateNs + additionNs * (numTests - numPassed);
  });
  const numSampled = Math.min(count, mostSampled);
  const lastWord = numTests % 32 === 0 ? 0xffffffff : 2 ** (numTests % 32) - 1;
  let weights = 0;
  let work = 0;
  for (let row = 0; row < numSampled; row++) {
    let time = 0;
    for (let group = 0; group < count; group++) {
      let missed = 0;
      for (let word = 0; word < numWords; word++) {
        missed |= ~(patterns[row * numWords + word] | patterns[group * numWords + word]) & (word === numWords - 1 ? lastWord : 0xffffffff);
      }
      if (missed === 0) time += candidateTimes[group];
    }
    weights += share[row];
    work += share[row] * time;
  }
  return (leafNs + leafTestNs * numTests) * Math.ceil(count / 64) + work / weights;
}

function countBits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

interface Choice {
  readonly isTable: Uint8Array;
  readonly bytes: number;
}

function chooseBlocks({ paths, within, numFeatures, leafTimeNs }: TreeCosts, price: number): Choice {
  const { tree, tests, condition } = paths;
  const isTable = new Uint8Array(condition.length);
  const costs = new Float64Array(condition.length);
  const bytes = new Float64Array(condition.length);
  for (let node = condition.length - 1; node >= 0; node--) {
    const [left, right] = [tree.leftChild[node], tree.rightChild[node]];
    costs[node] = condition[node] < 0 ? leafTimeNs[node] : costs[left] + costs[right];
    bytes[node] = condition[node] < 0 ? 0 : bytes[left] + bytes[right];
    const inside = within[node];
    if (inside === undefined) continue;
    const own = blockBytes(tests[node].length + inside.length, numFeatures[node]);
    const cost = lookupNs + additionNs * numFeatures[node] + price * own;
    if (cost >= costs[node]) continue;
    isTable[node] = 1;
    costs[node] = cost;
    bytes[node] = own;
  }
  return { isTable, bytes: bytes[0] ?? 0 };
}

function listPlan({ paths, within }: TreeCosts, isTable: Uint8Array, conditions: readonly Condition[]): TreePlan {
  const { tree, tests, condition } = paths;
  const blocks: Block[] = [];
  const leaves: number[] = [];
  // A lone leaf is the same for every row and every background row.
  const open = condition.length > 1 ? [0] : [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const inside = within[node];
    if (isTable[node] === 1 && inside !== undefined) {
      const own = inside.map((index): PathTest => ({ feature: conditions[index].feature, edges: [{ condition: index, isLeft: true }] }));
      blocks.push({ node, tests: [...tests[node], ...own], features: featuresOf(tests[node], inside, conditions) });
    } else if (condition[node] < 0) leaves.push(node);
    else open.push(tree.rightChild[node], tree.leftChild[node]);
  }
  return { blocks, leaves };
}
