/**
 * Exact path-dependent SHAP values (Lundberg et al., "From local explanations to global understanding with explainable
 * AI for trees", Nature Machine Intelligence 2, 2020), in the integral form of Quadrature-TreeSHAP (arXiv 2605.04497).
 *
 * On the way to a leaf of value v, each distinct feature j has
 *   zⱼ = product of cover ratios of its edges (the share that follows them when j is unknown),
 *   oⱼ = 1 if the row satisfies all of them, else 0 (what follows them when j is known).
 * A Shapley weight is a Beta integral, |S|! (d-1-|S|)! / d! = ∫₀¹ t^|S| (1-t)^(d-1-|S|) dt, so the sum over coalitions
 * factorises inside the integral:
 *   φᵢ = v (oᵢ - zᵢ) ∫₀¹ Π_{j≠i} fⱼ(t) dt,   fⱼ(t) = zⱼ + (oⱼ - zⱼ) t.
 * The integrand has degree d - 1: Gauss–Legendre with ⌈d/2⌉ points is exact. All factors are positive, so that nothing
 * cancels and nothing is divided by zero.
 *
 * One descent per tree carries Π fⱼ at every point; the ascent carries H = Σ_leaves v Π fⱼ. An edge on feature i, whose
 * factor was f' (z', o') above it and is f (z, o) below, adds
 *   Σ_points w H · ((o - z)/f - (o' - z')/f')
 * to φᵢ: where i is met again deeper, the sum telescopes to the deepest edge, which holds the whole product.
 */
import { checkRow } from './predict.ts';
import type { Tree, TreeEnsemble } from './tree-ensemble.ts';

/** Exact SHAP values on the log-odds margin: `baseValue` + Σ `shapValues` = margin. */
export interface Attribution {
  /** Expected margin when nothing is known of the row. */
  readonly baseValue: number;
  /** One value per feature, in the order of `featureNames`. */
  readonly shapValues: Float64Array;
}

/**
 * Path-dependent SHAP values of one row: absent features follow the training rows' covers, tree by tree.
 *
 * The sum differs from `predictMargin` by rounding only (below 1e-9). Throws `row-length-differs`.
 */
export function treeShap(ensemble: TreeEnsemble, row: ArrayLike<number>): Attribution {
  checkRow(ensemble, row);
  const shapValues = new Float64Array(ensemble.featureNames.length);
  let baseValue = ensemble.baseValue;
  for (const tree of ensemble.trees) {
    const plan = planOf(tree);
    baseValue += plan.expectedValue;
    if (plan.numPoints > 0) new TreeWalk(tree, plan, row, shapValues).descend(0, 0);
  }
  return { baseValue, shapValues };
}

interface Plan {
  /** Mean leaf value, weighted by cover. */
  readonly expectedValue: number;
  /** Quadrature points, from the greatest number of distinct features on a path; 0 for a tree without a split. */
  readonly numPoints: number;
  readonly maxDepth: number;
  /** Of each node: the nearest edge above it on the same feature, named by the node it leads to; -1 if none. */
  readonly previousEdge: Int32Array;
  /** Of each node (but the root): zⱼ of the feature of the edge that leads to it. */
  readonly zeroFraction: Float64Array;
}

const plans = new WeakMap<Tree, Plan>();

/** What depends on the tree alone, computed once. */
function planOf(tree: Tree): Plan {
  const known = plans.get(tree);
  if (known !== undefined) return known;
  const numNodes = tree.leftChild.length;
  const previousEdge = new Int32Array(numNodes).fill(-1);
  const zeroFraction = new Float64Array(numNodes).fill(1);
  const parent = new Int32Array(numNodes).fill(-1);
  const reach = new Float64Array(numNodes).fill(1);
  const depth = new Int32Array(numNodes);
  const numDistinct = new Int32Array(numNodes);
  let expectedValue = 0;
  let maxDistinct = 0;
  let maxDepth = 0;
  for (let node = 0; node < numNodes; node++) {
    if (tree.leftChild[node] < 0) {
      expectedValue += reach[node] * tree.leafValue[node];
      maxDistinct = Math.max(maxDistinct, numDistinct[node]);
      maxDepth = Math.max(maxDepth, depth[node]);
      continue;
    }
    let previous = node;
    while (previous > 0 && tree.splitFeature[parent[previous]] !== tree.splitFeature[node]) previous = parent[previous];
    for (const child of [tree.leftChild[node], tree.rightChild[node]]) {
      const ratio = tree.cover[child] / tree.cover[node];
      parent[child] = node;
      depth[child] = depth[node] + 1;
      reach[child] = reach[node] * ratio;
      previousEdge[child] = previous > 0 ? previous : -1;
      zeroFraction[child] = previous > 0 ? zeroFraction[previous] * ratio : ratio;
      numDistinct[child] = numDistinct[node] + (previous > 0 ? 0 : 1);
    }
  }
  const plan = { expectedValue, numPoints: Math.ceil(maxDistinct / 2), maxDepth, previousEdge, zeroFraction };
  plans.set(tree, plan);
  return plan;
}

