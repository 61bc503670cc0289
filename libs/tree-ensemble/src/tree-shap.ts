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
  const plans = plansOf(ensemble.trees);
  const walk = new TreeWalk(plans, row, shapValues);
  let baseValue = ensemble.baseValue;
  for (const plan of plans) {
    baseValue += plan.expectedValue;
    walk.add(plan);
  }
  return { baseValue, shapValues };
}

/** What depends on the tree alone. */
interface Plan {
  readonly tree: Tree;
  /** Mean leaf value, weighted by cover. */
  readonly expectedValue: number;
  /** Quadrature points, from the greatest number of distinct features on a path; 0 for a tree without a split. */
  readonly numPoints: number;
  readonly maxDepth: number;
  /** Of each node: the nearest edge above its own on the same feature, named by the node it leads to; -1 if none. */
  readonly previousEdge: Int32Array;
  /** By node (its edge), case and point: f / f', and w · ((o - z)/f - (o' - z')/f'). */
  readonly ratios: Float64Array;
  readonly slopes: Float64Array;
}

/** What (o', o) can be along an edge: a feature that failed above cannot pass below. */
const edgeCases = [
  { oneBefore: 0, one: 0 },
  { oneBefore: 1, one: 0 },
  { oneBefore: 1, one: 1 },
] as const;
const numCases = edgeCases.length;

const knownPlans = new WeakMap<readonly Tree[], readonly Plan[]>();

function plansOf(trees: readonly Tree[]): readonly Plan[] {
  const known = knownPlans.get(trees);
  if (known !== undefined) return known;
  const plans = trees.map(planTree);
  knownPlans.set(trees, plans);
  return plans;
}

function planTree(tree: Tree): Plan {
  const numNodes = tree.leftChild.length;
  const parent = new Int32Array(numNodes).fill(-1);
  const previousEdge = new Int32Array(numNodes).fill(-1);
  const zeroFraction = new Float64Array(numNodes).fill(1);
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
      const share = tree.cover[child] / tree.cover[node];
      parent[child] = node;
      depth[child] = depth[node] + 1;
      reach[child] = reach[node] * share;
      previousEdge[child] = previous > 0 ? previous : -1;
      zeroFraction[child] = previous > 0 ? zeroFraction[previous] * share : share;
      numDistinct[child] = numDistinct[node] + (previous > 0 ? 0 : 1);
    }
  }

  const numPoints = Math.ceil(maxDistinct / 2);
  const { points, weights } = gaussLegendre(numPoints);
  const ratios = new Float64Array(numNodes * numCases * numPoints);
  const slopes = new Float64Array(numNodes * numCases * numPoints);
  for (let node = 1; node < numNodes; node++) {
    const zero = zeroFraction[node];
    const zeroBefore = previousEdge[node] < 0 ? 1 : zeroFraction[previousEdge[node]];
    edgeCases.forEach(({ oneBefore, one }, edgeCase) => {
      for (let point = 0; point < numPoints; point++) {
        const factor = zero + (one - zero) * points[point];
        const factorBefore = zeroBefore + (oneBefore - zeroBefore) * points[point];
        const at = (node * numCases + edgeCase) * numPoints + point;
        ratios[at] = factor / factorBefore;
        slopes[at] = weights[point] * ((one - zero) / factor - (oneBefore - zeroBefore) / factorBefore);
      }
    });
  }
  return { tree, expectedValue, numPoints, maxDepth, previousEdge, ratios, slopes };
}

/** Walks trees for one row, in buffers wide enough for the widest of them. */
class TreeWalk {
  readonly #row: ArrayLike<number>;
  readonly #shapValues: Float64Array;
  /** By depth and point: Π fⱼ on the way down. */
  readonly #products: Float64Array;
  /** By depth and point: H on the way up. */
  readonly #sums: Float64Array;
  /** Of each node on the path: oⱼ of the feature of the edge that leads to it. */
  readonly #oneFraction: Uint8Array;

  constructor(plans: readonly Plan[], row: ArrayLike<number>, shapValues: Float64Array) {
    const widest = plans.reduce((width, plan) => Math.max(width, (plan.maxDepth + 1) * plan.numPoints), 0);
    const largest = plans.reduce((size, plan) => Math.max(size, plan.previousEdge.length), 0);
    this.#row = row;
    this.#shapValues = shapValues;
    this.#products = new Float64Array(widest);
    this.#sums = new Float64Array(widest);
    this.#oneFraction = new Uint8Array(largest);
  }

  /** Adds one tree's part to the SHAP values. */
  add(plan: Plan): void {
    if (plan.numPoints === 0) return;
    this.#products.fill(1, 0, plan.numPoints);
    this.#descend(plan, 0, 0);
  }

  /** Leaves H of `node` in `#sums`, at its depth. */
  #descend(plan: Plan, node: number, at: number): void {
    const { tree, numPoints } = plan;
    const left = tree.leftChild[node];
    if (left < 0) {
      const leafValue = tree.leafValue[node];
      for (let point = at; point < at + numPoints; point++) this.#sums[point] = leafValue * this.#products[point];
      return;
    }
    const value = this.#row[tree.splitFeature[node]];
    const goesLeft = value <= tree.threshold[node] || (value !== value && tree.defaultLeft[node] === 1);
    for (let point = at; point < at + numPoints; point++) this.#sums[point] = 0;
    this.#follow(plan, node, left, goesLeft ? 1 : 0, at);
    this.#follow(plan, node, tree.rightChild[node], goesLeft ? 0 : 1, at);
  }

  #follow(plan: Plan, node: number, child: number, passes: number, at: number): void {
    const { numPoints, previousEdge, ratios, slopes } = plan;
    const products = this.#products;
    const sums = this.#sums;
    const below = at + numPoints;
    const previous = previousEdge[child];
    const oneBefore = previous < 0 ? 1 : this.#oneFraction[previous];
    const one = oneBefore * passes;
    this.#oneFraction[child] = one;
    const table = (child * numCases + oneBefore + one) * numPoints;
    for (let point = 0; point < numPoints; point++) products[below + point] = products[at + point] * ratios[table + point];
    this.#descend(plan, child, below);
    let share = 0;
    for (let point = 0; point < numPoints; point++) {
      const sum = sums[below + point];
      share += sum * slopes[table + point];
      sums[at + point] += sum;
    }
    this.#shapValues[plan.tree.splitFeature[node]] += share;
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
