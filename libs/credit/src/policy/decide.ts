import type { DecisionOutcome, GreyZone, LocalizedText, Policy, PolicyRule, Proposal, RuleHit } from '@lisible/contracts';
import { applicationThreshold } from './application-threshold.ts';
import { PolicyError } from './policy-error.ts';

/** What a policy makes of one probability; `proposal` is the model's own word whatever the rules say. */
export interface PolicyOutcome {
  readonly proposal: Proposal;
  readonly decision: DecisionOutcome;
  /** Of this application: its own where the policy weighs amounts. */
  readonly decisionThreshold: number;
  readonly greyZone: GreyZone;
  /** Those that decline before those that refer, each in declared order. */
  readonly ruleHits: RuleHit[];
}

/** The inputs of rules by name; null and absence both mean missing. */
export type PolicyInputs = Readonly<Record<string, number | boolean | null>>;

/** What is known of an input in words, by its name: it takes the place of `{name}` in a rule's statement. */
export type PolicyWords = Readonly<Record<string, LocalizedText>>;

/** A missing input never meets a rule, nor does one of another type than the rule expects. */
const isMet = ({ condition: { input, operator, value } }: PolicyRule, inputs: PolicyInputs): boolean => {
  const actual = Object.hasOwn(inputs, input) ? inputs[input] : null;
  if (operator === 'equals') return actual === value;
  if (typeof actual !== 'number' || typeof value !== 'number') return false;
  return operator === 'greater-than' ? actual > value : actual < value;
};

/** In one pass, so that words that look like a placeholder stay what they are. */
const fill = (statement: LocalizedText, inputs: PolicyInputs, words: PolicyWords): LocalizedText => {
  const inLanguage = (language: keyof LocalizedText): string =>
    statement[language].replaceAll(/\{(\w+)\}/gu, (placeholder, name: string) => {
      if (Object.hasOwn(words, name)) return words[name]?.[language] ?? placeholder;
      return Object.hasOwn(inputs, name) ? String(inputs[name]) : placeholder;
    });
  return { fr: inLanguage('fr'), en: inLanguage('en') };
};

/** True when a person must decide: the probability lies in the grey zone, ends included. */
export const isInGreyZone = (greyZone: GreyZone, probabilityOfDefault: number): boolean =>
  greyZone !== null && probabilityOfDefault >= greyZone.lower && probabilityOfDefault <= greyZone.upper;

/**
 * Turns a calibrated probability of default (0..1) into a decision: a met declining rule declines, else a met referring rule or
 * the grey zone refers, else the model's proposal stands. The proposal is `declined` from the threshold on, which is the
 * application's own where the policy weighs amounts; so is the grey zone.
 * @throws PolicyError probability-out-of-range
 */
export const decide = (
  policy: Policy,
  {
    probabilityOfDefault,
    policyInputs,
    words = {},
  }: { readonly probabilityOfDefault: number; readonly policyInputs: PolicyInputs; readonly words?: PolicyWords },
): PolicyOutcome => {
  if (!(probabilityOfDefault >= 0 && probabilityOfDefault <= 1)) {
    throw new PolicyError('probability-out-of-range', 'the probability of default is not within 0..1');
  }
  const { decisionThreshold, greyZone } = applicationThreshold(policy, policyInputs);
  const proposal = probabilityOfDefault >= decisionThreshold ? 'declined' : 'approved';
  const met = policy.rules.filter((rule) => isMet(rule, policyInputs));
  const declining = met.filter(({ effect }) => effect === 'decline');
  const referring = met.filter(({ effect }) => effect === 'refer');
  const decision = declining.length > 0 ? 'declined' : referring.length > 0 || isInGreyZone(greyZone, probabilityOfDefault) ? 'referred' : proposal;
  return {
    proposal,
    decision,
    decisionThreshold,
    greyZone,
    ruleHits: [...declining, ...referring].map(({ code, effect, statement }) => ({ code, effect, statement: fill(statement, policyInputs, words) })),
  };
};
