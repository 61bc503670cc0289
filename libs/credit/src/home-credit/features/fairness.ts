import type { FeatureDraft } from '../../catalogue/index.ts';
import { feature, ratio } from './feature.ts';

/** Never in the model, by derivation; they serve to measure fairness. */
export const fairnessFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'employmentShareOfLife',
    label: ['Part de la vie passée dans l’emploi actuel', 'Share of life spent in the current job'],
    definition: ['Ancienneté dans l’emploi divisée par l’âge.', 'Time in the current job divided by age.'],
    theme: 'work',
    unit: 'share',
    decimals: 0,
    from: ['employedSince', 'birthDate'],
    reasonCode: 'AGE',
    compute: ratio,
  }),
  feature({
    name: 'incomePerFamilyMemberAmount',
    label: ['Revenu par personne du foyer', 'Income for each person of the household'],
    definition: [
      'Revenu déclaré divisé par le nombre de personnes du foyer.',
      'The declared income divided by the number of people in the household.',
    ],
    theme: 'work',
    unit: 'currency',
    from: ['incomeAmount', 'familyMembersCount'],
    reasonCode: 'FAMILY',
    compute: ratio,
  }),
];
