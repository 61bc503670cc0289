import { TreeEnsembleError, type TreeEnsembleErrorCode } from '../errors.ts';
import { maxDepth, maxFeatures, maxNodes, maxNodesOfTree, maxTrees, maxWordsOfSet } from '../limits.ts';
import { checkMargins } from './readers/assembly.ts';
import type { Tree, TreeEnsemble } from '../tree-ensemble.ts';

const format = 'lisible-trees';
// Version 1 knows no category splits; a file without them is written as it always was, and older readers take it.
const versionOfThresholds = 1;
const versionOfCategories = 2;
// Covers are counts (or sums of weights): children must add up to their parent but for rounding.
const coverTolerance = 1e-6;

/**
 * The ensemble as JSON text, exact to the bit: numbers are written in their shortest form that reads back the same,
 * infinite thresholds as the texts "Infinity" and "-Infinity", category sets as the words of their bitsets.
 */
export function serialiseTrees(ensemble: TreeEnsemble): string {
  return JSON.stringify({
    format,
    version: ensemble.trees.some(hasCategories) ? versionOfCategories : versionOfThresholds,
    featureNames: ensemble.featureNames,
    baseValue: ensemble.baseValue,
    trees: ensemble.trees.map((tree) => ({
      leftChild: Array.from(tree.leftChild),
      rightChild: Array.from(tree.rightChild),
      splitFeature: Array.from(tree.splitFeature),
      threshold: Array.from(tree.threshold, (value) => (Number.isFinite(value) ? value : String(value))),
      defaultLeft: Array.from(tree.defaultLeft),
      leafValue: Array.from(tree.leafValue),
      cover: Array.from(tree.cover),
      ...(tree.categories !== undefined &&
        hasCategories(tree) && { categories: tree.categories.map((words) => (words === null ? null : Array.from(words))) }),
    })),
  });
}

function hasCategories(tree: Tree): boolean {
  return tree.categories !== undefined && tree.categories.some((words) => words !== null);
}

/**
 * Reads what `serialiseTrees` wrote, trusting nothing: every tree is proven to be a tree over the named features.
 *
 * Throws TreeEnsembleError: `not-json`, `bad-format`, `unsupported-version`, `too-large`, `arrays-differ`,
 * `index-out-of-range`, `cycle`, `not-finite`, `bad-cover`, `bad-categories`.
 */
export function parseTrees(text: string): TreeEnsemble {
  const file = parseJson(text);
  if (!isRecord(file) || file['format'] !== format) refuse('bad-format', `the text is not of format ${format}`);
  const version = file['version'];
  if (version !== versionOfThresholds && version !== versionOfCategories) {
    refuse('unsupported-version', `only versions ${versionOfThresholds} and ${versionOfCategories} of ${format} can be read`);
  }
  const featureNames = readFeatureNames(file['featureNames']);
  const baseValue = file['baseValue'];
  if (typeof baseValue !== 'number') refuse('bad-format', 'baseValue is not a number');
  if (!Number.isFinite(baseValue)) refuse('not-finite', 'baseValue is not finite');
  const trees = file['trees'];
  if (!Array.isArray(trees)) refuse('bad-format', 'trees is not a list');
  if (trees.length > maxTrees) refuse('too-large', `${trees.length} trees are more than ${maxTrees}`);
  let numNodes = 0;
  const ensemble = {
    featureNames,
    baseValue,
    trees: trees.map((value: unknown, index) => {
      const tree = readTree(value, index, featureNames.length, version);
      numNodes += tree.leftChild.length;
      if (numNodes > maxNodes) refuse('too-large', `the trees have more than ${maxNodes} nodes`);
      return tree;
    }),
  };
  checkMargins(ensemble);
  return ensemble;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TreeEnsembleError('not-json', 'the text is not JSON', cause);
  }
}

function readFeatureNames(value: unknown): readonly string[] {
  if (!Array.isArray(value)) refuse('bad-format', 'featureNames is not a list');
  if (value.length > maxFeatures) refuse('too-large', `${value.length} features are more than ${maxFeatures}`);
  const names = value.map((name: unknown, index) => {
    if (typeof name !== 'string') refuse('bad-format', `feature name ${index} is not a text`);
    return name;
  });
  if (new Set(names).size !== names.length) refuse('bad-format', 'a feature name is used twice');
  return names;
}

