import { TreeEnsembleError } from '../errors.ts';
import type { Tree } from '../tree-ensemble.ts';

/** More on one path are refused: the kernel counts a path's tests in bytes. */
export const maxPathFeatures = 255;

/** What one or more splits ask of a value. */
export interface Condition {
  readonly feature: number;
  readonly threshold: number;
  readonly isDefaultLeft: boolean;
  /** As `Tree.categories`; null where the threshold decides. */
  readonly categories: Uint32Array | null;
}

/** All that a path asks of one feature; passed where every edge is taken. */
export interface PathTest {
  readonly feature: number;
  readonly edges: readonly Edge[];
}

export interface Edge {
  /** Index into the conditions. */
  readonly condition: number;
  readonly isLeft: boolean;
}

/** A tree's way to each of its nodes: of each node its distinct features in the order in which the path meets them. */
export interface TreePaths {
  readonly tree: Tree;
  readonly tests: readonly (readonly PathTest[])[];
  /** Of each split, its condition; -1 at leaves. */
  readonly condition: Int32Array;
}

/** The distinct conditions of all splits: those on thresholds first, feature by feature. */
export interface Conditions {
  readonly conditions: readonly Condition[];
  readonly numNumeric: number;
  /** By tree and node: index into `conditions`; -1 at leaves. */
  readonly ofNodes: readonly Int32Array[];
}

export function listConditions(trees: readonly Tree[]): Conditions {
  const numbers = new Map<string, number>();
  const found: Condition[] = [];
  const ofNodes = trees.map((tree) =>
    tree.splitFeature.map((feature, node) => {
      if (feature < 0) return -1;
      const categories = tree.categories?.[node] ?? null;
      const threshold = categories === null ? tree.threshold[node] : 0;
      const key = `${feature} ${tree.defaultLeft[node]} ${categories === null ? threshold : `in ${categories.join()}`}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, found.length);
      return found.push({ feature, threshold, isDefaultLeft: tree.defaultLeft[node] === 1, categories }) - 1;
    }),
  );
  const order = found.map((_, index) => index).sort((a, b) => rank(found[a]) - rank(found[b]) || a - b);
  const places = new Int32Array(found.length);
  order.forEach((index, place) => (places[index] = place));
  return {
    conditions: order.map((index) => found[index]),
    numNumeric: found.filter(({ categories }) => categories === null).length,
    ofNodes: ofNodes.map((conditions) => conditions.map((condition) => (condition < 0 ? -1 : places[condition]))),
  };
}

function rank({ feature, categories }: Condition): number {
  return categories === null ? feature : Infinity;
}

/** Throws `path-too-wide`. */
export function followPaths(tree: Tree, condition: Int32Array, conditions: readonly Condition[]): TreePaths {
  const tests: (readonly PathTest[])[] = Array.from({ length: condition.length }, () => []);
  for (let node = 0; node < condition.length; node++) {
    if (condition[node] < 0) continue;
    tests[tree.leftChild[node]] = narrow(tests[node], { condition: condition[node], isLeft: true }, conditions);
    tests[tree.rightChild[node]] = narrow(tests[node], { condition: condition[node], isLeft: false }, conditions);
  }
  return { tree, tests, condition };
}

function narrow(path: readonly PathTest[], edge: Edge, conditions: readonly Condition[]): readonly PathTest[] {
  const { feature } = conditions[edge.condition];
  const position = path.findIndex((test) => test.feature === feature);
  if (position < 0) {
    if (path.length === maxPathFeatures) {
      throw new TreeEnsembleError('path-too-wide', `a path has more than ${maxPathFeatures} distinct features, which cannot be explained`);
    }
    return [...path, { feature, edges: [edge] }];
  }
  const { edges } = path[position];
  const isImplied = edges.some((other) => implies(other, edge, conditions));
  const kept = isImplied ? edges : [...edges.filter((other) => !implies(edge, other, conditions)), edge];
  return path.with(position, { feature, edges: kept });
}

/** Whether every value that takes `a` takes `b`: so that a path which narrows one feature a thousand times keeps a few edges. */
function implies(a: Edge, b: Edge, conditions: readonly Condition[]): boolean {
  if (a.isLeft !== b.isLeft) return false;
  if (a.condition === b.condition) return true;
  const [from, to] = [conditions[a.condition], conditions[b.condition]];
  if (from.categories !== null || to.categories !== null) return false;
  const isTighter = a.isLeft ? from.threshold <= to.threshold : from.threshold >= to.threshold;
  const isMissingTaken = from.isDefaultLeft === a.isLeft && to.isDefaultLeft !== b.isLeft;
  return isTighter && !isMissingTaken;
}
