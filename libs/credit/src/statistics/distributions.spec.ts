import { readFileSync } from 'node:fs';
import { chiSquarePValue, kolmogorovPValue, normalTwoSidedPValue } from './distributions.ts';

interface Tails {
  readonly normalTwoSided: readonly (readonly [number, number])[];
  readonly chiSquare: readonly (readonly [number, number, number])[];
  readonly kolmogorov: readonly (readonly [number, number])[];
}

const golden = JSON.parse(readFileSync(new URL('../../golden/evidence.golden.json', import.meta.url), 'utf8')) as { distributions: Tails };

describe('tails, against scipy', () => {
  /** Tails fall to 1e-18: relative to themselves. */
  const gap = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

  it('of the normal distribution, to the last of them', () => {
    for (const [z, expected] of golden.distributions.normalTwoSided) {
      expect(gap(normalTwoSidedPValue(z), expected)).toBeLessThan(1e-12);
      expect(normalTwoSidedPValue(-z)).toBe(normalTwoSidedPValue(z));
    }
    expect(normalTwoSidedPValue(Infinity)).toBe(0);
    expect(normalTwoSidedPValue(Number.NaN)).toBeNaN();
  });

  it('of χ²', () => {
    for (const [value, degrees, expected] of golden.distributions.chiSquare) {
      expect(gap(chiSquarePValue(value, degrees), expected)).toBeLessThan(1e-12);
    }
  });

  it('of Kolmogorov’s distribution', () => {
    for (const [value, expected] of golden.distributions.kolmogorov) expect(gap(kolmogorovPValue(value), expected)).toBeLessThan(1e-12);
    expect(kolmogorovPValue(0)).toBe(1);
  });
});
