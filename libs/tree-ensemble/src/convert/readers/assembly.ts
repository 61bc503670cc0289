import { TreeEnsembleError, type TreeEnsembleErrorCode } from '../../errors.ts';
import { maxDepth, maxFeatures, maxNodes, maxNodesOfTree, maxTrees, maxWords, maxWordsOfSet } from '../../limits.ts';
import type { Tree, TreeEnsemble } from '../../tree-ensemble.ts';

/** A node as a file of another library states it; children are node numbers of the file, the cover NaN where it is not known. */
export type ForeignNode =
  | { readonly leafValue: number; readonly cover: number }
  | {
      readonly feature: number;
      readonly threshold: number;
      readonly categories: Uint32Array | null;
      readonly defaultLeft: boolean;
      readonly left: number;
      readonly right: number;
      readonly cover: number;
    };

/** Marks a node of the file as used; refuses (`index-out-of-range`, `cycle`) one that is not there or was used before. */
export type Claim = (node: number) => void;

/** Where the nodes of one tree come from. `used` has an entry for each node of the file, shared by trees that share a numbering. */
export interface TreeSource {
  readonly root: number;
  readonly used: Uint8Array;
  readNode(node: number, claim: Claim): ForeignNode;
}

/**
 * Proves that what a file states are trees over `numFeatures` features, numbered so that parents come before children (in preorder),
 * within the limits of `limits.ts`.
 */
export interface Assembly {
  /** Throws TreeEnsembleError `too-large`, `index-out-of-range`, `cycle`, `not-finite`. Covers are kept as stated. */
  addTree(place: string, source: TreeSource): void;
  /** The bitset of these codes. Throws `bad-categories` for what is no code, `too-large` where all sets together grow beyond the limit. */
  toCategories(place: string, codes: readonly number[]): Uint32Array;
  /** The trees so far. */
  readonly trees: readonly Tree[];
}

export function createAssembly(numFeatures: number): Assembly {
  const trees: Tree[] = [];
  let numNodes = 0;
  let numWords = 0;
  return {
    trees,
    addTree: (place, source) => {
      if (trees.length >= maxTrees) refuse('too-large', `there are more than ${maxTrees} trees`);
      const tree = assembleTree(place, source, numFeatures);
      numNodes += tree.leftChild.length;
      if (numNodes > maxNodes) refuse('too-large', `the trees have more than ${maxNodes} nodes`);
      trees.push(tree);
    },
    toCategories: (place, codes) => {
      let length = 0;
      for (const code of codes) {
        if (!Number.isInteger(code) || code < 0 || code >= maxWordsOfSet * 32) {
          refuse('bad-categories', `${place}: ${code} is no category code (0 to 2^24 - 1)`);
        }
        length = Math.max(length, (code >>> 5) + 1);
      }
      numWords += length;
      if (numWords > maxWords) refuse('too-large', `the category sets need more than ${maxWords} words`);
      const words = new Uint32Array(length);
      for (const code of codes) words[code >>> 5] |= 1 << (code & 31);
      return words;
    },
  };
}