class TreeWalk {
  readonly #tree: Tree;
  readonly #plan: Plan;
  readonly #row: ArrayLike<number>;
  readonly #shapValues: Float64Array;
  readonly #quadrature: Quadrature;
  /** By depth and point: Π fⱼ on the way down; H on the way up, in the same places. */
  readonly #products: Float64Array;
  readonly #sums: Float64Array;
  /** Of each node on the path: oⱼ of the feature of the edge that leads to it. */
  readonly #oneFraction: Uint8Array;

  constructor(tree: Tree, plan: Plan, row: ArrayLike<number>, shapValues: Float64Array) {
    this.#tree = tree;
    this.#plan = plan;
    this.#row = row;
    this.#shapValues = shapValues;
    this.#quadrature = gaussLegendre(plan.numPoints);
    this.#products = new Float64Array((plan.maxDepth + 1) * plan.numPoints).fill(1, 0, plan.numPoints);
    this.#sums = new Float64Array((plan.maxDepth + 1) * plan.numPoints);
    this.#oneFraction = new Uint8Array(tree.leftChild.length);
  }

  /** Leaves H of `node` in `#sums` at its depth; adds its edges' parts to the SHAP values. */
  descend(node: number, depth: number): void {
    const tree = this.#tree;
    const { numPoints } = this.#plan;
    const at = depth * numPoints;
    const left = tree.leftChild[node];
    if (left < 0) {
      const value = tree.leafValue[node];
      for (let point = 0; point < numPoints; point++) this.#sums[at + point] = value * this.#products[at + point];
      return;
    }
    const value = this.#row[tree.splitFeature[node]];
    const threshold = tree.threshold[node];
    const goesLeft = value <= threshold || (value !== value && tree.defaultLeft[node] === 1);
    this.#sums.fill(0, at, at + numPoints);
    this.#follow(node, left, goesLeft ? 1 : 0, depth);
    this.#follow(node, tree.rightChild[node], goesLeft ? 0 : 1, depth);
  }

  #follow(node: number, child: number, follows: number, depth: number): void {
    const { numPoints, previousEdge, zeroFraction } = this.#plan;
    const { points, weights } = this.#quadrature;
    const at = depth * numPoints;
    const below = at + numPoints;
    const previous = previousEdge[child];
    const zero = zeroFraction[child];
    const one = previous < 0 ? follows : this.#oneFraction[previous] * follows;
    const zeroBefore = previous < 0 ? 1 : zeroFraction[previous];
    const oneBefore = previous < 0 ? 1 : this.#oneFraction[previous];
    this.#oneFraction[child] = one;
    for (let point = 0; point < numPoints; point++) {
      const factor = zero + (one - zero) * points[point];
      const factorBefore = zeroBefore + (oneBefore - zeroBefore) * points[point];
      this.#products[below + point] = (this.#products[at + point] * factor) / factorBefore;
    }
    this.descend(child, depth + 1);
    let share = 0;
    for (let point = 0; point < numPoints; point++) {
      const factor = zero + (one - zero) * points[point];
      const factorBefore = zeroBefore + (oneBefore - zeroBefore) * points[point];
      const sum = this.#sums[below + point];
      share += weights[point] * sum * ((one - zero) / factor - (oneBefore - zeroBefore) / factorBefore);
      this.#sums[at + point] += sum;
    }
    this.#shapValues[this.#tree.splitFeature[node]] += share;
  }
}

interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

const quadratures = new Map<number, Quadrature>();

/** Gauss–Legendre points and weights on [0, 1], exact for polynomials of degree 2n - 1; Newton on Legendre's Pₙ. */
function gaussLegendre(numPoints: number): Quadrature {
  const known = quadratures.get(numPoints);
  if (known !== undefined) return known;
  const points = new Float64Array(numPoints);
  const weights = new Float64Array(numPoints);
  for (let index = 0; index < numPoints; index++) {
    let x = Math.cos((Math.PI * (index + 0.75)) / (numPoints + 0.5));
    let derivative = 1;
    // Newton doubles the digits each time from Tricomi's start: eight steps are more than double precision needs.
    for (let step = 0; step < 8; step++) {
      let before = 1;
      let current = x;
      for (let degree = 2; degree <= numPoints; degree++) {
        const next = ((2 * degree - 1) * x * current - (degree - 1) * before) / degree;
        before = current;
        current = next;
      }
      derivative = (numPoints * (x * current - before)) / (x * x - 1);
      x -= current / derivative;
    }
    points[index] = (1 + x) / 2;
    weights[index] = 1 / ((1 - x * x) * derivative * derivative);
  }
  const quadrature = { points, weights };
  quadratures.set(numPoints, quadrature);
  return quadrature;
}
