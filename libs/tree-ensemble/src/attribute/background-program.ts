import { blockBytes, type TreePlan } from './background-blocks.ts';
import { hasPassed, type LeafGroups } from './background-groups.ts';
import type { Condition, Conditions, PathTest, TreePaths } from './background-paths.ts';
import { fillTable, tableRoom } from './background-tables.ts';
import { TreeEnsembleError } from '../errors.ts';
import { isInCategories } from '../predict.ts';
import { shapleyWeights, type ShapleyWeights } from './shapley-weights.ts';

/** Rows that the kernel explains at once: the bytes of a vector. */
export const numLanes = 16;
/** Background patterns that one leaf's 64-bit masks tell apart; a leaf with more is written several times. */
const groupsOfMask = 64;
const pageBytes = 2 ** 16;
const maxPages = 2 ** 16;

/** A tree with what is looked up of it. */
export interface PlannedTree {
  readonly paths: TreePaths;
  readonly groups: readonly (LeafGroups | undefined)[];
  readonly plan: TreePlan;
}

/** Where the kernel finds what; addresses in bytes. */
export interface BackgroundLayout {
  readonly numFeatures: number;
  /** By condition 16 bytes, a lane each, of ones where the row goes left. */
  readonly conditions: number;
  /** f64 by feature and lane. */
  readonly values: number;
  /** f64 by lane and feature. */
  readonly shapValues: number;
  readonly scratch: number;
  /** (feature, first condition, end) as i32, of the conditions on thresholds. */
  readonly segments: number;
  readonly numSegments: number;
  readonly thresholds: number;
  readonly defaultsLeft: number;
  readonly gains: number;
  readonly losses: number;
  readonly weightStride: number;
  /**
   * i32 words a block: number of tests, number of features, address of its table, the tests, then of each feature its byte in a row of
   * `shapValues`. A test: number of edges, then of each the address of its condition, plus 1 where the path goes left.
   */
  readonly blocks: number;
  readonly numBlocks: number;
  /**
   * i32 words a leaf: number of tests, number of groups, address of its data, the tests, then the features as a block's. Data: u64 masks
   * of groups, first all, then of each test those that pass it; f64 weight by group; i32 starts of the groups' features, and the end;
   * these features, bytes in a row of `shapValues`: those whose tests the group does not pass.
   */
  readonly leaves: number;
  readonly numLeaves: number;
}

export interface BackgroundProgram {
  readonly memory: WebAssembly.Memory;
  readonly layout: BackgroundLayout;
  /** Those on categories, with their place among all: the kernel knows thresholds alone. */
  readonly categoryConditions: readonly { readonly condition: Condition; readonly index: number }[];
}

/** Lays everything out in one memory, with a pause after every tree. Throws `too-large` (4 GiB). */
export function* writeProgram(
  trees: readonly PlannedTree[],
  { conditions, numNumeric }: Conditions,
  numFeatures: number,
): Generator<void, BackgroundProgram> {
  const room = new Room();
  const conditionsAt = room.take(conditions.length * numLanes);
  const values = room.take(numFeatures * numLanes * 8);
  const shapValues = room.take(numFeatures * numLanes * 8);
  const mostTests = trees.reduce((most, { paths }) => paths.tests.reduce((longest, path) => Math.max(longest, path.length), most), 0);
  // The kernel's own: candidates or states, counts, then one vector a test of a leaf.
  const scratch = room.take((9 + mostTests) * numLanes);
  const weights = shapleyWeights(mostTests);
  const gains = room.take(weights.gains.byteLength);
  const losses = room.take(weights.losses.byteLength);
  const segments = listSegments(conditions, numNumeric);
  const segmentsAt = room.take(segments.length * 4);
  const thresholds = room.take(numNumeric * 8);
  const defaultsLeft = room.take(numNumeric);

  const edgesOf = (test: PathTest): number[] => [
    test.edges.length,
    ...test.edges.map(({ condition, isLeft }) => conditionsAt + condition * numLanes + (isLeft ? 1 : 0)),
  ];
  const placeOf = (feature: number): number => feature * 8;
  const blockWords: number[] = [];
  const leafWords: number[] = [];
  const tables: number[] = [];
  const chunks: LeafChunk[] = [];
  for (const { paths, groups, plan } of trees) {
    for (const { tests, features } of plan.blocks) {
      const table = room.take(blockBytes(tests.length, features.length));
      tables.push(table);
      blockWords.push(tests.length, features.length, table);
      for (const test of tests) blockWords.push(...edgesOf(test));
      for (const feature of features) blockWords.push(placeOf(feature));
    }
    for (const node of plan.leaves) {
      const ofLeaf = groups[node];
      if (ofLeaf === undefined) continue;
      const tests = paths.tests[node];
      for (let first = 0; first < ofLeaf.count; first += groupsOfMask) {
        const chunk = describeChunk(ofLeaf, first, tests, paths.tree.leafValue[node], placeOf);
        const at = room.take(chunk.masks.byteLength + chunk.weights.byteLength + chunk.features.byteLength);
        chunks.push({ ...chunk, at });
        leafWords.push(tests.length, chunk.weights.length, at);
        for (const test of tests) leafWords.push(...edgesOf(test));
        for (const { feature } of tests) leafWords.push(placeOf(feature));
      }
    }
    yield;
  }
  const blocks = room.take(blockWords.length * 4);
  const leaves = room.take(leafWords.length * 4);

  const memory = room.open();
  const { buffer } = memory;
  new Float64Array(buffer, gains, weights.gains.length).set(weights.gains);
  new Float64Array(buffer, losses, weights.losses.length).set(weights.losses);
  new Int32Array(buffer, segmentsAt, segments.length).set(segments);
  const numeric = conditions.slice(0, numNumeric);
  new Float64Array(buffer, thresholds, numNumeric).set(numeric.map(({ threshold }) => threshold));
  new Uint8Array(buffer, defaultsLeft, numNumeric).set(numeric.map(({ isDefaultLeft }) => (isDefaultLeft ? 255 : 0)));
  new Uint32Array(buffer, blocks, blockWords.length).set(blockWords);
  new Uint32Array(buffer, leaves, leafWords.length).set(leafWords);
  for (const { at, masks, weights: ofGroups, features } of chunks) {
    new BigUint64Array(buffer, at, masks.length).set(masks);
    new Float64Array(buffer, at + masks.byteLength, ofGroups.length).set(ofGroups);
    new Int32Array(buffer, at + masks.byteLength + ofGroups.byteLength, features.length).set(features);
  }
  yield* fillTables(trees, tables, buffer, weights);

  return {
    memory,
    layout: {
      numFeatures,
      conditions: conditionsAt,
      values,
      shapValues,
      scratch,
      segments: segmentsAt,
      numSegments: segments.length / 3,
      thresholds,
      defaultsLeft,
      gains,
      losses,
      weightStride: weights.stride,
      blocks,
      numBlocks: tables.length,
      leaves,
      numLeaves: chunks.length,
    },
    categoryConditions: conditions.slice(numNumeric).map((condition, index) => ({ condition, index: numNumeric + index })),
  };
}

