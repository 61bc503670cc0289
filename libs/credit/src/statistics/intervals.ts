import { normalQuantile975 } from './distributions.ts';
import { StatisticsError } from './statistics-error.ts';

/** An estimate with the bounds of its 95 % confidence interval. */
export interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * A share with its 95 % score interval (Wilson, 1927; statsmodels' `proportion_confint(method='wilson')`), 0..1.
 * `successes` may be a fraction where ties share their labels.
 * @throws StatisticsError argument-out-of-range unless 0 ≤ successes ≤ trials and trials > 0
 */
export const wilsonInterval = (successes: number, trials: number): Interval => {
  if (!(trials > 0 && successes >= 0 && successes <= trials))
    throw new StatisticsError('argument-out-of-range', 'a share needs 0 ≤ successes ≤ trials and a trial');
  const value = successes / trials;
  const z = normalQuantile975;
  const spread = 1 + (z * z) / trials;
  const centre = (value + (z * z) / (2 * trials)) / spread;
  const halfWidth = (z * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials * trials))) / spread;
  // At no success and at none but successes the bound is the end itself; subtraction would leave a rounding error there.
  return {
    value,
    lower: successes === 0 ? 0 : Math.max(0, centre - halfWidth),
    upper: successes === trials ? 1 : Math.min(1, centre + halfWidth),
  };
};

/** The estimate ± 1.96 standard errors. */
export const normalInterval = (value: number, standardError: number): Interval => ({
  value,
  lower: value - normalQuantile975 * standardError,
  upper: value + normalQuantile975 * standardError,
});

/** A positive estimate with bounds at 1.96 standard errors of its logarithm. */
export const logNormalInterval = (value: number, standardErrorOfLog: number): Interval => ({
  value,
  lower: value * Math.exp(-normalQuantile975 * standardErrorOfLog),
  upper: value * Math.exp(normalQuantile975 * standardErrorOfLog),
});

/** Quantile of ascending values, 0 ≤ share ≤ 1, by linear interpolation between order statistics (numpy's default); NaN of none. */
export const quantileOfSorted = (sorted: ArrayLike<number>, share: number): number => {
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  const weight = position - Math.floor(position);
  return weight === 0 ? low : low + (high - low) * weight;
};

/** An estimate with the 2.5 % and 97.5 % quantiles of its resampled values (the percentile bootstrap; Efron, 1979). */
export const percentileInterval = (value: number, resampled: ArrayLike<number>): Interval => {
  const sorted = Float64Array.from(resampled).sort();
  return { value, lower: quantileOfSorted(sorted, 0.025), upper: quantileOfSorted(sorted, 0.975) };
};
