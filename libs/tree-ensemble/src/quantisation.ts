/** What one unit of a quantised gradient, and of a hessian, is worth. */
export interface Quantisation {
  readonly gradientUnit: number;
  readonly hessianUnit: number;
}

/** A row's gradient and hessian are one double, `gradient · packing + hessian`, both whole numbers. */
export const packing = 2 ** 26;

// Below it a unit's reciprocal would be infinite.
const leastSum = 1e-280;

/**
 * The finest units under which any sum of packed rows is exact.
 *
 * Rounding moves a row by less than a unit, so the rows' gradients sum to less than `packing` units in size, and so do their
 * hessians: every packed sum is a whole number below 2^53. It is the sums that bound the units, not the greatest row, so a few rows of
 * great weight leave the others their precision. The sums must not depend on how rows are shared out among workers.
 *
 * @param sumOfGradients - of their absolute values
 */
export function chooseUnits(sumOfGradients: number, sumOfHessians: number, numRows: number): Quantisation {
  const budget = packing - numRows - 1;
  return {
    gradientUnit: Math.max(sumOfGradients, leastSum) / budget,
    hessianUnit: Math.max(sumOfHessians, leastSum) / budget,
  };
}
