import {
  defineCatalogue,
  formatOf,
  quotientSentences,
  say,
  type FeatureDraft,
  type PolicyInputDefinition,
  type ReasonGroup,
} from '../catalogue/index.ts';
import { germanCreditFields } from './fields.ts';

const reasonGroups: readonly ReasonGroup[] = [
  { code: 'LOAN_AMOUNT', label: say('Montant du crédit', 'Amount of the loan') },
  { code: 'LOAN_TERM', label: say('Durée du crédit', 'Length of the loan') },
  { code: 'LOAN_BURDEN', label: say('Poids des échéances', 'Weight of the instalments') },
  { code: 'PURPOSE', label: say('Objet du crédit', 'Purpose of the loan') },
  { code: 'GUARANTOR', label: say('Garant ou coemprunteur', 'Guarantor or co-applicant') },
  { code: 'ACCOUNTS', label: say('Comptes et épargne', 'Accounts and savings') },
  { code: 'CREDIT_HISTORY', label: say('Crédits passés', 'Past credits') },
  { code: 'OTHER_PLANS', label: say('Autres paiements échelonnés', 'Other instalment plans') },
  { code: 'EMPLOYMENT', label: say('Emploi', 'Employment') },
  { code: 'HOUSING', label: say('Logement', 'Housing') },
  { code: 'PROPERTY', label: say('Patrimoine', 'Property') },
  { code: 'CONTACT_DETAILS', label: say('Moyens de contact', 'Means of contact') },
  { code: 'AGE', label: say('Âge', 'Age') },
  { code: 'SEX', label: say('Sexe', 'Sex') },
  { code: 'FAMILY', label: say('Situation de famille', 'Family status') },
  { code: 'NATIONALITY', label: say('Nationalité', 'Nationality') },
];

const itself = (value = Number.NaN): number => value;

/** Features of several fields; those of one stand with their field. */
const derivedFeatures: readonly FeatureDraft[] = [
  {
    name: 'amountPerMonth',
    label: say('Montant par mois', 'Amount per month'),
    definition: say('Montant du crédit divisé par sa durée, hors intérêts.', 'The credit amount over its length, interest aside.'),
    theme: 'loan-requested',
    unit: 'currency',
    derivedFrom: ['creditAmount', 'durationMonths'],
    reasonCode: 'LOAN_BURDEN',
    monotoneDirection: null,
    format: formatOf('currency', 0),
    sentences: quotientSentences(
      ['Montant par mois', 'Amount per month'],
      [
        ['Le crédit demande de rembourser', ' par mois, hors intérêts'],
        ['The loan asks for', ' a month to be repaid, interest aside'],
      ],
      ['', ''],
    ),
    compute: (amount = Number.NaN, months = Number.NaN) => amount / months,
  },
];

/** What an application may say that the model may read. */
const informativeFields = germanCreditFields.filter(({ field }) => field.protection === null).map(({ field }) => field.name);

const AGE_OF_MAJORITY_YEARS = 18;

const policyInputs: readonly PolicyInputDefinition[] = [
  {
    name: 'isOfAge',
    label: say('Le client est majeur', 'The client is of age'),
    type: 'boolean',
    derivedFrom: ['ageYears'],
    compute: (age = Number.NaN) => (Number.isNaN(age) ? Number.NaN : Number(age >= AGE_OF_MAJORITY_YEARS)),
  },
  { name: 'creditAmount', label: say('Montant du crédit', 'Credit amount'), type: 'number', derivedFrom: ['creditAmount'], compute: itself },
  {
    name: 'knownFieldShare',
    label: say('Part des informations renseignées', 'Share of the information provided'),
    type: 'number',
    derivedFrom: informativeFields,
    compute: (...values) => values.filter((value) => !Number.isNaN(value)).length / values.length,
  },
];

/**
 * The catalogue of the Statlog German credit data: 1,000 loans of a bank in the south of Germany (Hans Hofmann, UCI Machine Learning
 * Repository, 1994, CC BY 4.0). Change the version with any meaning.
 */
export const germanCreditCatalogue = defineCatalogue({
  name: 'german-credit',
  version: '1.0.0',
  themes: [
    { theme: 'loan-requested', label: say('Crédit demandé', 'Loan requested') },
    { theme: 'payments', label: say('Comptes', 'Accounts') },
    { theme: 'past-loans', label: say('Crédits passés', 'Past credits') },
    { theme: 'work', label: say('Travail', 'Work') },
    { theme: 'housing', label: say('Logement et biens', 'Housing and belongings') },
    { theme: 'identity', label: say('Identité', 'Identity') },
  ],
  fields: germanCreditFields.map(({ field }) => field),
  historyFields: [],
  features: [...germanCreditFields.map(({ feature }) => feature), ...derivedFeatures],
  reasonGroups,
  policyInputs,
  missingMarkers: [],
  displayNameFields: [],
});
