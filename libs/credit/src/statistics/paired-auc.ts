import { normalTwoSidedPValue } from './distributions.ts';
import { normalInterval, type Interval } from './intervals.ts';
import { at, checkBothClasses, groupByScore, type LabelledScores } from './labelled-scores.ts';
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

/** DeLong's placement value of every distinct score: for a positive, and for a negative. */
const placements = ({
  groups,
  negatives,
  positives,
}: LabelledScores): ReadonlyMap<number, { readonly positive: number; readonly negative: number }> => {
  const byScore = new Map<number, { readonly positive: number; readonly negative: number }>();
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (const group of groups) {
    byScore.set(group.score, {
      positive: (negativesBelow + group.negatives / 2) / negatives,
      negative: (positives - positivesBelow - group.positives / 2) / positives,
    });
    positivesBelow += group.positives;
    negativesBelow += group.negatives;
  }
  return byScore;
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
  const firstPlacements = placements(firstSample);
  const secondPlacements = placements(secondSample);
  // The variance of a difference is that of the rows' differences: no covariance has to be taken apart.
  let ofPositives = 0;
  let ofNegatives = 0;
  for (let row = 0; row < labels.length; row++) {
    const a = firstPlacements.get(at(firstScores, row));
    const b = secondPlacements.get(at(secondScores, row));
    if (a === undefined || b === undefined) continue;
    if (at(labels, row) === 1) ofPositives += (a.positive - b.positive - (first - second)) ** 2;
    else ofNegatives += (a.negative - b.negative - (first - second)) ** 2;
  }
  const { negatives, positives } = firstSample;
  const variance = ofPositives / (positives - 1) / positives + ofNegatives / (negatives - 1) / negatives;
  const standardError = Math.sqrt(variance);
  const difference = normalInterval(first - second, standardError);
  const pValue = standardError > 0 ? normalTwoSidedPValue(difference.value / standardError) : difference.value === 0 ? 1 : 0;
  return { first, second, difference, standardError, pValue };
};
