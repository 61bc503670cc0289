import type { GreyZone, Policy, PolicyDraft, PolicyRule } from '@lisible/contracts';
import type { MisclassificationCost } from '../statistics/index.ts';
import { amountOf, applicationThreshold, moveProbability } from './application-threshold.ts';
import type { PolicyInputs } from './decide.ts';
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

/** @throws PolicyError no-probability, capacity-out-of-range, probability-out-of-range */
const checkSample = (probabilities: ArrayLike<number>, reviewCapacity: number): void => {
  if (probabilities.length === 0) throw new PolicyError('no-probability', 'no probability to place the grey zone by');
  if (!(reviewCapacity >= 0 && reviewCapacity <= 1)) throw new PolicyError('capacity-out-of-range', 'the review capacity must be within 0..1');
  for (let row = 0; row < probabilities.length; row++) {
    const probability = probabilities[row] ?? Number.NaN;
    if (!(probability >= 0 && probability <= 1))
      throw new PolicyError('probability-out-of-range', `the probability of row ${row} is not within 0..1`);
  }
};

/**
 * The policy that a model version recommends: threshold from the costs, grey zone from the review capacity, measured on
 * out-of-fold calibrated probabilities (0..1, one a labelled application).
 * @throws PolicyError no-probability, probability-out-of-range, cost-out-of-range, capacity-out-of-range
 */
export const recommendPolicy = ({
  policyName,
  probabilities,
  misclassificationCost,
  reviewCapacity,
  rules,
}: {
  readonly policyName: string;
  readonly probabilities: ArrayLike<number>;
  readonly misclassificationCost: MisclassificationCost;
  readonly reviewCapacity: number;
  readonly rules: readonly PolicyRule[];
}): Policy => {
  checkSample(probabilities, reviewCapacity);
  const decisionThreshold = analyticThreshold(misclassificationCost);
  return {
    policyName,
    misclassificationCost: { ...misclassificationCost },
    decisionThreshold,
    reviewCapacity,
    greyZone: greyZoneAround(decisionThreshold, probabilities, reviewCapacity),
    rules: [...rules],
  };
};

/** A labelled application by which a policy is placed and judged. */
export interface PolicyRow {
  /** Calibrated and out of fold, 0..1. */
  readonly probabilityOfDefault: number;
  readonly policyInputs: PolicyInputs;
  readonly defaulted: 0 | 1;
}

/** The way to a row's own threshold and back goes through logarithms: their last bits must not put the rows at the zone's ends out of it. */
const lastBits = 1e-12;

/**
 * The whole policy of what a person declared, the rest measured on labelled rows: mean amount and default rate of those that have an
 * amount, and the grey zone. Where amounts set thresholds, the zone is placed by each row's distance from its own threshold in
 * log-odds, so that it holds the review capacity of all rows together.
 * @throws PolicyError no-probability, probability-out-of-range, cost-out-of-range, capacity-out-of-range, no-amount
 */
export const completePolicy = (policyName: string, draft: PolicyDraft, rows: readonly PolicyRow[]): Policy => {
  const { amountAwareCost, ...declared } = draft;
  const probabilities = rows.map(({ probabilityOfDefault }) => probabilityOfDefault);
  const plain = recommendPolicy({ policyName, probabilities, ...declared });
  if (amountAwareCost === null || amountAwareCost === undefined) return plain;
  const { decisionThreshold } = plain;
  const undecided: Policy = {
    ...plain,
    amountAwareCost: { ...amountAwareCost, averageAmount: 1, averageDefaultRate: 0.5 },
    greyZone: null,
  };
  const known = rows.flatMap((row) => {
    const amount = amountOf(undecided, row.policyInputs);
    return amount === null ? [] : [{ amount, defaulted: row.defaulted }];
  });
  const defaults = known.reduce((sum, { defaulted }) => sum + defaulted, 0);
  if (defaults === 0 || defaults === known.length)
    throw new PolicyError('no-amount', 'amounts with both outcomes are needed to know the average borrower');
  const policy: Policy = {
    ...undecided,
    amountAwareCost: {
      ...amountAwareCost,
      averageAmount: known.reduce((sum, { amount }) => sum + amount, 0) / known.length,
      averageDefaultRate: defaults / known.length,
    },
  };
  const asIfAtOneThreshold = rows.map(({ probabilityOfDefault, policyInputs }) =>
    moveProbability(probabilityOfDefault, applicationThreshold(policy, policyInputs).decisionThreshold, decisionThreshold),
  );
  const zone = greyZoneAround(decisionThreshold, asIfAtOneThreshold, declared.reviewCapacity);
  return { ...policy, greyZone: zone === null ? null : { lower: zone.lower * (1 - lastBits), upper: Math.min(1, zone.upper * (1 + lastBits)) } };
};

/** What was declared of a policy, without what was measured. */
export const draftOf = ({ misclassificationCost, reviewCapacity, amountAwareCost, rules }: Policy): PolicyDraft => {
  if (amountAwareCost === null || amountAwareCost === undefined) return { misclassificationCost, reviewCapacity, rules };
  const { averageAmount: _measured, averageDefaultRate: _measuredToo, ...declared } = amountAwareCost;
  return { misclassificationCost, reviewCapacity, amountAwareCost: declared, rules };
};
