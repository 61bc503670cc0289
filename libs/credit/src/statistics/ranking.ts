import { normalQuantile975 } from './distributions.ts';
import type { Interval } from './intervals.ts';
import { checkBothClasses, groupByScore } from './labelled-scores.ts';

/**
 * Area under the ROC curve: the probability that a defaulted row scores above a repaid one, ties counting one half
 * (Mann–Whitney; scikit-learn's `roc_auc_score`). Labels are 0 or 1, a higher score means more risk; 0..1.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, score-not-finite, one-class
 */
export const rocAuc = (labels: ArrayLike<number>, scores: ArrayLike<number>): number => {
  const sample = groupByScore(labels, scores);
  checkBothClasses(sample);
  // Counted in halves: integers, so exact and untouched by the order of rows.
  let halves = 0;
  let negativesBelow = 0;
  for (const { positives, negatives } of sample.groups) {
    halves += positives * (2 * negativesBelow + negatives);
    negativesBelow += negatives;
  }
  return halves / (2 * sample.positives * sample.negatives);
};

/**
 * Area under the ROC curve with its 95 % confidence interval (normal approximation, cut to 0..1), by DeLong, DeLong and
 * Clarke-Pearson (Biometrics 44, 1988) in the O(n log n) form of Sun and Xu (IEEE Signal Processing Letters 21, 2014).
 * @throws StatisticsError as rocAuc, and class-too-small below two rows of a class
 */
export const rocAucInterval = (labels: ArrayLike<number>, scores: ArrayLike<number>): Interval => {
  const sample = groupByScore(labels, scores);
  checkBothClasses(sample, 2);
  const value = rocAuc(labels, scores);
  // Placement values: of a positive, the share of negatives it outranks; of a negative, the share of positives above it.
  let positiveSquares = 0;
  let negativeSquares = 0;
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (const { positives, negatives } of sample.groups) {
    const placementOfPositive = (negativesBelow + negatives / 2) / sample.negatives;
    const placementOfNegative = (sample.positives - positivesBelow - positives / 2) / sample.positives;
    positiveSquares += positives * (placementOfPositive - value) ** 2;
    negativeSquares += negatives * (placementOfNegative - value) ** 2;
    positivesBelow += positives;
    negativesBelow += negatives;
  }
  const variance = positiveSquares / (sample.positives - 1) / sample.positives + negativeSquares / (sample.negatives - 1) / sample.negatives;
  const halfWidth = normalQuantile975 * Math.sqrt(variance);
  return { value, lower: Math.max(0, value - halfWidth), upper: Math.min(1, value + halfWidth) };
};

/**
 * Average precision, Σ (R_n − R_{n−1}) P_n over the distinct scores from the highest down, without interpolation
 * (scikit-learn's `average_precision_score`); 0..1, a random ranking reaches the default rate.
 * @throws StatisticsError as rocAuc
 */
export const averagePrecision = (labels: ArrayLike<number>, scores: ArrayLike<number>): number => {
  const sample = groupByScore(labels, scores);
  checkBothClasses(sample);
  let sum = 0;
  let truePositives = 0;
  let taken = 0;
  for (const { positives, negatives } of sample.groups.toReversed()) {
    truePositives += positives;
    taken += positives + negatives;
    sum += (positives / sample.positives) * (truePositives / taken);
  }
  return sum;
};

/**
 * Kolmogorov–Smirnov distance between the scores of the two classes: the greatest gap between their distribution functions
 * (scipy's two-sided `ks_2samp`); 0..1.
 * @throws StatisticsError as rocAuc
 */
export const ks = (labels: ArrayLike<number>, scores: ArrayLike<number>): number => {
  const sample = groupByScore(labels, scores);
  checkBothClasses(sample);
  let greatest = 0;
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (const { positives, negatives } of sample.groups) {
    positivesBelow += positives;
    negativesBelow += negatives;
    greatest = Math.max(greatest, Math.abs(positivesBelow / sample.positives - negativesBelow / sample.negatives));
  }
  return greatest;
};

/**
 * Gini coefficient (Somers' D) of a ranking, 2·AUC − 1; −1..1.
 * @throws StatisticsError as rocAuc
 */
export const gini = (labels: ArrayLike<number>, scores: ArrayLike<number>): number => 2 * rocAuc(labels, scores) - 1;

/**
 * Gini coefficient with its 95 % confidence interval: that of DeLong for the area, stretched to −1..1.
 * @throws StatisticsError as rocAucInterval
 */
export const giniInterval = (labels: ArrayLike<number>, scores: ArrayLike<number>): Interval => {
  const { lower, upper, value } = rocAucInterval(labels, scores);
  return { value: 2 * value - 1, lower: 2 * lower - 1, upper: 2 * upper - 1 };
};

/**
 * Average precision with the 95 % logit interval of Boyd, Eng and Page (ECML PKDD 2013): expit(logit AP ± 1.96/√(n₊·AP·(1−AP))), n₊
 * the defaulted rows. At an average precision of 1 the logit is infinite and nothing is claimed: 0..1.
 * @throws StatisticsError as rocAuc
 */
export const averagePrecisionInterval = (labels: ArrayLike<number>, scores: ArrayLike<number>): Interval => {
  const value = averagePrecision(labels, scores);
  if (!(value < 1)) return { value, lower: 0, upper: 1 };
  let positives = 0;
  for (let row = 0; row < labels.length; row++) positives += labels[row] ?? 0;
  const centre = Math.log(value / (1 - value));
  const halfWidth = normalQuantile975 / Math.sqrt(positives * value * (1 - value));
  return { value, lower: 1 / (1 + Math.exp(halfWidth - centre)), upper: 1 / (1 + Math.exp(-halfWidth - centre)) };
};

/**
 * Kolmogorov–Smirnov distance with the threshold where it is reached: declining rows at or above it declines the share `value` more
 * of the defaulted rows than of the repaid ones (less, where the scores rank the wrong way). Of equal distances the lowest score.
 * @throws StatisticsError as rocAuc
 */
export const ksThreshold = (labels: ArrayLike<number>, scores: ArrayLike<number>): { readonly value: number; readonly threshold: number } => {
  const sample = groupByScore(labels, scores);
  checkBothClasses(sample);
  let best = { value: 0, threshold: sample.groups[0]?.score ?? Number.NaN };
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (const { negatives, positives, score } of sample.groups) {
    const distance = Math.abs(positivesBelow / sample.positives - negativesBelow / sample.negatives);
    if (distance > best.value) best = { value: distance, threshold: score };
    positivesBelow += positives;
    negativesBelow += negatives;
  }
  return best;
};
