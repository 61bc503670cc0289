/** What one unit of a quantised gradient, and of a hessian, is worth. */
export interface Quantisation {
  readonly gradientUnit: number;
  readonly hessianUnit: number;
}

/** A row's gradient and hessian are one 64-bit integer, `gradient · 2^32 + hessian`, both whole numbers; sums of either stay below this. */
const sumLimit = 2 ** 31;

// Below it a unit's reciprocal would be infinite.
const leastSum = 1e-280;

/**
 * The finest units under which any sum of packed rows is exact.
 *
 * Rounding moves a row by less than a unit, so the rows' gradients sum to less than 2^31 units in size, and so do their hessians:
 * neither half of a packed sum runs into the other. It is the sums that bound the units, not the greatest row, so a few rows of
 * great weight leave the others their precision. The sums must not depend on how rows are shared out among workers.
 *
 * @param sumOfGradients - of their absolute values
 */
export function chooseUnits(sumOfGradients: number, sumOfHessians: number, numRows: number): Quantisation {
  const budget = sumLimit - numRows - 1;
  return {
    gradientUnit: Math.max(sumOfGradients, leastSum) / budget,
    hessianUnit: Math.max(sumOfHessians, leastSum) / budget,
  };
}
