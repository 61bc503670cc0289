import type { GreyZone, Policy, PolicyRule } from '@lisible/contracts';
import type { MisclassificationCost } from '../statistics/index.ts';
import { defaultPolicyName } from './decision-policy.ts';
import { PolicyError } from './policy-error.ts';

/**
 * The probability of default from which declining costs less than approving, on calibrated probabilities:
 * falsePositive / (falsePositive + falseNegative) (Elkan, IJCAI 2001); 0..1.
 * @throws PolicyError cost-out-of-range
 */
export const analyticThreshold = ({ falseNegative, falsePositive }: MisclassificationCost): number => {
  if (!(falseNegative > 0 && falsePositive > 0 && Number.isFinite(falseNegative + falsePositive))) {
    throw new PolicyError('cost-out-of-range', 'misclassification costs must be positive and finite');
  }
  return falsePositive / (falsePositive + falseNegative);
};

/**
 * The interval of probabilities, ends included, that holds `capacity` (0..1) of `probabilities`, as many below the threshold as
 * above it; where one side runs out the other gives the rest. Rows that tie with an end are in it, so it may hold slightly more.
 */
const greyZoneAround = (threshold: number, probabilities: ArrayLike<number>, capacity: number): GreyZone => {
  const sorted = Float64Array.from(probabilities).sort();
  const size = Math.round(capacity * sorted.length);
  if (size === 0) return null;
  const below = sorted.findIndex((probability) => probability >= threshold);
  const middle = below === -1 ? sorted.length : below;
  const start = Math.max(0, Math.min(middle - Math.floor(size / 2), sorted.length - size));
  return {
    lower: Math.min(threshold, sorted[start] ?? threshold),
    upper: Math.max(threshold, sorted[start + size - 1] ?? threshold),
  };
};

/**
 * The policy that a model version recommends: threshold from the costs, grey zone from the review capacity, measured on
 * out-of-fold calibrated probabilities (0..1, one a labelled application).
 * @throws PolicyError no-probability, probability-out-of-range, cost-out-of-range, capacity-out-of-range
 */
export const recommendPolicy = ({
  probabilities,
  misclassificationCost,
  reviewCapacity,
  rules,
}: {
  readonly probabilities: ArrayLike<number>;
  readonly misclassificationCost: MisclassificationCost;
  readonly reviewCapacity: number;
  readonly rules: readonly PolicyRule[];
}): Policy => {
  if (probabilities.length === 0) throw new PolicyError('no-probability', 'no probability to place the grey zone by');
  if (!(reviewCapacity >= 0 && reviewCapacity <= 1)) throw new PolicyError('capacity-out-of-range', 'the review capacity must be within 0..1');
  for (let row = 0; row < probabilities.length; row++) {
    const probability = probabilities[row] ?? Number.NaN;
    if (!(probability >= 0 && probability <= 1))
      throw new PolicyError('probability-out-of-range', `the probability of row ${row} is not within 0..1`);
  }
  const decisionThreshold = analyticThreshold(misclassificationCost);
  return {
    policyName: defaultPolicyName,
    misclassificationCost: { ...misclassificationCost },
    decisionThreshold,
    reviewCapacity,
    greyZone: greyZoneAround(decisionThreshold, probabilities, reviewCapacity),
    rules: [...rules],
  };
};
