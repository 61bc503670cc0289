import { NoiseGain, normalQuantile } from './category-noise.ts';
import { range } from './learning-set.testing.ts';
import { createRandom } from '../random.ts';

describe('noise of sorted categories', () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.02, -2.0537489106318225],
    [0.3, -0.5244005127080407],
    [1e-6, -4.753424308822899],
  ])('knows the normal quantile of %d', (share, quantile) => {
    expect(normalQuantile(share)).toBeCloseTo(quantile, 7);
    expect(normalQuantile(1 - share)).toBeCloseTo(-quantile, 6);
  });

  it.each([
    [2, 1],
    [10, 1],
    [10, 5],
    [60, 20],
    [500, 32],
  ])('expects of %d categories without effect what the %d lowest gain on average', (numCategories, length) => {
    const random = createRandom(1, 0);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const sums = range(0, 4000).map(() => {
      const scores = Float64Array.from({ length: numCategories }, normal).sort();
      const mean = scores.reduce((sum, score) => sum + score, 0) / numCategories;
      return scores.slice(0, length).reduce((sum, score) => sum + score - mean, 0);
    });
    // The gain of the mean sum: what the spread of sums adds is at most one degree of freedom. Blom is coarse for two.
    const meanSum = sums.reduce((sum, one) => sum + one, 0) / sums.length;
    const simulated = (meanSum * meanSum * numCategories) / (length * (numCategories - length));
    const noise = new NoiseGain(numCategories, 3 * numCategories);
    const expected = range(0, length).map(() => noise.add(3))[length - 1];
    expect(Math.abs(expected / simulated - 1)).toBeLessThan(numCategories === 2 ? 0.12 : 0.04);
  });
});
