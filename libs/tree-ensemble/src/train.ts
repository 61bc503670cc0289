import type { HyperParameters } from './hyper-parameters.ts';
import type { FeatureMatrix, TreeEnsemble } from './tree-ensemble.ts';

export interface TrainingProgress {
  /** Rounds done, 1-based. */
  readonly round: number;
  readonly numRounds: number;
  /** Validation log-loss after this round; null without validation rows. */
  readonly metric: number | null;
}

export interface TrainingInput {
  readonly matrix: FeatureMatrix;
  /** 0 or 1 per row. */
  readonly labels: Uint8Array;
  readonly featureNames: readonly string[];
  readonly hyperParameters: HyperParameters;
  /** Integer; the same seed and data give the same trees, bit for bit. */
  readonly seed: number;
  readonly validation?: { readonly matrix: FeatureMatrix; readonly labels: Uint8Array };
  readonly onRound?: (progress: TrainingProgress) => void;
}

export interface TrainingResult {
  /** Cut after `bestRound` trees. */
  readonly ensemble: TreeEnsemble;
  /** Number of trees kept: the round of the best validation loss, or all rounds without early stopping. */
  readonly bestRound: number;
  /** Validation log-loss after each round that ran; empty without validation rows. */
  readonly evaluations: readonly number[];
}

/** Histogram gradient boosting on binary log-loss. */
export function train(input: TrainingInput): TrainingResult {
  throw new Error(`not written yet (${input.featureNames.length} features)`);
}
