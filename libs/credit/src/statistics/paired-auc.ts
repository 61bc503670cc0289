import { normalTwoSidedPValue } from './distributions.ts';
import { normalInterval, type Interval } from './intervals.ts';
import { at, checkBothClasses, createGroupFinder, groupByScore, type LabelledScores } from './labelled-scores.ts';
import { rocAuc } from './ranking.ts';

export interface AucComparison {
  readonly first: number;
  readonly second: number;
  /** first − second. */
  readonly difference: Interval;
  readonly standardError: number;
  /** Two-sided, of no difference; 1 where the two rank every row alike. */
  readonly pValue: number;
}

/** DeLong's placement values of every row: for a positive the share of negatives it outranks, for a negative that of positives above it. */
const placements = (sample: LabelledScores, labels: ArrayLike<number>, scores: ArrayLike<number>): Float64Array => {
  const { groups, negatives, positives } = sample;
  const ofPositive = new Float64Array(groups.length);
  const ofNegative = new Float64Array(groups.length);
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (const [index, group] of groups.entries()) {
    ofPositive[index] = (negativesBelow + group.negatives / 2) / negatives;
    ofNegative[index] = (positives - positivesBelow - group.positives / 2) / positives;
    positivesBelow += group.positives;
    negativesBelow += group.negatives;
  }
  const find = createGroupFinder(sample);
  return Float64Array.from({ length: labels.length }, (_, row) => at(at(labels, row) === 1 ? ofPositive : ofNegative, find(at(scores, row))));
};

/**
 * DeLong's paired test (DeLong, DeLong and Clarke-Pearson, 1988): do two models rank the same rows equally well? The difference of
 * their areas with its 95 % interval and a two-sided p-value, the covariance taken into account.
 * @throws StatisticsError as rocAucInterval
 */
export const compareRocAuc = (labels: ArrayLike<number>, firstScores: ArrayLike<number>, secondScores: ArrayLike<number>): AucComparison => {
  const firstSample = groupByScore(labels, firstScores);
  const secondSample = groupByScore(labels, secondScores);
  checkBothClasses(firstSample, 2);
  const first = rocAuc(labels, firstScores);
  const second = rocAuc(labels, secondScores);
  const firstPlacements = placements(firstSample, labels, firstScores);
  const secondPlacements = placements(secondSample, labels, secondScores);
  // The variance of a difference is that of the rows' differences: no covariance has to be taken apart.
  let ofPositives = 0;
  let ofNegatives = 0;
  for (let row = 0; row < labels.length; row++) {
    const gap = at(firstPlacements, row) - at(secondPlacements, row) - (first - second);
    if (at(labels, row) === 1) ofPositives += gap * gap;
    else ofNegatives += gap * gap;
  }
  const { negatives, positives } = firstSample;
  const variance = ofPositives / (positives - 1) / positives + ofNegatives / (negatives - 1) / negatives;
  const standardError = Math.sqrt(variance);
  const difference = normalInterval(first - second, standardError);
  const pValue = standardError > 0 ? normalTwoSidedPValue(difference.value / standardError) : difference.value === 0 ? 1 : 0;
  return { first, second, difference, standardError, pValue };
};
