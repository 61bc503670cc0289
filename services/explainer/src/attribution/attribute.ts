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
export const attribute = (catalogue: Catalogue, model: ExplainableModel, estimate: Estimate): AttributedReasons =>
  reasonsFrom(catalogue, model, estimate, model.explainer.explain(toVector(model.manifest.featureNames, estimate.features)));

/** As `attribute`, for estimates of one model at once: several times faster a row. @throws as `attribute`, where any of them fails. */
export const attributeAll = (catalogue: Catalogue, model: ExplainableModel, estimates: readonly Estimate[]): readonly AttributedReasons[] => {
  const { featureNames } = model.manifest;
  const numFeatures = featureNames.length;
  const values = new Float32Array(estimates.length * numFeatures);
  estimates.forEach(({ features }, row) => values.set(toVector(featureNames, features), row * numFeatures));
  const shapValues = model.explainer.explainRows({ numRows: estimates.length, numFeatures, values });
  return estimates.map((estimate, row) => reasonsFrom(catalogue, model, estimate, shapValues.subarray(row * numFeatures, (row + 1) * numFeatures)));
};

const reasonsFrom = (catalogue: Catalogue, model: ExplainableModel, estimate: Estimate, shapValues: Float64Array): AttributedReasons => {
  const { featureNames, typicalValues } = model.manifest;
  const { applicationId, features, margin, probabilityOfDefault, proposal, currency } = estimate;
  const { baseValue } = model.reference;
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