function* fillTables(trees: readonly PlannedTree[], tables: readonly number[], buffer: ArrayBuffer, weights: ShapleyWeights): Generator<void, void> {
  const room = tableRoom();
  let next = 0;
  for (const { paths, groups, plan } of trees) {
    for (const block of plan.blocks) {
      const table = new Float64Array(buffer, tables[next++], 2 ** block.tests.length * block.features.length);
      fillTable(table, block, paths, groups, weights, room);
    }
    yield;
  }
}

/** Puts into `conditions` which rows go left at the conditions on categories. */
export function meetCategories({ memory, layout, categoryConditions }: BackgroundProgram, numRows: number): void {
  const values = new Float64Array(memory.buffer, layout.values, layout.numFeatures * numLanes);
  const answers = new Uint8Array(memory.buffer, layout.conditions);
  for (const { condition, index } of categoryConditions) {
    const { categories, feature, isDefaultLeft } = condition;
    if (categories === null) continue;
    for (let lane = 0; lane < numRows; lane++) {
      const value = values[feature * numLanes + lane];
      const isLeft = value !== value ? isDefaultLeft : isInCategories(categories, value);
      answers[index * numLanes + lane] = isLeft ? 255 : 0;
    }
  }
}

/** Hands out addresses, each a multiple of 16, then opens a memory that holds them all. */
class Room {
  #end = 0;

  take(bytes: number): number {
    const at = this.#end;
    this.#end += Math.ceil(bytes / numLanes) * numLanes;
    if (this.#end > pageBytes * maxPages) throw new TreeEnsembleError('too-large', 'what is prepared against the background exceeds 4 GiB');
    return at;
  }

  open(): WebAssembly.Memory {
    const pages = Math.ceil(this.#end / pageBytes);
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  }
}

function listSegments(conditions: readonly Condition[], numNumeric: number): readonly number[] {
  const segments: number[] = [];
  for (let first = 0, end = 0; first < numNumeric; first = end) {
    const { feature } = conditions[first];
    while (end < numNumeric && conditions[end].feature === feature) end++;
    segments.push(feature, first, end);
  }
  return segments;
}

interface LeafData {
  readonly masks: BigUint64Array;
  readonly weights: Float64Array;
  /** Starts, the end, features. */
  readonly features: Int32Array;
}

interface LeafChunk extends LeafData {
  readonly at: number;
}

function describeChunk(
  groups: LeafGroups,
  first: number,
  tests: readonly PathTest[],
  leafValue: number,
  placeOf: (feature: number) => number,
): LeafData {
  const count = Math.min(groupsOfMask, groups.count - first);
  const masks = new BigUint64Array(tests.length + 1);
  const starts: number[] = [];
  const features: number[] = [];
  for (let group = 0; group < count; group++) {
    const bit = 1n << BigInt(group);
    masks[0] |= bit;
    starts.push(features.length);
    tests.forEach(({ feature }, test) => {
      if (hasPassed(groups, first + group, test)) masks[test + 1] |= bit;
      else features.push(placeOf(feature));
    });
  }
  return {
    masks,
    weights: groups.share.slice(first, first + count).map((share) => share * leafValue),
    features: Int32Array.from([...starts, features.length, ...features]),
  };
}
