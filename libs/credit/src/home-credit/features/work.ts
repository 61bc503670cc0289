import type { FeatureDraft } from '../../catalogue/index.ts';
import { workFields } from '../fields/work.ts';
import { categorySentences } from '../sentences.ts';
import { feature, isKnown } from './feature.ts';

const incomeCategories = workFields.find(({ field }) => field.name === 'incomeType')?.field.categories ?? [];
/** Codes of the incomes that go without a job. */
const codesWithoutJob: ReadonlySet<number> = new Set(
  ['unemployed', 'pensioner'].map((value) => incomeCategories.findIndex((category) => category.value === value)),
);

/** Whether there is a job at all; how long it has lasted is the feature of its own field. */
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
];
