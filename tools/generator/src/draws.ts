import type { SeededRandom } from '@lisible/credit';

/** Values of a distribution at rising probabilities from 0 to 1; between them it is taken as linear. */
export type QuantileTable = readonly (readonly [probability: number, value: number])[];

/** Names with their shares; shares need not add up to one. */
export type WeightedNames = readonly (readonly [name: string, weight: number])[];

export const quantile = (table: QuantileTable, probability: number): number => {
  let lower = table[0];
  for (const upper of table) {
    if (lower !== undefined && probability <= upper[0]) {
      const width = upper[0] - lower[0];
      return width > 0 ? lower[1] + ((probability - lower[0]) / width) * (upper[1] - lower[1]) : upper[1];
    }
    lower = upper;
  }
  return lower?.[1] ?? Number.NaN;
};

export const pick = (names: WeightedNames, random: SeededRandom): string => {
  const total = names.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.uniform() * total;
  let last = '';
  for (const [name, weight] of names) {
    last = name;
    left -= weight;
    if (left < 0) break;
  }
  return last;
};

export const chance = (probability: number, random: SeededRandom): boolean => random.uniform() < probability;

/** Distribution function of the standard normal, to 1e-7 (Abramowitz and Stegun 26.2.17). */
export const normalShare = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
};

/** A value of the table's distribution for a standard normal `z`: what correlates before the transform does so after. */
export const fromNormal = (table: QuantileTable, z: number): number => quantile(table, normalShare(z));

/** Adds noise to a signal of variance up to one, so that the sum has variance one. */
export const withNoise = (signal: number, signalVariance: number, random: SeededRandom): number =>
  signal + Math.sqrt(Math.max(0, 1 - signalVariance)) * random.normal();

export const roundTo = (value: number, step: number): number => Math.round(value / step) * step;

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
