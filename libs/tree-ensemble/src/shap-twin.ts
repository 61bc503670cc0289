/**
 * What `kernels/tree-shap.kernel.ts` computes, in plain TypeScript and in the same order of operations: the two give the same bits.
 *
 * The formulas are those of `shap-plan.ts`. Sums have two lanes, for even and odd points, because a kernel's vector holds two numbers.
 */
import { gaussLegendre } from './gauss-legendre.ts';
import { fillCells, tableOf, type PlannedTree, type ShapPlan } from './shap-plan.ts';

/** SHAP values of one row. */
export function explainTwin(plan: ShapPlan, row: ArrayLike<number>): Float64Array {
  const cells = new Float64Array(plan.cells.length);
  fillCells(plan.cells, row, 0, cells, 0);
  const lanes = new Float64Array(2 * plan.numFeatures);
  // Trees are added by their number of points, else as they stand.
  for (const tree of plan.trees.toSorted((a, b) => a.numPoints - b.numPoints)) addTree(tree, cells, lanes);
  return Float64Array.from({ length: plan.numFeatures }, (_, feature) => lanes[2 * feature] + lanes[2 * feature + 1]);
}

function addTree({ splits, numInner, numPoints, leafValues }: PlannedTree, cells: Float64Array, lanes: Float64Array): void {
  const { points, weights } = gaussLegendre(numPoints);
  /** By slot and point: Q on the way down, G on the way up. */
  const slots = new Float64Array((splits.length + leafValues.length) * numPoints);
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
      slots[at] = otherwise + (hotShare + coldShare * known[point]) * rise;
    }
    lanes[2 * splits[number].feature] += sums[0] * coldShare;
    lanes[2 * splits[number].feature + 1] += sums[1] * coldShare;
  }
}
