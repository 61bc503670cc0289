import type { FeatureDraft } from '../../catalogue/index.ts';
import { toYears } from '../declare-field.ts';
import { workFields } from '../fields/work.ts';
import { categorySentences, quotientSentences, withoutCar, withoutJob } from '../sentences.ts';
import { feature, isKnown, ratio } from './feature.ts';

const incomeCategories = workFields.find(({ field }) => field.name === 'incomeType')?.field.categories ?? [];
/** Codes of the incomes that go without a job. */
const codesWithoutJob: ReadonlySet<number> = new Set(
  ['unemployed', 'pensioner'].map((value) => incomeCategories.findIndex((category) => category.value === value)),
);

/** The job, beside other lengths of time. */
export const workFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'isRetiredOrUnemployed',
    label: ['Sans emploi actuel', 'Without a current job'],
    definition: [
      'Le client est retraité, pensionné ou sans emploi et n’a déclaré aucun emploi en cours.',
      'The client is retired, on a pension or unemployed and declared no current job.',
    ],
    theme: 'work',
    unit: 'none',
    format: { kind: 'boolean', decimals: 0, categories: null },
    from: ['incomeType', 'employedSince'],
    reasonCode: 'EMPLOYMENT_LENGTH',
    sentences: categorySentences(['Sans emploi actuel', 'Without a current job']),
    compute: (incomeType = Number.NaN, daysEmployed = Number.NaN) => {
      if (isKnown(daysEmployed)) return 0;
      return isKnown(incomeType) ? Number(codesWithoutJob.has(incomeType)) : Number.NaN;
    },
  }),
  feature({
    name: 'employmentToRegistration',
    label: ['Emploi rapporté à l’inscription administrative', 'Job over civil registration'],
    definition: [
      'Ancienneté dans l’emploi divisée par l’ancienneté de l’inscription administrative.',
      'Time in the current job divided by the age of the civil registration.',
    ],
    theme: 'work',
    unit: 'none',
    decimals: 2,
    from: ['employedSince', 'registeredSince'],
    reasonCode: 'EMPLOYMENT_LENGTH',
    sentences: quotientSentences(
      ['Emploi rapporté à l’inscription administrative', 'Job over civil registration'],
      [
        ['L’ancienneté dans l’emploi vaut', ' celle de l’inscription administrative'],
        ['The time in the current job is', ' the age of the civil registration'],
      ],
      ['fois', 'times'],
    ),
    notApplicable: [withoutJob],
    compute: ratio,
  }),
  feature({
    name: 'employmentToIdentityDocument',
    label: ['Emploi rapporté à la pièce d’identité', 'Job over identity document'],
    definition: [
      'Ancienneté dans l’emploi divisée par l’ancienneté de la pièce d’identité.',
      'Time in the current job divided by the age of the identity document.',
    ],
    theme: 'work',
    unit: 'none',
    decimals: 2,
    from: ['employedSince', 'identityDocumentIssuedOn'],
    reasonCode: 'EMPLOYMENT_LENGTH',
    sentences: quotientSentences(
      ['Emploi rapporté à la pièce d’identité', 'Job over identity document'],
      [
        ['L’ancienneté dans l’emploi vaut', ' celle de la pièce d’identité'],
        ['The time in the current job is', ' the age of the identity document'],
      ],
      ['fois', 'times'],
    ),
    notApplicable: [withoutJob],
    compute: ratio,
  }),
  feature({
    name: 'phoneToEmployment',
    label: ['Téléphone rapporté à l’emploi', 'Phone over job'],
    definition: [
      'Temps depuis le changement de téléphone divisé par l’ancienneté dans l’emploi.',
      'Time since the change of phone divided by the time in the current job.',
    ],
    theme: 'work',
    unit: 'none',
    decimals: 2,
    from: ['phoneChangedOn', 'employedSince'],
    reasonCode: 'PHONE_CHANGE',
    sentences: quotientSentences(
      ['Téléphone rapporté à l’emploi', 'Phone over job'],
      [
        ['Le temps écoulé depuis le changement de téléphone vaut', ' l’ancienneté dans l’emploi'],
        ['The time since the change of phone is', ' the time in the current job'],
      ],
      ['fois', 'times'],
    ),
    notApplicable: [withoutJob],
    compute: ratio,
  }),
  feature({
    name: 'carAgeToEmployment',
    label: ['Âge de la voiture rapporté à l’emploi', 'Age of the car over job'],
    definition: [
      'Âge de la voiture divisé par l’ancienneté dans l’emploi, en années.',
      'Age of the car divided by the time in the current job, in years.',
    ],
    theme: 'work',
    unit: 'none',
    decimals: 2,
    from: ['carAgeYears', 'employedSince'],
    reasonCode: 'CAR',
    sentences: quotientSentences(
      ['Âge de la voiture rapporté à l’emploi', 'Age of the car over job'],
      [
        ['L’âge de la voiture vaut', ' l’ancienneté dans l’emploi'],
        ['The age of the car is', ' the time in the current job'],
      ],
      ['fois', 'times'],
    ),
    notApplicable: [withoutCar, withoutJob],
    compute: (carAgeYears = Number.NaN, daysEmployed = Number.NaN) => carAgeYears / toYears(daysEmployed),
  }),
];
