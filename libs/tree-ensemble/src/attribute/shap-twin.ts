/**
 * What `kernels/tree-shap.kernel.ts` computes, in plain TypeScript and in the same order of operations: the two give the same bits.
 *
 * The formulas are those of `shap-plan.ts`. Sums have two lanes, for even and odd points, because a kernel's vector holds two numbers.
 */
import { gaussLegendre } from './gauss-legendre.ts';
import { edgeTable, failingEdgeTable, fillCells, otherEdges, tableOf, type PlannedTree, type ShapPlan } from './shap-plan.ts';

/** SHAP values of one row. */
export function explainTwin(plan: ShapPlan, row: ArrayLike<number>): Float64Array {
  return walkTwin(plan, row).shapValues;
}

/** SHAP interaction values of one row, features × features. */
export function interactionsTwin(plan: ShapPlan, row: ArrayLike<number>): Float64Array {
  const { numFeatures } = plan;
  const { shapValues, pairs } = walkTwin(plan, row);
  for (let first = 0; first < numFeatures; first++) {
    for (let second = first + 1; second < numFeatures; second++) {
      const half = pairs[first * numFeatures + second] / 2;
      pairs[first * numFeatures + second] = half;
      pairs[second * numFeatures + first] = half;
      shapValues[first] -= half;
      shapValues[second] -= half;
    }
  }
  shapValues.forEach((value, feature) => (pairs[feature * (numFeatures + 1)] = value));
  return pairs;
}

interface Sums {
  /** By feature: what even and what odd points add to its value. */
  readonly lanes: Float64Array;
  /** Features × features, of which the half is used whose first feature is less than the second. */
  readonly pairs: Float64Array;
}

function walkTwin(plan: ShapPlan, row: ArrayLike<number>): { readonly shapValues: Float64Array; readonly pairs: Float64Array } {
  const { numFeatures } = plan;
  const cells = new Float64Array(plan.cells.length);
  fillCells(plan.cells, row, 0, cells, 0);
  const lanes = new Float64Array(2 * numFeatures);
  const pairs = new Float64Array(numFeatures ** 2);
  // Trees are added by their number of points, else as they stand.
  for (const tree of plan.trees.toSorted((a, b) => a.numPoints - b.numPoints)) addTree(tree, cells, { lanes, pairs });
  const shapValues = Float64Array.from({ length: numFeatures }, (_, feature) => lanes[2 * feature] + lanes[2 * feature + 1]);
  return { shapValues, pairs };
}

function addTree({ splits, numInner, numPoints, leafValues }: PlannedTree, cells: Float64Array, { lanes, pairs }: Sums): void {
  const numFeatures = lanes.length / 2;
  const { points, weights } = gaussLegendre(numPoints);
  /** By slot and point: Q on the way down, G on the way up. */
  const slots = new Float64Array((splits.length + leafValues.length) * numPoints);
  /** By split and point: what it adds to its feature's value. */
  const parts = new Float64Array(splits.length * numPoints);
  /** By edge: whether the row passes it and all earlier ones on the same feature. */
  const passes = new Uint8Array(2 * splits.length);
  const walked = splits.map((split, number) => {
    const isMet = split.previousEdge < 0 || passes[split.previousEdge] === 1;
    // Where the feature has failed above, either branch may be called the one that is followed.
    const isRight = isMet && !(cells[split.cell] <= split.threshold);
    passes[2 * number + (isRight ? 1 : 0)] = isMet ? 1 : 0;
    const [hot, hotShare] = isRight ? [split.right, split.rightShare] : [split.left, split.leftShare];
    const [cold, coldShare] = isRight ? [split.left, split.leftShare] : [split.right, split.rightShare];
    return { hot, cold, hotShare, coldShare: isMet ? coldShare : 0, ...tableOf(split, points) };
  });

  slots.set(weights);
  for (let number = 0; number < numInner; number++) {
    const { hot, cold, hotShare, coldShare, known } = walked[number];
    for (let point = 0; point < numPoints; point++) {
      const product = slots[number * numPoints + point];
      const follows = product * (hotShare + coldShare * known[point]);
      slots[hot * numPoints + point] = follows;
      slots[cold * numPoints + point] = product - follows;
    }
  }

  for (let number = numInner; number < splits.length; number++) {
    const { feature, left, right, leftShare, rightShare } = splits[number];
    const { hot, cold, coldShare, known, weight } = walked[number];
    const leafOf = (slot: number): number => leafValues[slot - splits.length];
    const mean = leftShare * leafOf(left) + rightShare * leafOf(right);
    const rise = coldShare * (leafOf(hot) - leafOf(cold));
    const sums = [0, 0];
    for (let point = 0; point < numPoints; point++) {
      const at = number * numPoints + point;
      sums[point % 2] += slots[at] * weight[point];
      parts[at] = slots[at] * weight[point] * rise;
      slots[at] = mean + known[point] * rise;
    }
    lanes[2 * feature] += sums[0] * rise;
    lanes[2 * feature + 1] += sums[1] * rise;
  }

  leafValues.forEach((value, index) => slots.fill(value, (splits.length + index) * numPoints, (splits.length + index + 1) * numPoints));
  for (let number = numInner - 1; number >= 0; number--) {
    const { hot, cold, hotShare, coldShare, known, weight } = walked[number];
    const sums = [0, 0];
    for (let point = 0; point < numPoints; point++) {
      const at = number * numPoints + point;
      const otherwise = slots[cold * numPoints + point];
      const rise = slots[hot * numPoints + point] - otherwise;
      sums[point % 2] += slots[at] * rise * weight[point];
      parts[at] = slots[at] * rise * weight[point] * coldShare;
      slots[at] = otherwise + (hotShare + coldShare * known[point]) * rise;
    }
    lanes[2 * splits[number].feature] += sums[0] * coldShare;
    lanes[2 * splits[number].feature + 1] += sums[1] * coldShare;
  }

  const failing = failingEdgeTable(points);
  splits.forEach(({ feature }, number) => {
    for (const edge of otherEdges(splits, number)) {
      const other = splits[edge >> 1].feature;
      const change = passes[edge] === 1 ? edgeTable(splits, edge, points) : failing;
      const sums = [0, 0];
      for (let point = 0; point < numPoints; point++) sums[point % 2] += parts[number * numPoints + point] * change[point];
      pairs[Math.min(feature, other) * numFeatures + Math.max(feature, other)] += sums[0] + sums[1];
    }
  });
}
