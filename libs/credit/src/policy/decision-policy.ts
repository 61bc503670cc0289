import type { PolicyRule } from '@lisible/contracts';
import type { MisclassificationCost } from '../statistics/index.ts';

/** The name of the one policy there is; its versions are owned by scoring. */
export const defaultPolicyName = 'consumer-credit';

/** CHANGE THE THRESHOLD HERE: an unpaid loan costs ten times a good client refused, hence the threshold 1/11 ≈ 9.1 %. */
export const defaultMisclassificationCost: MisclassificationCost = { falseNegative: 10, falsePositive: 1 };

/** Share of applications that advisors can review themselves (0..1): it sets the width of the grey zone. */
export const defaultReviewCapacity = 0.08;

/**
 * The declared rules that come before the model, as data. Inputs are named as in the catalogue's `policyInputs`; unlike the
 * model, a rule may read age.
 */
export const defaultPolicyRules: readonly PolicyRule[] = [
  {
    code: 'UNDER_AGE',
    condition: { input: 'isOfAge', operator: 'equals', value: false },
    effect: 'decline',
    statement: {
      fr: 'La demande émane d’une personne qui n’a pas 18 ans révolus : la loi ne permet pas de lui accorder ce crédit.',
      en: 'The applicant is not yet 18 years old: the law does not allow this loan to be granted.',
    },
  },
  {
    code: 'ANNUITY_EXCEEDS_INCOME',
    condition: { input: 'annuityToIncome', operator: 'greater-than', value: 1 },
    effect: 'refer',
    statement: {
      fr: 'L’échéance du crédit demandé dépasse le revenu déclaré pour la même période : un conseiller doit examiner la demande.',
      en: 'The instalment of the loan requested exceeds the income declared for the same period: an advisor must examine the application.',
    },
  },
  {
    // The least informative of 36,386 real applications answers 47 % of the questions: below 40 % the model would speak of what it
    // has never seen, and silence would pay.
    code: 'TOO_LITTLE_KNOWN',
    condition: { input: 'knownFieldShare', operator: 'less-than', value: 0.4 },
    effect: 'refer',
    statement: {
      fr: 'Trop peu d’informations sont renseignées pour s’en remettre à l’estimation du modèle : un conseiller doit examiner la demande.',
      en: 'Too little information is provided to rely on the model’s estimate: an advisor must examine the application.',
    },
  },
];
