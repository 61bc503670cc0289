import { TreeEnsembleError } from '../errors.ts';
import type { TreeEnsemble } from '../tree-ensemble.ts';

/**
 * The ensemble whose margin is `slope · margin + intercept`: leaves are scaled, the base value absorbs the intercept.
 *
 * Attributions of the folded ensemble therefore sum to the calibrated margin. Throws `bad-calibration` unless
 * `slope` is finite and positive (a ranking must survive calibration) and `intercept` is finite.
 */
export function foldCalibration(ensemble: TreeEnsemble, calibration: { readonly slope: number; readonly intercept: number }): TreeEnsemble {
  const { slope, intercept } = calibration;
  if (!Number.isFinite(slope) || slope <= 0) throw new TreeEnsembleError('bad-calibration', `slope ${slope} must be finite and positive`);
  if (!Number.isFinite(intercept)) throw new TreeEnsembleError('bad-calibration', `intercept ${intercept} must be finite`);
  return {
    featureNames: ensemble.featureNames,
    baseValue: slope * ensemble.baseValue + intercept,
    trees: ensemble.trees.map((tree) => ({ ...tree, leafValue: tree.leafValue.map((value) => slope * value) })),
  };
}
