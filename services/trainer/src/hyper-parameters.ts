import type { SeededRandom } from '@lisible/credit';
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

/**
 * The monotone model is served unless its out-of-fold ROC AUC is worse than the unconstrained one's by more than this: a model
 * that never answers a better score with a worse estimate is worth that much to whoever must defend its decisions.
 */
export const monotoneAllowance = 0.001;

/** One setting that a search draws, and how. */
export interface SearchDimension {
  readonly name: string;
  readonly description: string;
  readonly draw: (random: SeededRandom) => Partial<HyperParameters>;
}

const logUniform = (random: SeededRandom, low: number, high: number): number => low * (high / low) ** random.uniform();
/** Settings are read by people: three digits are enough. */
const rounded = (value: number): number => Number(value.toPrecision(3));

/** CHANGE WHAT A SEARCH TRIES HERE (`--search SECONDS`). Each setting is drawn on its own; the house's usual ones are always tried as well. */
export const searchSpace: readonly SearchDimension[] = [
  {
    name: 'learningRate',
    description: '0.02 to 0.15, log-uniform; early stopping waits for as many rounds more as steps are smaller',
    draw: (random) => {
      const learningRate = rounded(logUniform(random, 0.02, 0.15));
      return { learningRate, earlyStoppingRounds: Math.round((hyperParameters.earlyStoppingRounds * hyperParameters.learningRate) / learningRate) };
    },
  },
  { name: 'numLeaves', description: '4 to 32, log-uniform', draw: (random) => ({ numLeaves: Math.round(logUniform(random, 4, 32)) }) },
  { name: 'minDataInLeaf', description: '30 to 400, log-uniform', draw: (random) => ({ minDataInLeaf: Math.round(logUniform(random, 30, 400)) }) },
  { name: 'featureFraction', description: '0.1 to 0.6, uniform', draw: (random) => ({ featureFraction: rounded(0.1 + 0.5 * random.uniform()) }) },
  { name: 'lambdaL2', description: '1 to 200, log-uniform', draw: (random) => ({ lambdaL2: rounded(logUniform(random, 1, 200)) }) },
  { name: 'baggingFraction', description: '0.6 to 1, uniform', draw: (random) => ({ baggingFraction: rounded(0.6 + 0.4 * random.uniform()) }) },
];
