/** Points and weights of a quadrature on [0, 1]; the weights add up to 1. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** Gauss–Legendre points and weights on [0, 1], exact for polynomials of degree 2n - 1; Newton on Legendre's Pₙ. */
export function gaussLegendre(numPoints: number): Quadrature {
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
  return { points, weights };
}

/**
 * An even number of points that integrates to double precision every product of `numFactors` - 1 factors z + (o - z)t, o ∈ {0, 1},
 * z ∈ [0, 1]; 0 where there is no factor.
 *
 * ⌈d/2⌉ points are exact. Many factors need fewer: the product is a convex combination of tᵃ(1 - t)ᵇ with a + b = m ≤ d - 1, and with
 * t = cos²(θ/2) the Chebyshev coefficients of those are at most those of cos²ᵐ(θ/2), which are the probabilities of a walk of 2m half
 * steps. Beyond degree 2n they add up to at most 2 exp(-4n²/m) (Hoeffding), and Gauss–Legendre with n points errs by twice that at
 * most: below 2⁻⁶⁰ from n = 3.3 √m on.
 */
export function countPoints(numFactors: number): number {
  const points = Math.min(Math.ceil(numFactors / 2), Math.ceil(3.3 * Math.sqrt(numFactors)));
  return 2 * Math.ceil(points / 2);
}
