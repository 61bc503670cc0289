import { learn } from './learn.ts';
import type { TrainingInput } from './training-input.ts';
import type { TrainingResult } from './training-result.ts';

/**
 * Learns a binary log-loss ensemble by histogram gradient boosting, leaf-wise, with LightGBM's settings and meanings.
 *
 * Starts from the log-odds of the weighted mean label (`boost_from_average`). Infinities are ordered values, NaN is missing,
 * columns without two distinct values go unused. Training ends early when no leaf can be split any more.
 * Covers count rows, whatever their weights, as LightGBM's do.
 * Throws TreeEnsembleError: `no-rows`, `too-large`, `out-of-memory`, `no-features`, `matrix-shape-differs`, `feature-names-differ`,
 * `labels-length-differs`, `label-not-binary`, `one-class`, `bad-weight`, `category-out-of-range`, `bad-hyper-parameter`,
 * `bad-monotone-constraint`, `bad-interaction-constraint`, `index-out-of-range`, `bad-seed`.
 */
export function train(input: TrainingInput): TrainingResult {
  return learn(input, 1, () => undefined);
}
