import type { FeatureMatrix, TreeEnsemble } from './tree-ensemble.ts';

export interface BackgroundExplainer {
  /** Mean margin of the background rows. */
  readonly baseValue: number;
  /** SHAP values of one row, one per feature, log-odds; `baseValue` + Σ = margin. */
  explain(row: ArrayLike<number>): Float64Array;
}

export function createBackgroundExplainer(ensemble: TreeEnsemble, background: FeatureMatrix): BackgroundExplainer {
  throw new Error(`not written yet (${ensemble.trees.length} ${background.numRows})`);
}
