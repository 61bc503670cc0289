import type { GreyZone, Policy } from '@lisible/contracts';
import { logit, sigmoid } from '@lisible/tree-ensemble';
import { amountAwareThreshold } from './amount-aware.ts';
import type { PolicyInputs } from './decide.ts';

/** The amount by which a policy sets this application's threshold; null where it sets none, or the amount is missing or not above 0. */
export const amountOf = ({ amountAwareCost }: Pick<Policy, 'amountAwareCost'>, inputs: PolicyInputs): number | null => {
  if (amountAwareCost === null || amountAwareCost === undefined) return null;
  const amount = Object.hasOwn(inputs, amountAwareCost.amountField) ? inputs[amountAwareCost.amountField] : null;
  return typeof amount === 'number' && Number.isFinite(amount) && amount > 0 ? amount : null;
};

/** A probability moved by as many log-odds as lie between two thresholds (all in 0..1). */
export const moveProbability = (probability: number, from: number, to: number): number =>
  from === to ? probability : sigmoid(logit(probability) - logit(from) + logit(to));

/** The zone of an application whose threshold is `to`: its ends keep their distance in log-odds. */
const moveZone = (zone: GreyZone, from: number, to: number): GreyZone =>
  zone === null || from === to
    ? zone
    : { lower: Math.min(to, moveProbability(zone.lower, from, to)), upper: Math.max(to, moveProbability(zone.upper, from, to)) };

/** Threshold and grey zone of one application: the policy's own, or those of its amount. */
export const applicationThreshold = (policy: Policy, inputs: PolicyInputs): { readonly decisionThreshold: number; readonly greyZone: GreyZone } => {
  const { amountAwareCost, decisionThreshold, greyZone } = policy;
  const amount = amountOf(policy, inputs);
  if (amount === null || amountAwareCost === null || amountAwareCost === undefined) return { decisionThreshold, greyZone };
  const own = amountAwareThreshold(amountAwareCost, amount);
  return { decisionThreshold: own, greyZone: moveZone(greyZone, decisionThreshold, own) };
};
