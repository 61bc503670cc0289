import type { ModelManifest, Policy } from '@lisible/contracts';
import type { Catalogue } from '../catalogue/index.ts';
import { decide, type PolicyInputs, type PolicyOutcome } from './decide.ts';
import { featuresOutsideTrainingRange, outsideTrainingRangeInput, outsideTrainingRangeInWords } from './training-range.ts';

/** One application as a model has scored it. */
export interface ScoredApplication {
  readonly features: Readonly<Record<string, number | null>>;
  /** The same as the model reads them, in its order, missing as NaN. */
  readonly values: ArrayLike<number>;
  /** What the catalogue computes; the count of features outside the training range is the model's and is added here. */
  readonly policyInputs: PolicyInputs;
  readonly probabilityOfDefault: number;
  /** ISO 4217. */
  readonly currency: string;
}

/**
 * What a policy makes of one scored application, its unusual values told to the rules by number and in words. `catalogue` is null where
 * the model's is not one of ours: their number stands for them then.
 * @returns the outcome, and the inputs that the rules were given
 * @throws PolicyError probability-out-of-range
 */
export const decideScored = (
  policy: Policy,
  { featureNames, trainingRanges }: Pick<ModelManifest, 'featureNames' | 'trainingRanges'>,
  catalogue: Catalogue | null,
  { features, values, policyInputs, probabilityOfDefault, currency }: ScoredApplication,
): { readonly outcome: PolicyOutcome; readonly policyInputs: PolicyInputs } => {
  const outside = featuresOutsideTrainingRange(trainingRanges, featureNames, values);
  const inputs = { ...policyInputs, [outsideTrainingRangeInput]: outside.length };
  const words =
    outside.length === 0 || catalogue === null
      ? {}
      : { [outsideTrainingRangeInput]: outsideTrainingRangeInWords(catalogue, trainingRanges, outside, features, currency) };
  return { outcome: decide(policy, { probabilityOfDefault, policyInputs: inputs, words }), policyInputs: inputs };
};
