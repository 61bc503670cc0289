import type { FeatureDraft } from '../catalogue/index.ts';
import { countFeatures } from './features/counts.ts';
import { externalScoreFeatures } from './features/external-scores.ts';
import { fairnessFeatures } from './features/fairness.ts';
import { loanPriceFeatures } from './features/loan-price.ts';
import { loanFeatures } from './features/loan.ts';
import { workFeatures } from './features/work.ts';

/** Features computed from several fields; those of one field stand beside the field. */
export const applicationFeatures: readonly FeatureDraft[] = [
  ...loanFeatures,
  ...loanPriceFeatures,
  ...externalScoreFeatures,
  ...workFeatures,
  ...countFeatures,
  ...fairnessFeatures,
];
