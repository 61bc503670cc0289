import type { HyperParameters } from '@lisible/tree-ensemble';
import { hyperParameters as usual } from '../hyper-parameters.ts';

/** HOW MUCH A TRAINING STUDIES ITS MODEL. On the shared extract all of it takes about a minute and a half of two cores. */
export const studySettings = {
  /** Cross-validations beside the training's own, folds and model redrawn. */
  numExtraSeeds: 2,
  /** Shares of the rows that the learning curve fits on; the whole is known already. */
  learningShares: [0.1, 0.25, 0.5],
  /** Ablations fit two models a group: two folds and faster boosting tell what a group is worth. */
  ablationFolds: 2,
  ablationLearningRateFactor: 3,
  /** Rows, folds and rounds that show how well the inputs tell a protected group. */
  protectedRows: 12_000,
  protectedFolds: 2,
  /** Groups smaller than this say nothing. */
  protectedGroupRows: 100,
  /** Rows whose attributions are computed. */
  attributedRows: 2000,
  /** A feature that ranks defaults this well by itself is taken for a proxy of the outcome. */
  singleFeatureBound: 0.8,
  /** Single features that are listed. */
  numSingleFeatures: 15,
} as const;

/** Fewer, larger steps: for comparisons among themselves, never for the served model. */
export const quickened = (hyperParameters: HyperParameters): HyperParameters => ({
  ...hyperParameters,
  learningRate: Math.min(1, hyperParameters.learningRate * studySettings.ablationLearningRateFactor),
  earlyStoppingRounds: Math.ceil(hyperParameters.earlyStoppingRounds / 2),
});

/** Whether a group of clients can be told from the model's inputs takes no fine model. */
export const protectedHyperParameters: HyperParameters = {
  ...usual,
  numRounds: 60,
  learningRate: 0.2,
  numLeaves: 15,
  minDataInLeaf: 30,
  featureFraction: 0.5,
  baggingFreq: 0,
  earlyStoppingRounds: 0,
};