function readTree(value: unknown, index: number, numFeatures: number, version: number): Tree {
  const place = `tree ${index}`;
  if (!isRecord(value)) refuse('bad-format', `${place} is not an object`);
  const leftChild = readNumbers(value, 'leftChild', place);
  const numNodes = leftChild.length;
  if (numNodes === 0) refuse('bad-format', `${place} has no node`);
  if (numNodes > maxNodesOfTree) refuse('too-large', `${place} has ${numNodes} nodes, more than ${maxNodesOfTree}`);
  const read = (name: string): readonly number[] => {
    const numbers = readNumbers(value, name, place);
    if (numbers.length !== numNodes) refuse('arrays-differ', `${place}: ${name} has ${numbers.length} entries for ${numNodes} nodes`);
    return numbers;
  };
  const rightChild = read('rightChild');
  const splitFeature = read('splitFeature');
  const threshold = read('threshold');
  const defaultLeft = read('defaultLeft');
  const leafValue = read('leafValue');
  const cover = read('cover');
  const categories = value['categories'] === undefined ? null : readCategories(value['categories'], place, splitFeature);
  if (categories !== null && version === versionOfThresholds) refuse('bad-format', `${place}: version ${version} has no categories`);

  const hasParent = new Uint8Array(numNodes);
  const depths = new Uint16Array(numNodes);
  for (let node = 0; node < numNodes; node++) {
    const where = `${place}, node ${node}`;
    const children = [leftChild[node], rightChild[node]];
    if (!Number.isFinite(leafValue[node])) refuse('not-finite', `${where}: leafValue is not finite`);
    if (!Number.isFinite(cover[node])) refuse('not-finite', `${where}: cover is not finite`);
    if (cover[node] <= 0) refuse('bad-cover', `${where}: cover is not positive`);
    if (defaultLeft[node] !== 0 && defaultLeft[node] !== 1) refuse('bad-format', `${where}: defaultLeft is neither 0 nor 1`);
    if (threshold[node] !== threshold[node]) refuse('not-finite', `${where}: threshold is not a number`);
    if (children[0] === -1 || children[1] === -1 || splitFeature[node] === -1) {
      if (children[0] !== children[1] || splitFeature[node] !== -1) refuse('bad-format', `${where} is half a leaf`);
      continue;
    }
    checkIndex(splitFeature[node], numFeatures, `${where}: splitFeature`);
    for (const child of children) {
      checkIndex(child, numNodes, `${where}: child`);
      // Parents stand before their children, and a node has one parent: nothing can be walked twice or for ever.
      if (child <= node || hasParent[child] === 1) refuse('cycle', `${where}: child ${child} is above it or has two parents`);
      hasParent[child] = 1;
      depths[child] = depths[node] + 1;
      if (depths[child] > maxDepth) refuse('too-large', `${where} lies deeper than ${maxDepth} splits`);
    }
    const ofChildren = cover[children[0]] + cover[children[1]];
    if (!(Math.abs(ofChildren - cover[node]) <= coverTolerance * cover[node])) {
      refuse('bad-cover', `${where}: the children's covers do not add up to its own`);
    }
  }
  const orphan = hasParent.indexOf(0, 1);
  if (orphan > 0) refuse('bad-format', `${place}, node ${orphan} has no parent`);
  return {
    leftChild: Int32Array.from(leftChild),
    rightChild: Int32Array.from(rightChild),
    splitFeature: Int32Array.from(splitFeature),
    threshold: Float64Array.from(threshold),
    defaultLeft: Uint8Array.from(defaultLeft),
    leafValue: Float64Array.from(leafValue),
    cover: Float64Array.from(cover),
    ...(categories !== null && categories.some((words) => words !== null) && { categories }),
  };
}

function readCategories(value: unknown, place: string, splitFeature: readonly number[]): readonly (Uint32Array | null)[] {
  if (!Array.isArray(value)) refuse('bad-categories', `${place}: categories is not a list`);
  if (value.length !== splitFeature.length) {
    refuse('arrays-differ', `${place}: categories has ${value.length} entries for ${splitFeature.length} nodes`);
  }
  return value.map((words: unknown, node) => {
    if (words === null) return null;
    const where = `${place}, node ${node}`;
    if (!Array.isArray(words)) refuse('bad-categories', `${where}: the categories are not a list`);
    if (words.length > maxWordsOfSet) refuse('too-large', `${where}: a set of ${words.length} words, more than ${maxWordsOfSet}`);
    if (splitFeature[node] === -1) refuse('bad-categories', `${where}: a leaf has categories`);
    return Uint32Array.from(words, (word: unknown) => {
      if (typeof word !== 'number' || word >>> 0 !== word) refuse('bad-categories', `${where}: a word of the set is no 32-bit number`);
      return word;
    });
  });
}

function readNumbers(tree: Record<string, unknown>, name: string, place: string): readonly number[] {
  const values = tree[name];
  if (!Array.isArray(values)) refuse('bad-format', `${place}: ${name} is not a list`);
  return values.map((value: unknown) => {
    if (typeof value === 'number') return value;
    if (name === 'threshold' && value === 'Infinity') return Infinity;
    if (name === 'threshold' && value === '-Infinity') return -Infinity;
    return refuse('bad-format', `${place}: ${name} holds something that is not a number`);
  });
}

function checkIndex(index: number, length: number, what: string): void {
  if (!Number.isInteger(index) || index < 0 || index >= length) {
    refuse('index-out-of-range', `${what} ${index} is not one of ${length}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(code: TreeEnsembleErrorCode, message: string): never {
  throw new TreeEnsembleError(code, message);
}
