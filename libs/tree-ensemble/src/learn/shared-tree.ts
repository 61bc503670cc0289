import type { TrainingMemory } from './training-memory.ts';
import type { Tree } from '../tree-ensemble.ts';

/** Where the arrays of a tree of at most so many nodes stand, from the start of the region; the last ones are the category sets. */
function placesOf(maxNodes: number): Record<'threshold' | 'leafValue' | 'left' | 'right' | 'feature' | 'hasSet' | 'defaultLeft' | 'sets', number> {
  return {
    threshold: 0,
    leafValue: maxNodes * 8,
    left: maxNodes * 16,
    right: maxNodes * 20,
    feature: maxNodes * 24,
    hasSet: maxNodes * 28,
    defaultLeft: maxNodes * 32,
    sets: maxNodes * 36 + (maxNodes % 2) * 4,
  };
}

/** Where the doubles of the tree's leaves stand, by node. */
export function leafValuesAddress({ layout, shape }: TrainingMemory): number {
  return layout.tree + placesOf(2 * shape.maxLeaves - 1).leafValue;
}

/** Leaves a tree for all members to walk. */
export function writeTree(shared: TrainingMemory, tree: Tree): void {
  const { layout, shape, words, unsigned, doubles, bytes } = shared;
  const places = placesOf(2 * shape.maxLeaves - 1);
  const numNodes = tree.leftChild.length;
  doubles.set(tree.threshold, (layout.tree + places.threshold) / 8);
  doubles.set(tree.leafValue, (layout.tree + places.leafValue) / 8);
  words.set(tree.leftChild, (layout.tree + places.left) >>> 2);
  words.set(tree.rightChild, (layout.tree + places.right) >>> 2);
  words.set(tree.splitFeature, (layout.tree + places.feature) >>> 2);
  bytes.set(tree.defaultLeft, layout.tree + places.defaultLeft);
  for (let node = 0; node < numNodes; node++) {
    const set = tree.categories?.[node] ?? null;
    words[((layout.tree + places.hasSet) >>> 2) + node] = set === null ? 0 : set.length;
    if (set !== null) unsigned.set(set, ((layout.tree + places.sets) >>> 2) + node * shape.wordsPerCategorySet);
  }
}

/** The tree, over the shared memory itself; covers are not kept. */
export function readTree(shared: TrainingMemory): Tree {
  const { layout, shape } = shared;
  const maxNodes = 2 * shape.maxLeaves - 1;
  const places = placesOf(maxNodes);
  const tree: Tree = {
    leftChild: shared.wordsAt(layout.tree + places.left, maxNodes),
    rightChild: shared.wordsAt(layout.tree + places.right, maxNodes),
    splitFeature: shared.wordsAt(layout.tree + places.feature, maxNodes),
    threshold: shared.doublesAt(layout.tree + places.threshold, maxNodes),
    defaultLeft: shared.bytesAt(layout.tree + places.defaultLeft, maxNodes),
    leafValue: shared.doublesAt(layout.tree + places.leafValue, maxNodes),
    cover: new Float64Array(0),
  };
  if (shape.wordsPerCategorySet === 0) return tree;
  const lengths = shared.wordsAt(layout.tree + places.hasSet, maxNodes);
  const categories = Array.from({ length: maxNodes }, (_, node) => {
    const at = ((layout.tree + places.sets) >>> 2) + node * shape.wordsPerCategorySet;
    return lengths[node] === 0 ? null : shared.unsigned.subarray(at, at + lengths[node]);
  });
  return { ...tree, categories };
}
