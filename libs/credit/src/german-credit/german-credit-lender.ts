import type { PolicyRule } from '@lisible/contracts';
import type { Lender } from '../lender/index.ts';
import { germanCreditAboutData } from './about-data.ts';
import { germanCreditCatalogue } from './german-credit-catalogue.ts';
import { germanCreditSource } from './german-credit-source.ts';

const rules: readonly PolicyRule[] = [
  {
    code: 'UNDER_AGE',
    condition: { input: 'isOfAge', operator: 'equals', value: false },
    effect: 'decline',
    statement: {
      fr: 'La demande émane d’une personne qui n’a pas 18 ans révolus : la loi ne permet pas de lui accorder ce crédit.',
      en: 'The applicant is not yet 18 years old: the law does not allow this loan to be granted.',
    },
  },
  {
    code: 'TOO_LITTLE_KNOWN',
    condition: { input: 'knownFieldShare', operator: 'less-than', value: 0.5 },
    effect: 'refer',
    statement: {
      fr: 'Trop peu d’informations sont renseignées pour s’en remettre à l’estimation du modèle : un conseiller doit examiner la demande.',
      en: 'Too little information is provided to rely on the model’s estimate: an advisor must examine the application.',
    },
  },
];

/** A bank in the south of Germany, 1994: the second lender. */
export const germanCreditLender: Lender = {
  name: germanCreditCatalogue.name,
  catalogue: germanCreditCatalogue,
  source: germanCreditSource,
  policy: {
    policyName: 'german-bank-credit',
    /** The data set's own cost matrix: a bad client taken for good costs 5, the reverse 1. */
    misclassificationCost: { falseNegative: 5, falsePositive: 1 },
    reviewCapacity: 0.08,
    rules,
  },
  about: germanCreditAboutData,
};
