import { at, checkLabel, checkLengths, checkProbabilities, groupByScore } from './labelled-scores.ts';
import { StatisticsError } from './statistics-error.ts';

/** What a mistake costs the lender, in any one unit. A false negative is an approved loan that defaults. */
export interface MisclassificationCost {
  readonly falseNegative: number;
  readonly falsePositive: number;
}

export const checkCost = ({ falseNegative, falsePositive }: MisclassificationCost): void => {
  if (!(falseNegative > 0 && falsePositive > 0 && Number.isFinite(falseNegative + falsePositive))) {
    throw new StatisticsError('argument-out-of-range', 'misclassification costs must be positive and finite');
  }
};

/**
 * Mean cost of the model's own proposals when rows at or above `threshold` are declined, in the cost's unit.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, argument-out-of-range
 */
export const costPerApplication = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  threshold: number,
  cost: MisclassificationCost,
): number => {
  checkLengths(labels, probabilities);
  checkProbabilities(probabilities);
  checkCost(cost);
  if (!(threshold >= 0 && threshold <= 1)) throw new StatisticsError('argument-out-of-range', 'the threshold must be within 0..1');
  let falseNegatives = 0;
  let falsePositives = 0;
  for (let row = 0; row < labels.length; row++) {
    checkLabel(at(labels, row), row);
    const isDeclined = at(probabilities, row) >= threshold;
    if (at(labels, row) === 1 && !isDeclined) falseNegatives++;
    if (at(labels, row) === 0 && isDeclined) falsePositives++;
  }
  return (falseNegatives * cost.falseNegative + falsePositives * cost.falsePositive) / labels.length;
};

/**
 * The empirical optimum: the threshold with the least cost per application on these rows, a check on the analytic one.
 * Candidates are 0 (decline all), 1 (approve all below certainty) and the middle of every two neighbouring probabilities;
 * of equally good ones the lowest, which is the more careful.
 * @throws StatisticsError as costPerApplication
 */
export const bestThreshold = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  cost: MisclassificationCost,
): { readonly threshold: number; readonly costPerApplication: number } => {
  checkLengths(labels, probabilities);
  checkProbabilities(probabilities);
  checkCost(cost);
  const { groups, rows, negatives } = groupByScore(labels, probabilities);
  let falseNegatives = 0;
  let falsePositives = negatives;
  let best = { threshold: 0, costPerApplication: (falsePositives * cost.falsePositive) / rows };
  for (const [index, group] of groups.entries()) {
    // At certainty there is no higher threshold that would let the group through.
    if (group.score === 1) break;
    falseNegatives += group.positives;
    falsePositives -= group.negatives;
    const costHere = (falseNegatives * cost.falseNegative + falsePositives * cost.falsePositive) / rows;
    if (costHere < best.costPerApplication) {
      const next = groups[index + 1];
      // Halfway between two neighbouring doubles may round down onto the lower, which must stay approved.
      const middle = next === undefined ? 1 : (group.score + next.score) / 2;
      best = { threshold: next !== undefined && middle <= group.score ? next.score : middle, costPerApplication: costHere };
    }
  }
  return best;
};
