/**
 * What a leaf of value 1 gives when `a` of its features pass only with the row's value and `b` only with the background's.
 *
 * `gains[a * stride + b]` = (a - 1)! b! / (a + b)! to each of the former, `losses[a * stride + b]` = a! (b - 1)! / (a + b)! away from
 * each of the latter; 0 where there is no such feature. Both up to `most` features in all.
 */
export interface ShapleyWeights {
  readonly stride: number;
  readonly gains: Float64Array;
  readonly losses: Float64Array;
}

export function shapleyWeights(most: number): ShapleyWeights {
  const stride = most + 1;
  const gains = new Float64Array(stride * stride);
  const losses = new Float64Array(stride * stride);
  for (let a = 0; a <= most; a++) {
    // C(a + b, a), from C(a, a) on.
    let choices = 1;
    for (let b = 0; a + b <= most; b++) {
      if (b > 0) choices = (choices * (a + b)) / b;
      if (a > 0) gains[a * stride + b] = 1 / (a * choices);
      if (b > 0) losses[a * stride + b] = 1 / (b * choices);
    }
  }
  return { stride, gains, losses };
}
