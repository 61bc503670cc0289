import * as fc from 'fast-check';
import { countPoints, gaussLegendre } from './gauss-legendre.ts';

/** ∫₀¹ tᵃ(1 - t)ᵇ dt = a! b! / (a + b + 1)!, the size of a Shapley weight. */
function shapleyWeight(a: number, b: number): number {
  let weight = 1 / (a + b + 1);
  for (let factor = 1; factor <= b; factor++) weight *= factor / (a + factor);
  return weight;
}

describe('gaussLegendre', () => {
  it('integrates powers of degree 2n - 1 exactly', () => {
    for (const numPoints of [2, 4, 6, 8, 10, 20, 40]) {
      const { points, weights } = gaussLegendre(numPoints);
      for (let degree = 0; degree < 2 * numPoints; degree++) {
        const integral = weights.reduce((sum, weight, index) => sum + weight * points[index] ** degree, 0);
        expect(Math.abs(integral * (degree + 1) - 1)).toBeLessThan(1e-13);
      }
    }
  });
});

describe('countPoints', () => {
  it('gives half as many points as factors, made even, up to 43 factors, then about their square root', () => {
    expect([0, 1, 4, 5, 8, 9, 43].map(countPoints)).toEqual([0, 2, 2, 4, 4, 6, 22]);
    expect(countPoints(1_000)).toBe(106);
  });

  it('is enough for every Shapley weight, however long the path', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_500 }), fc.nat(), (numFactors, chosen) => {
        const a = chosen % numFactors;
        const b = numFactors - 1 - a;
        const { points, weights } = gaussLegendre(countPoints(numFactors));
        const integral = points.reduce((sum, point, index) => sum + weights[index] * point ** a * (1 - point) ** b, 0);
        expect(Math.abs(integral - shapleyWeight(a, b))).toBeLessThan(1e-15);
      }),
      {
        seed: 1,
        numRuns: 500,
        examples: [
          [1_500, 0],
          [1_500, 1_499],
          [44, 0],
          [44, 43],
          [44, 22],
        ],
      },
    );
  });
});
