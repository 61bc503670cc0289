import type { TreeEnsemble } from '../tree-ensemble.ts';

export interface TrainingProgress {
  /** Rounds done, 1-based. */
  readonly round: number;
  readonly numRounds: number;
  /** Validation log-loss after this round; null without validation rows. */
  readonly metric: number | null;
}

export interface TrainingResult {
  /** Cut after `bestRound` trees. */
  readonly ensemble: TreeEnsemble;
  /** Number of trees kept: the round of the best validation loss under early stopping, else every tree grown. */
  readonly bestRound: number;
  /** Validation log-loss after each round that ran; empty without validation rows. */
  readonly evaluations: readonly number[];
}
