import { defineCatalogue, say, type ReasonGroup } from '../catalogue/index.ts';
import { applicationFeatures } from './features.ts';
import { impliedPrice, impliedTerms } from './features/implied-terms.ts';
import { homeCreditFields } from './fields/index.ts';
import { historyFeatures, historyFields, historyReasonGroups } from './history/index.ts';
import { homeCreditPolicyInputs } from './policy-inputs.ts';

const reasonGroups: readonly ReasonGroup[] = [
  { code: 'EXTERNAL_SCORES', label: say('Scores externes', 'External scores') },
  { code: 'LOAN_BURDEN', label: say('Poids du crédit dans le revenu', 'Weight of the loan on income') },
  { code: 'LOAN_AMOUNT', label: say('Montant du crédit', 'Amount of the loan') },
  { code: 'LOAN_PRICE', label: say('Coût du crédit', 'Cost of the loan') },
  { code: 'LOAN_TERM', label: say('Durée du crédit', 'Length of the loan') },
  { code: 'FINANCED_SHARE', label: say('Part du prix financée par le crédit', 'Share of the price paid by the loan') },
  { code: 'CONTRACT_TYPE', label: say('Type de crédit', 'Type of loan') },
  { code: 'INCOME', label: say('Revenu', 'Income') },
  { code: 'EMPLOYMENT_LENGTH', label: say('Ancienneté dans l’emploi', 'Time in the current job') },
  { code: 'OCCUPATION', label: say('Profession et secteur', 'Occupation and sector') },
  { code: 'BUREAU_ENQUIRIES', label: say('Consultations du fichier de crédit', 'Credit bureau enquiries') },
  { code: 'SOCIAL_CIRCLE', label: say('Défauts dans l’entourage', 'Defaults among acquaintances') },
  { code: 'EDUCATION', label: say('Niveau d’études', 'Education level') },
  { code: 'REGISTRATION_AGE', label: say('Ancienneté de l’inscription administrative', 'Age of the civil registration') },
  { code: 'IDENTITY_DOCUMENT_AGE', label: say('Ancienneté de la pièce d’identité', 'Age of the identity document') },
  { code: 'PHONE_CHANGE', label: say('Changement de téléphone', 'Change of phone') },
  { code: 'CONTACT_DETAILS', label: say('Moyens de contact', 'Means of contact') },
  { code: 'HOUSING', label: say('Logement', 'Housing') },
  { code: 'CAR', label: say('Voiture', 'Car') },
  { code: 'REGION', label: say('Région de résidence', 'Region of residence') },
  { code: 'ADDRESSES', label: say('Concordance des adresses', 'Agreement of addresses') },
  { code: 'DWELLING', label: say('Immeuble habité', 'Building lived in') },
  { code: 'DOCUMENTS', label: say('Documents fournis', 'Documents supplied') },
  { code: 'AGE', label: say('Âge', 'Age') },
  { code: 'SEX', label: say('Sexe', 'Sex') },
  { code: 'FAMILY', label: say('Situation de famille', 'Family status') },
  ...historyReasonGroups,
];

/**
 * The catalogue of Home Credit: all columns of its application table but the outcome, under business names, and what its history
 * tables tell of a client's past.
 * Source of the meanings: HomeCredit_columns_description.csv. Change the version with any meaning.
 */
export const homeCreditCatalogue = defineCatalogue({
  name: 'home-credit',
  version: '2.0.0',
  themes: [
    { theme: 'loan-requested', label: say('Crédit demandé', 'Loan requested') },
    { theme: 'work', label: say('Travail et revenus', 'Work and income') },
    { theme: 'credit-bureau', label: say('Fichiers de crédit', 'Credit bureau') },
    { theme: 'past-loans', label: say('Crédits passés', 'Past loans') },
    { theme: 'payments', label: say('Paiements', 'Payments') },
    { theme: 'identity', label: say('Identité', 'Identity') },
    { theme: 'housing', label: say('Logement et biens', 'Housing and belongings') },
    { theme: 'documents', label: say('Documents', 'Documents') },
  ],
  fields: homeCreditFields.map(({ field }) => field),
  historyFields,
  features: [...homeCreditFields.flatMap(({ feature }) => (feature === null ? [] : [feature])), ...applicationFeatures, ...historyFeatures],
  reasonGroups,
  policyInputs: homeCreditPolicyInputs,
  missingMarkers: ['XNA', 'XAP', 'Unknown'],
  displayNameFields: ['firstName', 'lastName'],
  loan: {
    fields: { creditAmount: 'creditAmount', annuityAmount: 'annuityAmount', goodsPriceAmount: 'goodsPriceAmount' },
    // Those in which Home Credit sells, as far as amounts tell them apart.
    terms: [12, 18, 24, 36, 48, 60],
    impliedTerms,
    impliedPrice,
  },
});
