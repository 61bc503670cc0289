import { say, type PolicyInputDefinition } from '../catalogue/index.ts';
import { isoDateOfDay, SUBMITTED_AT } from '../features/index.ts';
import { homeCreditFields } from './fields/index.ts';

const AGE_OF_MAJORITY_YEARS = 18;
const HOURS_PER_DAY = 24;

/** Whether the eighteenth birthday lies on or before the day of submission; who is born on 29 February comes of age on 1 March. */
const isOfAge = (submissionHours = Number.NaN, daysSinceBirth = Number.NaN): number => {
  if (Number.isNaN(submissionHours) || Number.isNaN(daysSinceBirth)) return Number.NaN;
  const submissionDay = Math.floor(submissionHours / HOURS_PER_DAY);
  const [submitted, born] = [isoDateOfDay(submissionDay), isoDateOfDay(submissionDay - daysSinceBirth)];
  const comesOfAge = `${String(Number(born.slice(0, 4)) + AGE_OF_MAJORITY_YEARS).padStart(4, '0')}${born.slice(4)}`;
  // ISO dates compare as texts, and 29 February of a common year falls between 28 February and 1 March.
  return submitted >= comesOfAge ? 1 : 0;
};

const itself = (value = Number.NaN): number => value;
const ratio = (numerator = Number.NaN, denominator = Number.NaN): number => numerator / denominator;

/** Share of values that are known, counted without copies: it is computed for every application of a bulk run. */
const knownShare = (...values: readonly number[]): number => {
  let known = 0;
  for (const value of values) if (!Number.isNaN(value)) known += 1;
  return known / values.length;
};

/** What an application may say that the model may read, on its own or counted with others. */
const informativeFields = homeCreditFields
  .filter(({ field }) => field.purpose === 'credit-assessment' && field.protection === null)
  .map(({ field }) => field.name);

/** What declared rules may read: claims and ratios, never the birth date itself. */
export const homeCreditPolicyInputs: readonly PolicyInputDefinition[] = [
  {
    name: 'isOfAge',
    label: say('Le client est majeur', 'The client is of age'),
    type: 'boolean',
    derivedFrom: [SUBMITTED_AT, 'birthDate'],
    compute: isOfAge,
  },
  { name: 'creditAmount', label: say('Montant du crédit', 'Credit amount'), type: 'number', derivedFrom: ['creditAmount'], compute: itself },
  {
    name: 'annuityToIncome',
    label: say(
      'Part du revenu prise par l’échéance, les deux pris sur la même période',
      'Share of income taken by the instalment, both over the same period',
    ),
    type: 'number',
    derivedFrom: ['annuityAmount', 'incomeAmount'],
    compute: ratio,
  },
  {
    name: 'creditToIncome',
    label: say('Crédit rapporté au revenu', 'Credit over income'),
    type: 'number',
    derivedFrom: ['creditAmount', 'incomeAmount'],
    compute: ratio,
  },
  {
    name: 'remainingIncomeAmount',
    label: say('Revenu restant après l’échéance', 'Income left after the instalment'),
    type: 'number',
    derivedFrom: ['incomeAmount', 'annuityAmount'],
    compute: (income = Number.NaN, annuity = Number.NaN) => income - annuity,
  },
  {
    name: 'hasCurrentEmployment',
    label: say('Le client a déclaré un emploi en cours', 'The client declared a current job'),
    type: 'boolean',
    derivedFrom: ['employedSince'],
    compute: (daysEmployed = Number.NaN) => (Number.isNaN(daysEmployed) ? 0 : 1),
  },
  {
    name: 'isInPaymentIncidentRegister',
    label: say('Inscrit au fichier des incidents de remboursement', 'In the register of payment incidents'),
    type: 'boolean',
    derivedFrom: ['isInPaymentIncidentRegister'],
    compute: itself,
  },
  {
    name: 'knownFieldShare',
    label: say('Part des informations renseignées', 'Share of the information provided'),
    type: 'number',
    derivedFrom: informativeFields,
    compute: knownShare,
  },
];
