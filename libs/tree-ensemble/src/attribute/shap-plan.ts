/**
 * What path-dependent SHAP values of any row need of the trees, worked out once.
 *
 * **The game.** Let each feature be known with probability t, independently. A split's branches have shares z of its cover (z_left +
 * z_right = 1); `hot` is the branch that the row follows. Who comes to the split goes to the hot branch with probability
 *   h(t) = z_hot + z_cold τ,
 * where τ is the probability that the feature is known given that the split was reached: t where the path has not met it above. The
 * expectation at the split is G(t) = G_cold + h (G_hot - G_cold). That is the multilinear extension of the tree game on its diagonal, and
 * Shapley's value is the integral over [0, 1] of its derivative towards a feature (Owen, "Multilinear extensions of games", 1972; on
 * trees: Quadrature-TreeSHAP, arXiv 2605.04497):
 *   φ_i = ∫ Σ_{splits on i} P κ z_cold (G_hot - G_cold) dt,
 * with P(t) the probability of reaching the split, P_hot = h P and P_cold = P - P_hot; κ = 1 at a first meeting.
 *
 * **A feature met again.** Above, the row has passed edges of that feature whose shares multiply to z'. The split is reached because the
 * feature is known (t) or by chance (z' (1 - t)): with f = t + z' (1 - t), τ = t / f and κ = z' / f². Where the row has failed one of
 * those edges, nobody who knows the feature comes here: τ = κ = 0.
 *
 * **Interactions.** The index of two features is the integral of the second derivative, and the part of a split on i towards j is what it
 * adds to φ_i times ρ = (o - z) / f of the nearest edge above on j, with o = 1 where the row passes it and the earlier ones on j, else
 * 0, z what the shares of all of them multiply to, f = o t + z (1 - t). Each of (i, j) and (j, i) gets half of it, as in shap.
 *
 * **The integral.** Along a path with d distinct features the integrand has degree d - 1, so that ⌈d/2⌉ Gauss–Legendre points are exact
 * (`countPoints`). P carries the weights (Q = w P): a split costs eleven operations a point, with no division and no depth in them.
 *
 * **Values become cells.** A split compares one cell of the row with its threshold: `cell <= threshold` goes left. A feature's cell is
 * its value, or its value with -∞ for NaN where missing values go left, or 0/1 for a set of categories.
 */
import { countPoints } from './gauss-legendre.ts';
import { isInCategories } from '../predict.ts';
import type { Tree, TreeEnsemble } from '../tree-ensemble.ts';

/** One split; its number is its place in `PlannedTree.splits`. */
export interface PlannedSplit {
  readonly feature: number;
  /** Which of the row's cells is compared. */
  readonly cell: number;
  readonly threshold: number;
  readonly leftShare: number;
  readonly rightShare: number;
  /** Slots: below `splits.length` the number of a split, else `splits.length` + the number of a leaf in `leafValues`. */
  readonly left: number;
  readonly right: number;
  /** The nearest edge above on the same feature: twice its split's number, plus 1 on the right; -1 if none. */
  readonly previousEdge: number;
  /** z': what the shares of all edges above on the same feature multiply to; 1 if none. */
  readonly shareBefore: number;
  /** The edge that leads to this split; -1 at the root. */
  readonly parentEdge: number;
}

/** A tree of at least one split. */
export interface PlannedTree {
  /** Even. */
  readonly numPoints: number;
  /** Inner splits (a split beneath them), level by level, then last splits, whose branches both are leaves. */
  readonly splits: readonly PlannedSplit[];
  readonly numInner: number;
  /** Leaves beneath inner splits, then those beneath last splits, left before right. */
  readonly leafValues: readonly number[];
}

export interface RowCell {
  readonly feature: number;
  /** Whether NaN reads as -∞, which is at most any threshold. */
  readonly isMissingLeft: boolean;
  /** Where the cell is 0 for a value of this set, else 1. */
  readonly categories: Uint32Array | null;
}

export interface ShapPlan {
  readonly numFeatures: number;
  /** Expected margin when nothing is known of the row. */
  readonly baseValue: number;
  readonly cells: readonly RowCell[];
  /** Trees without a split change the base value alone. */
  readonly trees: readonly PlannedTree[];
}

/** Between the cells 0 and 1 of a set of categories. */
const categoryThreshold = 0.5;

/** Plans every tree of the ensemble. */
export function planShap(ensemble: TreeEnsemble): ShapPlan {
  const cells = new CellList(ensemble.featureNames.length);
  const trees: PlannedTree[] = [];
  let baseValue = ensemble.baseValue;
  for (const tree of ensemble.trees) {
    const { plan, expectedValue } = planTree(tree, ensemble.featureNames.length, cells);
    baseValue += expectedValue;
    if (plan !== null) trees.push(plan);
  }
  return { numFeatures: ensemble.featureNames.length, baseValue, cells: cells.cells, trees };
}

