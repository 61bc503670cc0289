import { createTreeExplainer, predictMargin, type TreeEnsemble, type TreeExplainer } from '@lisible/tree-ensemble';
import { describeMachine, median, type Figure } from '../figure.ts';
import { farthest, rivalNames, withShapModels, type RivalName, type ShapModels } from '../shap-rivals.ts';

const must = 0.15;
const rowsOfRun = 16;
const warmRuns = 400;
const allowed = { lightgbm: 1e-9, shap: 1e-9, xgboost: 1e-5, 'xgboost by quadrature': 1e-5 } as const satisfies Record<RivalName, number>;

/** Distinct rows, one a call. */
function time(explainer: TreeExplainer, { row }: ShapModels, first: number) {
  const milliseconds: number[] = [];
  const attributions = Array.from({ length: rowsOfRun }, (_, index) => {
    const values = row(first + index);
    const began = performance.now();
    const shapValues = explainer.explain(values);
    milliseconds.push(performance.now() - began);
    return { baseValue: explainer.baseValue, shapValues };
  });
  return { milliseconds, attributions };
}

function assertAdds(ensemble: TreeEnsemble, { row }: ShapModels, first: number, { attributions }: ReturnType<typeof time>): void {
  for (const [index, { baseValue, shapValues }] of attributions.entries()) {
    const total = shapValues.reduce((sum, value) => sum + value, baseValue);
    const error = Math.abs(total - predictMargin(ensemble, row(first + index)));
    if (!(error < 1e-9)) throw new Error(`row ${first + index}: base and values miss the margin by ${error}`);
  }
}

const spread = (samples: readonly number[]): string =>
  `${median(samples).toFixed(3)} (${Math.min(...samples).toFixed(3)} to ${Math.max(...samples).toFixed(3)})`;

export const shapSpeed: Figure = {
  name: 'shap-speed',
  title: "exact SHAP values of one distinct row, 1000 trees of 31 leaves, one thread, beside XGBoost's pred_contribs of the same model",
  unit: '(share of the time of the faster XGBoost)',
  target: `at most ${must} (aim 0.08)`,

  async measure({ isShort, log }) {
    return withShapModels(isShort ? 300 : 1000, log, async (models) => {
      const ensembles = { xgboost: models.xgBoost, lightgbm: models.lightGbm };
      const explainers = { xgboost: createTreeExplainer(ensembles.xgboost), lightgbm: createTreeExplainer(ensembles.lightgbm) };
      const ours = { xgboost: new Array<number>(), lightgbm: new Array<number>() };
      const theirs = new Map<RivalName, number[]>(rivalNames.map((name) => [name, []]));
      const ratios: number[] = [];
      const errors = new Map<string, number>();
      for (let run = 0; run < (isShort ? 2 : 5); run++) {
        const first = run * rowsOfRun;
        for (const explainer of Object.values(explainers)) {
          for (let warm = 0; warm < warmRuns; warm++) explainer.explain(models.row(500 + (warm % 100)));
        }
        const measured = { xgboost: time(explainers.xgboost, models, first), lightgbm: time(explainers.lightgbm, models, first) };
        const rivals = await models.explainByRivals(first, rowsOfRun);
        for (const name of rivalNames) {
          const model = name === 'xgboost' || name === 'xgboost by quadrature' ? 'xgboost' : 'lightgbm';
          const error = farthest(measured[model].attributions, rivals[name].values);
          if (!(error < allowed[name])) throw new Error(`our values differ from those of ${name} by ${error}`);
          errors.set(name, Math.max(errors.get(name) ?? 0, error));
          theirs.get(name)?.push(median(rivals[name].milliseconds));
        }
        for (const model of ['xgboost', 'lightgbm'] as const) {
          assertAdds(ensembles[model], models, first, measured[model]);
          ours[model].push(median(measured[model].milliseconds));
        }
        const rival = Math.min(median(rivals.xgboost.milliseconds), median(rivals['xgboost by quadrature'].milliseconds));
        ratios.push(median(measured.xgboost.milliseconds) / rival);
        log(
          `run ${run + 1}: ${median(measured.xgboost.milliseconds).toFixed(3)} ms beside ${rival.toFixed(3)} ms, ${describeMachine().loadAverage} of load`,
        );
      }
      const rivalMs = (name: RivalName): number => median(theirs.get(name) ?? []);
      const faster = rivalMs('xgboost') < rivalMs('xgboost by quadrature') ? 'xgboost' : 'xgboost by quadrature';
      const details: Record<string, number | string> = { trees: models.numTrees, features: models.numFeatures };
      details["ours on XGBoost's model, ms a row"] = spread(ours.xgboost);
      details["ours on LightGBM's model, ms a row"] = spread(ours.lightgbm);
      for (const name of rivalNames) {
        const own = name === 'lightgbm' || name === 'shap' ? ours.lightgbm : ours.xgboost;
        details[`${name}, ms a row`] = spread(theirs.get(name) ?? []);
        details[`ours as a share of ${name}`] = Math.round((1e4 * median(own)) / rivalMs(name)) / 1e4;
        details[`greatest difference from ${name}`] = errors.get(name) ?? Number.NaN;
      }
      details['versions'] = [...models.versions].join(', ');
      details['load at the end'] = describeMachine().loadAverage;
      return {
        value: median(ratios),
        samples: ratios,
        rival: { name: `${faster}, ms a row`, value: rivalMs(faster) },
        isMet: median(ratios) <= must,
        details,
      };
    });
  },
};
