import { defaultHyperParameters } from '@lisible/tree-ensemble';
import type { HyperParameters } from '@lisible/tree-ensemble';

/**
 * CHANGE HOW THE MODEL LEARNS HERE. Shallow trees, few features a tree and strong shrinkage: application data are wide,
 * redundant and noisy, and 8 % of defaults leave few positive rows to a leaf.
 */
export const hyperParameters: HyperParameters = {
  ...defaultHyperParameters,
  /** An upper bound: early stopping ends sooner. */
  numRounds: 1500,
  learningRate: 0.05,
  numLeaves: 8,
  maxDepth: -1,
  minDataInLeaf: 100,
  featureFraction: 0.2,
  baggingFraction: 0.8,
  baggingFreq: 1,
  lambdaL2: 30,
  maxBin: 127,
  earlyStoppingRounds: 60,
};

/** Folds of the cross-validation: each row is judged once, by a model that never saw it. */
export const numFolds = 5;

/** The rows a fold's model may see are split again in so many parts, one of which only stops the boosting. */
export const numInnerSplits = 10;

/** The final model sees more rows than a fold's model did, so it may grow a little longer. */
export const finalRoundsFactor = 1.15;

/** Clients approved near the threshold, against whom reasons are measured. */
export const backgroundSize = 100;