/** What the shares of an edge and of all earlier ones on its feature multiply to. */
const shareThrough = ({ shareBefore, leftShare, rightShare }: PlannedSplit, edge: number): number =>
  shareBefore * (edge % 2 === 1 ? rightShare : leftShare);

/**
 * ρ at the quadrature points, of an edge on some feature: how P changes with that feature's own probability of being known, relative to
 * P, where the row passes the edge and all earlier ones on its feature; else it is -1 / (1 - t).
 */
export function edgeTable(splits: readonly PlannedSplit[], edge: number, points: Float64Array): Float64Array {
  const share = shareThrough(splits[edge >> 1], edge);
  return points.map((point) => (1 - share) / (point + share * (1 - point)));
}

export const failingEdgeTable = (points: Float64Array): Float64Array => points.map((point) => -1 / (1 - point));

/** The nearest edge above a split on each feature other than its own, from below. */
export function otherEdges(splits: readonly PlannedSplit[], number: number): readonly number[] {
  const met = new Set([splits[number].feature]);
  const edges: number[] = [];
  for (let edge = splits[number].parentEdge; edge >= 0; edge = splits[edge >> 1].parentEdge) {
    const { feature } = splits[edge >> 1];
    if (met.has(feature)) continue;
    met.add(feature);
    edges.push(edge);
  }
  return edges;
}

/** Whether no edge above is on the split's feature: its table is then the points and ones. */
export const isFirstMeeting = (split: PlannedSplit): boolean => split.previousEdge < 0;

/** τ and κ at the quadrature points, where the row passes all earlier edges on the split's feature. */
export function tableOf(split: PlannedSplit, points: Float64Array): { readonly known: Float64Array; readonly weight: Float64Array } {
  const { shareBefore } = split;
  if (isFirstMeeting(split)) return { known: points, weight: new Float64Array(points.length).fill(1) };
  const reach = points.map((point) => point + shareBefore * (1 - point));
  return { known: points.map((point, index) => point / reach[index]), weight: reach.map((factor) => shareBefore / (factor * factor)) };
}

/** Expected margin when nothing is known of the row: the base value that path-dependent SHAP values start from. */
export function expectedMargin({ baseValue, featureNames, trees }: TreeEnsemble): number {
  return trees.reduce((sum, tree) => sum + placeNodes(tree, featureNames.length).expectedValue, baseValue);
}

/** Writes a row's cells, `offset` numbers into `into`. */
export function fillCells(cells: readonly RowCell[], values: ArrayLike<number>, from: number, into: Float64Array, offset: number): void {
  for (let index = 0; index < cells.length; index++) {
    const { feature, isMissingLeft, categories } = cells[index];
    const value = values[from + feature];
    if (value !== value) into[offset + index] = isMissingLeft ? -Infinity : Number.NaN;
    else into[offset + index] = categories === null ? value : isInCategories(categories, value) ? 0 : 1;
  }
}

/** Cells in order of first use, each once. */
class CellList {
  readonly cells: RowCell[] = [];
  /** By feature, doubled, plus 1 where missing values go left; -1 before the first use. */
  readonly #ofValues: Int32Array;
  readonly #ofCategories = new Map<string, number>();

  constructor(numFeatures: number) {
    this.#ofValues = new Int32Array(2 * numFeatures).fill(-1);
  }

