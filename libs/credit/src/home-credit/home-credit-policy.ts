import type { PolicyRule } from '@lisible/contracts';
import { say } from '../catalogue/index.ts';
import type { PolicyDefaults } from '../lender/index.ts';
import { outsideTrainingRangeInput } from '../policy/index.ts';

/** Share of the income that the instalment may take, both over the same period. */
const greatestAnnuityToIncome = 0.5;
/** Income left after the instalment, over the period of the two. */
const leastRemainingIncomeAmount = 20_000;
/** What French law still calls a consumer credit (code de la consommation, art. L. 312-4, 1°). */
const leastCreditAmount = 200;
/** Above, a single loan is for a person to grant. */
const greatestCreditAmount = 2_500_000;

const writeFr = (amount: number): string => amount.toLocaleString('fr-FR');
const writeEn = (amount: number): string => amount.toLocaleString('en-GB');

/**
 * The declared rules that come before the model, as data. Inputs are named as in the catalogue's `policyInputs`, but for the one that
 * scoring counts itself; unlike the model, a rule may read age. Limits were chosen by what they do to the 33,907 labelled and 2,479
 * unlabelled applications of the public extract, stated beside each.
 */
const rules: readonly PolicyRule[] = [
  {
    code: 'UNDER_AGE',
    condition: { input: 'isOfAge', operator: 'equals', value: false },
    effect: 'decline',
    statement: say(
      'La demande émane d’une personne qui n’a pas 18 ans révolus : la loi ne permet pas de lui accorder ce crédit.',
      'The applicant is not yet 18 years old: the law does not allow this loan to be granted.',
    ),
  },
  {
    // Nobody is near: the smallest real credit is 45,000.
    code: 'CREDIT_TOO_SMALL',
    condition: { input: 'creditAmount', operator: 'less-than', value: leastCreditAmount },
    effect: 'decline',
    statement: say(
      `Le montant demandé est inférieur à ${writeFr(leastCreditAmount)} €, le plus petit crédit à la consommation que l’établissement accorde.`,
      `The amount requested is under €${writeEn(leastCreditAmount)}, the smallest consumer loan that the lender grants.`,
    ),
  },
  {
    // The law has the register consulted before a loan is granted and leaves the decision to the lender (code de la consommation,
    // art. L. 312-16 and L. 751-1): being in it is for a person to weigh. The public data do not tell it, so no effect could be measured.
    code: 'PAYMENT_INCIDENT_REGISTER',
    condition: { input: 'isInPaymentIncidentRegister', operator: 'equals', value: true },
    effect: 'refer',
    statement: say(
      'Le client est inscrit au fichier des incidents de remboursement (FICP) : un conseiller doit examiner la demande.',
      'The client is in the register of payment incidents: an advisor must examine the application.',
    ),
  },
  {
    // 35 %, the French practice (HCSF), is meant for housing loans and for all debts together. Here the loan requested counts alone, and
    // 35 % would refer 5.2 % of the labelled and 5.5 % of the unlabelled applications, whose default rate (7.6 %) is under the mean
    // (7.9 %). Half of the income refers 0.85 % of either; 9.8 % of those 287 defaulted (Wilson 6.9 to 13.7 %).
    code: 'DEBT_RATIO_TOO_HIGH',
    condition: { input: 'annuityToIncome', operator: 'greater-than', value: greatestAnnuityToIncome },
    effect: 'refer',
    statement: say(
      `L’échéance du crédit demandé prend plus de ${greatestAnnuityToIncome * 100} % du revenu déclaré : un conseiller doit examiner la demande.`,
      `The instalment of the loan requested takes more than ${greatestAnnuityToIncome * 100}% of the declared income: an advisor must examine the application.`,
    ),
  },
  {
    // A share says little of a small income. 96 labelled (0.28 %) and 3 unlabelled applications (0.12 %) leave less; 10.4 % of the 96
    // defaulted (Wilson 5.8 to 18.1 %). Below 18,000 the rule would only repeat the one above.
    code: 'REMAINING_INCOME_TOO_LOW',
    condition: { input: 'remainingIncomeAmount', operator: 'less-than', value: leastRemainingIncomeAmount },
    effect: 'refer',
    statement: say(
      `Une fois l’échéance payée, il reste au client moins de ${writeFr(leastRemainingIncomeAmount)} € de revenu : un conseiller doit examiner la demande.`,
      `Once the instalment is paid, less than €${writeEn(leastRemainingIncomeAmount)} of income is left to the client: an advisor must examine the application.`,
    ),
  },
  {
    // 54 labelled (0.16 %) and no unlabelled application ask for more; the greatest asks for 4,027,680.
    code: 'CREDIT_TOO_LARGE',
    condition: { input: 'creditAmount', operator: 'greater-than', value: greatestCreditAmount },
    effect: 'refer',
    statement: say(
      `Le montant demandé dépasse ${writeFr(greatestCreditAmount)} € : un crédit de cette taille ne s’accorde pas sans qu’un conseiller l’examine.`,
      `The amount requested exceeds €${writeEn(greatestCreditAmount)}: a loan of this size is not granted before an advisor has examined it.`,
    ),
  },
  {
    // The least informative of 36,386 real applications answers 47 % of the questions: below 40 % the model would speak of what it
    // has never seen, and silence would pay.
    code: 'TOO_LITTLE_KNOWN',
    condition: { input: 'knownFieldShare', operator: 'less-than', value: 0.4 },
    effect: 'refer',
    statement: say(
      'Trop peu d’informations sont renseignées pour s’en remettre à l’estimation du modèle : un conseiller doit examiner la demande.',
      'Too little information is provided to rely on the model’s estimate: an advisor must examine the application.',
    ),
  },
  {
    // One unlabelled application (0.04 %), see `trainingRangeTolerance`.
    code: 'OUTSIDE_TRAINING_RANGE',
    condition: { input: outsideTrainingRangeInput, operator: 'greater-than', value: 0 },
    effect: 'refer',
    statement: say(
      `Le modèle n’a rien appris de valeurs pareilles : {${outsideTrainingRangeInput}}. Un conseiller doit examiner la demande.`,
      `The model has learnt nothing about such values: {${outsideTrainingRangeInput}}. An advisor must examine the application.`,
    ),
  },
];

/** The policy that Home Credit's lender starts with. CHANGE THE THRESHOLD HERE. */
export const homeCreditPolicy: PolicyDefaults = {
  policyName: 'consumer-credit',
  /** An unpaid loan costs ten times a good client refused, hence the threshold 1/11 ≈ 9.1 %. */
  misclassificationCost: { falseNegative: 10, falsePositive: 1 },
  /** It sets the width of the grey zone. */
  reviewCapacity: 0.08,
  rules,
};
