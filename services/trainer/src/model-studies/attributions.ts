import { createRandom } from '@lisible/credit';
import { createTreeExplainer } from '@lisible/tree-ensemble';
import type { CrossValidation } from '../train-model/cross-validate.ts';
import { derivedSeed } from '../train-model/fold-plan.ts';
import type { LabelledMatrix } from '../train-model/fold-plan.ts';
import type { AttributionStudy } from './model-studies.ts';

/** So many of the numbers below `total`, ascending, each subset equally likely (Knuth, TAOCP 2, algorithm S). */
export const sampleRows = (total: number, size: number, seed: number): Uint32Array => {
  const random = createRandom(seed);
  const wanted = Math.min(size, total);
  const rows = new Uint32Array(wanted);
  let taken = 0;
  for (let row = 0; taken < wanted; row++) {
    if ((total - row) * random.uniform() < wanted - taken) rows[taken++] = row;
  }
  return rows;
};

/** Exact SHAP values of a seeded sample of the rows, each by the calibrated fold model that never saw it. */
export const attributeSample = (
  { matrix, featureNames }: LabelledMatrix,
  { folds, foldModels, seed }: CrossValidation,
  size: number,
): AttributionStudy => {
  const { numFeatures, values } = matrix;
  const rows = sampleRows(matrix.numRows, size, derivedSeed(seed, 4));
  const shapValues = new Float64Array(rows.length * numFeatures);
  const featureValues = new Float32Array(rows.length * numFeatures);
  const baseValues = new Float64Array(rows.length);
  const explainers = foldModels.map(createTreeExplainer);
  rows.forEach((row, position) => {
    const explainer = explainers[folds[row] ?? 0];
    if (explainer === undefined) return;
    const ofRow = values.subarray(row * numFeatures, (row + 1) * numFeatures);
    shapValues.set(explainer.explain(ofRow), position * numFeatures);
    featureValues.set(ofRow, position * numFeatures);
    baseValues[position] = explainer.baseValue;
  });
  return { rows, featureNames, shapValues, baseValues, featureValues };
};