  find(tree: Tree, node: number): number {
    const feature = tree.splitFeature[node];
    const isMissingLeft = tree.defaultLeft[node] === 1;
    const categories = tree.categories?.[node] ?? null;
    const place = 2 * feature + (isMissingLeft ? 1 : 0);
    if (categories === null) {
      if (this.#ofValues[place] < 0) this.#ofValues[place] = this.cells.push({ feature, isMissingLeft, categories }) - 1;
      return this.#ofValues[place];
    }
    const key = `${place} ${categories.join()}`;
    const known = this.#ofCategories.get(key);
    if (known !== undefined) return known;
    this.#ofCategories.set(key, this.cells.length);
    return this.cells.push({ feature, isMissingLeft, categories }) - 1;
  }
}

/** A place in the tree, as seen by its node's number. */
interface Places {
  /** Of each node its parent; -1 at the root. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** Of each split the nearest node above whose parent splits on the same feature (the end of that edge); -1 if none. */
  readonly previous: Int32Array;
  /** Of each node what the shares of its edge and all earlier ones on the same feature multiply to. */
  readonly share: Float64Array;
  readonly expectedValue: number;
  /** Greatest number of distinct features on a path. */
  readonly mostFeatures: number;
}

/** Of the rows of a node, the share that goes to this child. Of both children's covers: some files round the parent's. */
function shareOf({ cover, leftChild, rightChild }: Tree, node: number, child: number): number {
  return cover[child] / (cover[leftChild[node]] + cover[rightChild[node]]);
}

function placeNodes(tree: Tree, numFeatures: number): Places {
  const { leftChild, rightChild, splitFeature, leafValue } = tree;
  const numNodes = leftChild.length;
  const parent = new Int32Array(numNodes).fill(-1);
  const depth = new Int32Array(numNodes);
  const previous = new Int32Array(numNodes).fill(-1);
  const share = new Float64Array(numNodes).fill(1);
  const reach = new Float64Array(numNodes).fill(1);
  const numDistinct = new Int32Array(numNodes);
  /** Of each feature the end of its last edge on the path that is being walked. */
  const lastEdge = new Int32Array(numFeatures).fill(-1);
  let expectedValue = 0;
  let mostFeatures = 0;
  // Depth first, without recursion: a path may be longer than the call stack. `~node` is the way back over the node's edge.
  const ahead = [0];
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    if (node < 0) {
      lastEdge[splitFeature[parent[~node]]] = previous[parent[~node]];
      continue;
    }
    if (node > 0) {
      const from = parent[node];
      const above = previous[from];
      const ownShare = shareOf(tree, from, node);
      depth[node] = depth[from] + 1;
      reach[node] = reach[from] * ownShare;
      share[node] = above > 0 ? share[above] * ownShare : ownShare;
      numDistinct[node] = numDistinct[from] + (above > 0 ? 0 : 1);
      lastEdge[splitFeature[from]] = node;
      ahead.push(~node);
    }
    if (leftChild[node] < 0) {
      expectedValue += reach[node] * leafValue[node];
      mostFeatures = Math.max(mostFeatures, numDistinct[node]);
      continue;
    }
    previous[node] = lastEdge[splitFeature[node]];
    for (const child of [rightChild[node], leftChild[node]]) {
      parent[child] = node;
      ahead.push(child);
    }
  }
  return { parent, depth, previous, share, expectedValue, mostFeatures };
}

function planTree(tree: Tree, numFeatures: number, cells: CellList): { readonly plan: PlannedTree | null; readonly expectedValue: number } {
  const { parent, depth, previous, share, expectedValue, mostFeatures } = placeNodes(tree, numFeatures);
  if (mostFeatures === 0) return { plan: null, expectedValue };
  const { leftChild, rightChild, splitFeature } = tree;
  const isLeaf = (node: number): boolean => leftChild[node] < 0;
  const isLast = (node: number): boolean => isLeaf(leftChild[node]) && isLeaf(rightChild[node]);
  const splitNodes = Array.from(leftChild.keys()).filter((node) => !isLeaf(node));
  // Level by level, neighbours do not wait for one another.
  const inner = splitNodes.filter((node) => !isLast(node)).sort((a, b) => depth[a] - depth[b] || a - b);
  const ordered = [...inner, ...splitNodes.filter(isLast)];

  const slotOf = new Int32Array(leftChild.length);
  ordered.forEach((node, slot) => (slotOf[node] = slot));
  const leaves = ordered.flatMap((node) => [leftChild[node], rightChild[node]].filter(isLeaf));
  leaves.forEach((node, index) => (slotOf[node] = ordered.length + index));
  const edgeTo = (node: number): number => (node > 0 ? 2 * slotOf[parent[node]] + (rightChild[parent[node]] === node ? 1 : 0) : -1);

  const splits = ordered.map((node): PlannedSplit => {
    const [left, right] = [leftChild[node], rightChild[node]];
    return {
      feature: splitFeature[node],
      cell: cells.find(tree, node),
      threshold: (tree.categories?.[node] ?? null) === null ? tree.threshold[node] : categoryThreshold,
      leftShare: shareOf(tree, node, left),
      rightShare: shareOf(tree, node, right),
      left: slotOf[left],
      right: slotOf[right],
      parentEdge: edgeTo(node),
      previousEdge: edgeTo(previous[node]),
      shareBefore: previous[node] > 0 ? share[previous[node]] : 1,
    };
  });
  const plan = { numPoints: countPoints(mostFeatures), splits, numInner: inner.length, leafValues: leaves.map((node) => tree.leafValue[node]) };
  return { plan, expectedValue };
}
