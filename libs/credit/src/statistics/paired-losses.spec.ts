import { compareCosts, compareLogLoss, logLoss } from './index.ts';

/** `DescrStatsW(difference).zconfint_mean()` of statsmodels 0.15.0 on these rows. */
describe('paired losses of two models', () => {
  const labels = [1, 0, 0, 1, 0, 0, 1, 0];
  const first = [0.8, 0.3, 0.05, 0.4, 0.2, 0.6, 0.09, 0.1];
  const second = [0.6, 0.2, 0.15, 0.5, 0.08, 0.3, 0.2, 0.05];

  it('gives statsmodels’ mean difference of log losses and its interval', () => {
    const { value, lower, upper } = compareLogLoss(labels, first, second);
    expect(value).toBeCloseTo(0.1887149855219195, 12);
    expect(lower).toBeCloseTo(-0.05290999815431116, 12);
    expect(upper).toBeCloseTo(0.4303399691981502, 12);
    expect(value).toBeCloseTo(logLoss(labels, first) - logLoss(labels, second), 12);
  });

  it('gives statsmodels’ mean difference of costs and its interval', () => {
    const { value, lower, upper } = compareCosts(labels, first, second, 1 / 11, { falseNegative: 10, falsePositive: 1 });
    expect(value).toBeCloseTo(1.375, 12);
    expect(lower).toBeCloseTo(-1.0801992713296067, 12);
    expect(upper).toBeCloseTo(3.8301992713296067, 12);
  });

  it('finds no difference between a model and itself, and changes sign with the order', () => {
    expect(compareLogLoss(labels, first, first)).toEqual({ value: 0, lower: 0, upper: 0 });
    expect(compareLogLoss(labels, second, first).value).toBeCloseTo(-compareLogLoss(labels, first, second).value, 12);
  });

  it('refuses what has no interval', () => {
    expect(() => compareLogLoss([1], [0.5], [0.5])).toThrow('two rows');
    expect(() => compareLogLoss(labels, first, second.slice(1))).toThrow('7');
    expect(() => compareCosts(labels, first, second, 2, { falseNegative: 10, falsePositive: 1 })).toThrow('threshold');
  });
});