function assembleTree(place: string, source: TreeSource, numFeatures: number): Tree {
  const { used } = source;
  const claim: Claim = (node) => {
    if (!Number.isInteger(node) || node < 0 || node >= used.length) {
      refuse('index-out-of-range', `${place}: node ${node} is not one of ${used.length}`);
    }
    if (used[node] === 1) refuse('cycle', `${place}: node ${node} is above itself or has two parents`);
    used[node] = 1;
  };
  const nodes: ForeignNode[] = [];
  const leftChild: number[] = [];
  const rightChild: number[] = [];
  const pending: { readonly node: number; readonly parent: number; readonly depth: number }[] = [{ node: source.root, parent: -1, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, parent, depth } = next;
    claim(node);
    const where = `${place}, node ${node}`;
    const index = nodes.length;
    if (index >= maxNodesOfTree) refuse('too-large', `${place} has more than ${maxNodesOfTree} nodes`);
    if (depth > maxDepth) refuse('too-large', `${where} lies deeper than ${maxDepth} splits`);
    // The left child comes right after its parent, the right child when all of the left is done.
    if (parent >= 0) (index === parent + 1 ? leftChild : rightChild)[parent] = index;
    const read = source.readNode(node, claim);
    nodes.push(read);
    leftChild.push(-1);
    rightChild.push(-1);
    if ('leafValue' in read) {
      if (!Number.isFinite(read.leafValue)) refuse('not-finite', `${where}: the leaf is not finite`);
      continue;
    }
    if (!Number.isInteger(read.feature) || read.feature < 0 || read.feature >= numFeatures) {
      refuse('index-out-of-range', `${where}: feature ${read.feature} is not one of ${numFeatures}`);
    }
    if (Number.isNaN(read.threshold)) refuse('not-finite', `${where}: the threshold is not a number`);
    if (read.categories !== null && read.categories.length > maxWordsOfSet) {
      refuse('too-large', `${where}: a set of ${read.categories.length} words, more than ${maxWordsOfSet}`);
    }
    pending.push({ node: read.right, parent: index, depth: depth + 1 }, { node: read.left, parent: index, depth: depth + 1 });
  }
  const hasCategories = nodes.some((node) => !('leafValue' in node) && node.categories !== null);
  return {
    leftChild: Int32Array.from(leftChild),
    rightChild: Int32Array.from(rightChild),
    splitFeature: Int32Array.from(nodes, (node) => ('leafValue' in node ? -1 : node.feature)),
    threshold: Float64Array.from(nodes, (node) => ('leafValue' in node ? 0 : node.threshold)),
    defaultLeft: Uint8Array.from(nodes, (node) => ('leafValue' in node || !node.defaultLeft ? 0 : 1)),
    leafValue: Float64Array.from(nodes, (node) => ('leafValue' in node ? node.leafValue : 0)),
    cover: Float64Array.from(nodes, (node) => node.cover),
    ...(hasCategories && { categories: nodes.map((node) => ('leafValue' in node ? null : node.categories)) }),
  };
}

// Covers travel as decimals of single precision, are sums of such, or counts that LightGBM estimates.
const coverTolerance = 1e-3;

/**
 * The trees with covers that add up exactly: those of leaves as stated, those of splits their sums. Null unless every cover of a leaf is
 * finite and positive and every stated cover of a split is such a sum within a thousandth. A tree that is one leaf needs none.
 */
export function settleCovers(trees: readonly Tree[]): readonly Tree[] | null {
  const settled: Tree[] = [];
  for (const tree of trees) {
    const { leftChild, rightChild } = tree;
    const cover = Float64Array.from(tree.cover);
    if (leftChild.length === 1 && !(cover[0] > 0 && cover[0] < Infinity)) cover[0] = 1;
    for (let node = cover.length - 1; node >= 0; node--) {
      const sum = leftChild[node] < 0 ? cover[node] : cover[leftChild[node]] + cover[rightChild[node]];
      if (!(sum > 0 && sum < Infinity && Math.abs(cover[node] - sum) <= coverTolerance * sum)) return null;
      cover[node] = sum;
    }
    settled.push({ ...tree, cover });
  }
  return settled;
}

/** Refuses an ensemble whose margin might not be finite (`not-finite`). */
export function checkMargins(ensemble: TreeEnsemble): void {
  let bound = Math.abs(ensemble.baseValue);
  for (const { leafValue } of ensemble.trees) bound += leafValue.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!Number.isFinite(bound)) refuse('not-finite', 'the leaves add up to more than a number can hold');
}

/** The names as given, or f0, f1, … where there are none. Throws `bad-format` for names used twice or another number of them, `too-large`. */
export function nameFeatures(numFeatures: number, names: readonly string[]): readonly string[] {
  if (!Number.isInteger(numFeatures) || numFeatures < 0) refuse('bad-format', `${numFeatures} is no number of features`);
  if (numFeatures > maxFeatures) refuse('too-large', `${numFeatures} features are more than ${maxFeatures}`);
  if (names.length === 0) return Array.from({ length: numFeatures }, (_, index) => `f${index}`);
  if (names.length !== numFeatures) refuse('bad-format', `${names.length} names are given to ${numFeatures} features`);
  if (new Set(names).size !== names.length) refuse('bad-format', 'a feature name is used twice');
  return names;
}

export function refuse(code: TreeEnsembleErrorCode, message: string, cause?: unknown): never {
  throw new TreeEnsembleError(code, message, cause);
}
