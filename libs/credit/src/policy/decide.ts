import type { DecisionOutcome, GreyZone, Policy, PolicyRule, Proposal, RuleHit } from '@lisible/contracts';
import { PolicyError } from './policy-error.ts';

/** What a policy makes of one probability; `proposal` is the model's own word whatever the rules say. */
export interface PolicyOutcome {
  readonly proposal: Proposal;
  readonly decision: DecisionOutcome;
  readonly decisionThreshold: number;
  readonly greyZone: GreyZone;
  /** Those that decline before those that refer, each in declared order. */
  readonly ruleHits: RuleHit[];
}

/** The inputs of rules by name; null and absence both mean missing. */
export type PolicyInputs = Readonly<Record<string, number | boolean | null>>;

/** A missing input never meets a rule, nor does one of another type than the rule expects. */
const isMet = ({ condition: { input, operator, value } }: PolicyRule, inputs: PolicyInputs): boolean => {
  const actual = Object.hasOwn(inputs, input) ? inputs[input] : null;
  if (operator === 'equals') return actual === value;
  if (typeof actual !== 'number' || typeof value !== 'number') return false;
  return operator === 'greater-than' ? actual > value : actual < value;
};

/** True when a person must decide: the probability lies in the grey zone, ends included. */
export const isInGreyZone = (greyZone: GreyZone, probabilityOfDefault: number): boolean =>
  greyZone !== null && probabilityOfDefault >= greyZone.lower && probabilityOfDefault <= greyZone.upper;

/**
 * Turns a calibrated probability of default (0..1) into a decision: a met declining rule declines, else a met referring rule or
 * the grey zone refers, else the model's proposal stands. The proposal is `declined` from the threshold on.
 * @throws PolicyError probability-out-of-range
 */
export const decide = (
  policy: Policy,
  { probabilityOfDefault, policyInputs }: { readonly probabilityOfDefault: number; readonly policyInputs: PolicyInputs },
): PolicyOutcome => {
  if (!(probabilityOfDefault >= 0 && probabilityOfDefault <= 1)) {
    throw new PolicyError('probability-out-of-range', 'the probability of default is not within 0..1');
  }
  const proposal = probabilityOfDefault >= policy.decisionThreshold ? 'declined' : 'approved';
  const met = policy.rules.filter((rule) => isMet(rule, policyInputs));
  const declining = met.filter(({ effect }) => effect === 'decline');
  const referring = met.filter(({ effect }) => effect === 'refer');
  const decision =
    declining.length > 0 ? 'declined' : referring.length > 0 || isInGreyZone(policy.greyZone, probabilityOfDefault) ? 'referred' : proposal;
  return {
    proposal,
    decision,
    decisionThreshold: policy.decisionThreshold,
    greyZone: policy.greyZone,
    ruleHits: [...declining, ...referring].map(({ code, effect, statement }) => ({ code, effect, statement })),
  };
};
