import type { Explanation, FeatureValues, Proposal } from '@lisible/contracts';
import { toVector, writeReasons } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import type { ExplainableModel } from '../model-versions/explainable-model.ts';

/** What was estimated, and from what. */
export interface Estimate {
  readonly applicationId: string;
  readonly features: FeatureValues;
  readonly margin: number;
  readonly probabilityOfDefault: number;
  readonly proposal: Proposal;
  /** ISO 4217, for the amounts in sentences; null where unknown. */
  readonly currency: string | null;
}

export type AttributedReasons = Pick<Explanation, 'reference' | 'populationBaseValue' | 'reasonCodes' | 'others' | 'attributions'>;

/** Log-odds; the sums run over hundreds of leaves in another order than the model's own. */
const additivityTolerance = 1e-9;

/**
 * Exact SHAP values of one estimate and the reasons they make.
 * Invariant, checked on every row: baseValue + Σ shapValues = margin of the very estimate shown.
 * @throws Error when the attributions do not add up to it: these are not the trees that made it.
 */
export const attribute = (catalogue: Catalogue, model: ExplainableModel, estimate: Estimate): AttributedReasons => {
  const { featureNames, typicalValues } = model.manifest;
  const { applicationId, features, margin, probabilityOfDefault, proposal, currency } = estimate;
  const { baseValue } = model.reference;
  const shapValues = model.explainer.explain(toVector(featureNames, features));
  const difference = Math.abs(shapValues.reduce((sum, value) => sum + value, baseValue) - margin);
  if (!(difference <= additivityTolerance)) {
    throw new Error(`attributions of ${applicationId} miss the margin of model ${model.manifest.modelVersion} by ${difference}`);
  }
  const { reasonCodes, others } = writeReasons({
    catalogue,
    featureNames,
    shapValues,
    baseValue,
    features,
    typicalValues,
    probabilityOfDefault,
    proposal,
    currency,
  });
  return {
    reference: model.reference,
    populationBaseValue: model.populationBaseValue,
    reasonCodes,
    others,
    attributions: {
      baseValue,
      shapValues: [...shapValues],
      featureNames: [...featureNames],
      featureValues: featureNames.map((name) => features[name] ?? null),
      outputSpace: 'log-odds',
    },
  };
};
