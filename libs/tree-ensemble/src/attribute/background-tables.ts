import type { Block } from './background-blocks.ts';
import type { LeafGroups } from './background-groups.ts';
import type { PathTest, TreePaths } from './background-paths.ts';
import type { ShapleyWeights } from './shapley-weights.ts';

/** Room to work in, for one leaf after the other. */
export interface TableRoom {
  readonly contributions: Float64Array;
  readonly losing: Float64Array;
}

export function tableRoom(): TableRoom {
  const numSets = halfStates * halfStates;
  return { contributions: new Float64Array(numSets * 2 * halfBits), losing: new Float64Array(numSets) };
}

/** Writes a block's table, all zeros before: one line a state, one column a feature. */
export function fillTable(
  table: Float64Array,
  block: Block,
  paths: TreePaths,
  groups: readonly (LeafGroups | undefined)[],
  weights: ShapleyWeights,
  room: TableRoom,
): void {
  const { tree, tests } = paths;
  const { contributions } = room;
  const numStates = 2 ** block.tests.length;
  const numFeatures = block.features.length;
  const numPathTests = tests[block.node].length;
  const open = [block.node];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const ofLeaf = groups[node];
    if (ofLeaf === undefined) {
      open.push(tree.rightChild[node], tree.leftChild[node]);
      continue;
    }
    const numTests = tests[node].length;
    contribute(room, ofLeaf, numTests, tree.leafValue[node], weights);
    const columns = Int32Array.from(tests[node], ({ feature }) => block.features.indexOf(feature));
    const asked = tests[node].map((test) => bitsAsked(test, block, numPathTests));
    // A test is missed by a wrong bit in either half of the state.
    const byLow = listMissed(asked, 0, Math.min(numStates, halfStates));
    const byHigh = listMissed(asked, halfBits, Math.ceil(numStates / halfStates));
    for (let state = 0, line = 0; state < numStates; state++, line += numFeatures) {
      const first = (byLow[state & (halfStates - 1)] | byHigh[state >>> halfBits]) * numTests;
      for (let test = 0; test < numTests; test++) table[line + columns[test]] += contributions[first + test];
    }
  }
}

/** Half of the most tests that a block has. */
const halfBits = 6;
const halfStates = 2 ** halfBits;
/** By state: how many bits are set. */
const numBits = new Uint8Array(halfStates * halfStates);
for (let state = 1; state < numBits.length; state++) numBits[state] = numBits[state >>> 1] + (state & 1);

interface BitsAsked {
  readonly mask: number;
  readonly wanted: number;
}

/** By the bits of a state from `shift` on, below `count`: which tests they miss. */
function listMissed(asked: readonly BitsAsked[], shift: number, count: number): Int32Array {
  const missed = new Int32Array(count);
  asked.forEach(({ mask, wanted }, test) => {
    const here = mask & ((halfStates - 1) << shift);
    // What no bit can give is missed in every half.
    const wantedHere = wanted & (here | ~mask);
    for (let bits = 0; bits < count; bits++) if (((bits << shift) & here) !== wantedHere) missed[bits] |= 1 << test;
  });
  return missed;
}

/** A leaf's test in bits of the block's state: passed where the bits of `mask` are those of `wanted`. */
function bitsAsked(test: PathTest, block: Block, numPathTests: number): BitsAsked {
  let mask = 0;
  let wanted = 0;
  for (const { condition, isLeft } of test.edges) {
    const within = block.tests.findIndex(({ edges }, index) => index >= numPathTests && edges[0].condition === condition);
    const bit = 1 << (within >= 0 ? within : block.tests.findIndex(({ feature }) => feature === test.feature));
    const isWanted = within < 0 || isLeft;
    // Both answers of one condition: nobody passes.
    if ((mask & bit) !== 0 && ((wanted & bit) !== 0) !== isWanted) return { mask: 0, wanted: 1 };
    mask |= bit;
    if (isWanted) wanted |= bit;
  }
  return { mask, wanted };
}

/**
 * Into the room's contributions, by the set of tests that a row misses (bit `k` = the k-th test): what the leaf gives to each of its features, the background's
 * mean. A background pattern p counts where it passes all that the row misses: its features outside p gain, the missed ones lose.
 */
function contribute({ contributions, losing }: TableRoom, groups: LeafGroups, numTests: number, leafValue: number, weights: ShapleyWeights): void {
  const { gains, losses, stride } = weights;
  const numSets = 2 ** numTests;
  contributions.fill(0, 0, numSets * numTests);
  losing.fill(0, 0, numSets);
  const onlyRow = new Int32Array(numTests);
  for (let group = 0; group < groups.count; group++) {
    const pattern = groups.patterns[group];
    let numOnlyRow = 0;
    for (let test = 0; test < numTests; test++) if (((pattern >>> test) & 1) === 0) onlyRow[numOnlyRow++] = test;
    const weight = leafValue * groups.share[group];
    // All subsets of the pattern, the empty one last.
    for (let missed = pattern; ; missed = (missed - 1) & pattern) {
      const at = numOnlyRow * stride + numBits[missed];
      losing[missed] += weight * losses[at];
      const gain = weight * gains[at];
      for (let index = 0; index < numOnlyRow; index++) contributions[missed * numTests + onlyRow[index]] += gain;
      if (missed === 0) break;
    }
  }
  for (let missed = 1; missed < numSets; missed++) {
    for (let test = 0; test < numTests; test++) if (((missed >>> test) & 1) === 1) contributions[missed * numTests + test] = -losing[missed];
  }
}
