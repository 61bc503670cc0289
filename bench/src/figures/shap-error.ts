import { createRandom } from '@lisible/credit';
import { createTreeExplainer, predictMargin, type TreeEnsemble } from '@lisible/tree-ensemble';
import type { Figure } from '../figure.ts';
import { shapleyValues, smallEnsemble } from '../shapley-by-definition.ts';
import { farthest, withShapModels, type ShapModels } from '../shap-rivals.ts';

const must = 1e-9;
const mustOfFloat32 = 1e-5;
const smallFeatures = 6;

/** Against the sum over all coalitions, on random trees of up to six levels. */
function compareWithDefinition(numEnsembles: number): number {
  const random = createRandom(20261126);
  let error = 0;
  for (let index = 0; index < numEnsembles; index++) {
    const ensemble = smallEnsemble(smallFeatures, random);
    const row = Array.from({ length: smallFeatures }, () => (random.uniform() < 0.2 ? Number.NaN : Math.floor(random.uniform() * 7) - 3));
    const expected = shapleyValues(ensemble, row);
    const explainer = createTreeExplainer(ensemble);
    for (const [feature, value] of explainer.explain(row).entries()) error = Math.max(error, Math.abs(value - (expected[feature] ?? Number.NaN)));
  }
  return error;
}

/** Greatest distance of base and values from the margin. */
function missOfMargin(ensemble: TreeEnsemble, { row }: ShapModels, numRows: number): number {
  const explainer = createTreeExplainer(ensemble);
  return Array.from({ length: numRows }, (_, index) => {
    const total = explainer.explain(row(index)).reduce((sum, value) => sum + value, explainer.baseValue);
    return Math.abs(total - predictMargin(ensemble, row(index)));
  }).reduce((most, miss) => Math.max(most, miss), 0);
}

export const shapError: Figure = {
  name: 'shap-error',
  title: "SHAP values: against all coalitions on small trees, LightGBM's pred_contrib and shap on 1000 trees of 31 leaves, and base + sum − margin",
  unit: '(greatest difference, log-odds)',
  target: `at most ${must} (aim 1e-12); XGBoost, which computes in float32, within ${mustOfFloat32}`,

  async measure({ isShort, log }) {
    const numEnsembles = isShort ? 500 : 5000;
    log(`${numEnsembles} small ensembles against all coalitions…`);
    const byDefinition = compareWithDefinition(numEnsembles);
    return withShapModels(isShort ? 300 : 1000, log, async (models) => {
      const numRows = isShort ? 16 : 200;
      const rivals = await models.explainByRivals(0, numRows);
      const attribute = (ensemble: TreeEnsemble) => {
        const explainer = createTreeExplainer(ensemble);
        return Array.from({ length: numRows }, (_, index) => ({ baseValue: explainer.baseValue, shapValues: explainer.explain(models.row(index)) }));
      };
      const [ofLightGbm, ofXgBoost] = [attribute(models.lightGbm), attribute(models.xgBoost)];
      const numInteractionRows = 4;
      const interactions = await models.interactByShap(0, numInteractionRows);
      const explainer = createTreeExplainer(models.lightGbm);
      const size = models.numFeatures ** 2;
      // The first call lays the pairs out.
      explainer.interactions(models.row(numRows));
      const began = performance.now();
      const ourInteractions = Array.from({ length: numInteractionRows }, (_, index) => explainer.interactions(models.row(index)));
      const interactionMs = (performance.now() - began) / numInteractionRows;
      const ofInteractions = ourInteractions.flatMap((values, index) =>
        Array.from(values, (value, place) => Math.abs(value - (interactions.values[index * size + place] ?? Number.NaN))),
      );
      const strict = {
        'all coalitions': byDefinition,
        "LightGBM's pred_contrib": farthest(ofLightGbm, rivals.lightgbm.values),
        shap: farthest(ofLightGbm, rivals.shap.values),
        "shap's interaction values": ofInteractions.reduce((most, value) => (value <= most ? most : value), 0),
        "base + sum − margin, LightGBM's trees": missOfMargin(models.lightGbm, models, numRows),
        "base + sum − margin, XGBoost's trees": missOfMargin(models.xgBoost, models, numRows),
      };
      const inFloat32 = {
        'XGBoost (float32)': farthest(ofXgBoost, rivals.xgboost.values),
        'XGBoost by quadrature (float32)': farthest(ofXgBoost, rivals['xgboost by quadrature'].values),
      };
      const value = Object.values(strict).reduce((most, error) => (error <= most ? most : error), 0);
      return {
        value,
        samples: Object.values(strict),
        rival: { name: 'limit', value: must },
        isMet: value <= must && Object.values(inFloat32).every((error) => error <= mustOfFloat32),
        details: {
          ...strict,
          ...inFloat32,
          'small ensembles': numEnsembles,
          rows: numRows,
          trees: models.numTrees,
          'interaction values, ms a row': Math.round(interactionMs * 100) / 100,
          "shap's interaction values, ms a row": Math.round((interactions.milliseconds[0] ?? Number.NaN) * 100) / 100,
          versions: [...models.versions].join(', '),
        },
      };
    });
  },
};
