export const clip = (value: number, lower: number, upper: number): number => (value < lower ? lower : value > upper ? upper : value);

/**
 * LightGBM's gain of a split whose outputs must keep within bounds: that of the outputs as they will be, clipped;
 * `-Infinity` where they stand against `direction`. Hessians hold the L2 term already.
 */
export function constrainedGain(
  leftSum: number,
  leftHessian: number,
  rightSum: number,
  rightHessian: number,
  lower: number,
  upper: number,
  direction: number,
): number {
  const left = clip(-leftSum / leftHessian, lower, upper);
  const right = clip(-rightSum / rightHessian, lower, upper);
  if ((left - right) * direction > 0) return -Infinity;
  return -(2 * leftSum + leftHessian * left) * left - (2 * rightSum + rightHessian * right) * right;
}

/** Middle of the two sides' outputs, both clipped. Hessians hold the L2 term already. */
export function middleOutput(leftSum: number, leftHessian: number, rightSum: number, rightHessian: number, lower: number, upper: number): number {
  return (clip(-leftSum / leftHessian, lower, upper) + clip(-rightSum / rightHessian, lower, upper)) / 2;
}

/** Soft threshold of L1 regularisation. */
export function shrink(gradient: number, l1: number): number {
  if (gradient > l1) return gradient - l1;
  return gradient < -l1 ? gradient + l1 : 0;
}
