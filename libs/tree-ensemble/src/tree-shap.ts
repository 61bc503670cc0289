import type { TreeEnsemble } from './tree-ensemble.ts';

/** Exact SHAP values on the log-odds margin; `baseValue` + Σ `shapValues` = margin. */
export interface Attribution {
  readonly baseValue: number;
  /** One value per feature, in the order of `featureNames`. */
  readonly shapValues: Float64Array;
}

export function treeShap(ensemble: TreeEnsemble, row: ArrayLike<number>): Attribution {
  throw new Error(`not written yet (${ensemble.trees.length} ${row.length})`);
}
