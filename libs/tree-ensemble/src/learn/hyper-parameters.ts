import { TreeEnsembleError } from '../errors.ts';

/** Training's settings, under LightGBM's names (camel case) and with its meanings; one of them is this room's own. */
export interface HyperParameters {
  /** Boosting rounds, one tree each; ≥ 1. LightGBM `num_iterations`. */
  readonly numRounds: number;
  /** Shrinkage of each tree; > 0. */
  readonly learningRate: number;
  /** Leaves of a tree at most; 2..131072. */
  readonly numLeaves: number;
  /** Depth of a tree at most; 0 or less = unlimited. */
  readonly maxDepth: number;
  /** Rows in a leaf at least, estimated from hessians as LightGBM does; ≥ 0. */
  readonly minDataInLeaf: number;
  /** Sum of hessians in a leaf at least; ≥ 0. */
  readonly minSumHessianInLeaf: number;
  /** Share of features drawn for each tree; (0, 1]. */
  readonly featureFraction: number;
  /** Share of rows drawn; (0, 1]; works with `baggingFreq` ≥ 1. */
  readonly baggingFraction: number;
  /** Rows are drawn again every so many rounds; 0 = never. */
  readonly baggingFreq: number;
  readonly lambdaL1: number;
  readonly lambdaL2: number;
  /** Loss reduction that a split must exceed; ≥ 0. */
  readonly minGainToSplit: number;
  /** Bins of a feature at most, the one for missing values included; 2..255. */
  readonly maxBin: number;
  /** Features with fewer categories than this are split one category against the rest; ≥ 1. */
  readonly maxCatToOnehot: number;
  /** Categories that a split sends left at most; ≥ 1. */
  readonly maxCatThreshold: number;
  /** Rows of a category below which it is not told apart in a leaf, and what is added to its hessian where categories are sorted; ≥ 0. */
  readonly catSmooth: number;
  /** L2 beside `lambdaL2` where categories are sorted; ≥ 0. */
  readonly catL2: number;
  /** Rows at least between one candidate split on sorted categories and the next; ≥ 1. */
  readonly minDataPerGroup: number;
  /**
   * How often the gain that sorting would find in categories without any effect is taken off a split on categories; ≥ 0. It has no
   * LightGBM name: 0 is what LightGBM does, 1 right for the first tree alone. Later trees find part of the noise fitted already, from
   * nothing to all of it in the course of a training; hence one half.
   */
  readonly catNoiseDiscount: number;
  /** Rounds without a better validation loss before training stops; 0 = never. */
  readonly earlyStoppingRounds: number;
}

/** LightGBM's own defaults (`lightgbm.readthedocs.io/en/stable/Parameters.html`), where it has the setting. */
export const defaultHyperParameters: HyperParameters = {
  numRounds: 100,
  learningRate: 0.1,
  numLeaves: 31,
  maxDepth: -1,
  minDataInLeaf: 20,
  minSumHessianInLeaf: 1e-3,
  featureFraction: 1,
  baggingFraction: 1,
  baggingFreq: 0,
  lambdaL1: 0,
  lambdaL2: 0,
  minGainToSplit: 0,
  maxBin: 255,
  maxCatToOnehot: 4,
  maxCatThreshold: 32,
  catSmooth: 10,
  catL2: 10,
  minDataPerGroup: 100,
  catNoiseDiscount: 0.5,
  earlyStoppingRounds: 0,
};

const ranges: Readonly<Record<keyof HyperParameters, { min: number; max: number; isInteger?: boolean; isAboveMin?: boolean }>> = {
  numRounds: { min: 1, max: 100_000, isInteger: true },
  learningRate: { min: 0, max: Number.MAX_VALUE, isAboveMin: true },
  numLeaves: { min: 2, max: 131_072, isInteger: true },
  maxDepth: { min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, isInteger: true },
  minDataInLeaf: { min: 0, max: Number.MAX_SAFE_INTEGER, isInteger: true },
  minSumHessianInLeaf: { min: 0, max: Number.MAX_VALUE },
  featureFraction: { min: 0, max: 1, isAboveMin: true },
  baggingFraction: { min: 0, max: 1, isAboveMin: true },
  baggingFreq: { min: 0, max: Number.MAX_SAFE_INTEGER, isInteger: true },
  lambdaL1: { min: 0, max: Number.MAX_VALUE },
  lambdaL2: { min: 0, max: Number.MAX_VALUE },
  minGainToSplit: { min: 0, max: Number.MAX_VALUE },
  maxBin: { min: 2, max: 255, isInteger: true },
  maxCatToOnehot: { min: 1, max: Number.MAX_SAFE_INTEGER, isInteger: true },
  maxCatThreshold: { min: 1, max: Number.MAX_SAFE_INTEGER, isInteger: true },
  catSmooth: { min: 0, max: Number.MAX_VALUE },
  catL2: { min: 0, max: Number.MAX_VALUE },
  minDataPerGroup: { min: 1, max: Number.MAX_SAFE_INTEGER, isInteger: true },
  catNoiseDiscount: { min: 0, max: Number.MAX_VALUE },
  earlyStoppingRounds: { min: 0, max: Number.MAX_SAFE_INTEGER, isInteger: true },
};

/** Refuses settings outside their ranges, naming all of the bad ones at once (`bad-hyper-parameter`). */
export function checkHyperParameters(hyperParameters: HyperParameters): void {
  const problems: string[] = [];
  for (const [name, range] of Object.entries(ranges)) {
    const value: unknown = Reflect.get(hyperParameters, name);
    const isInRange =
      typeof value === 'number' &&
      value <= range.max &&
      (range.isAboveMin === true ? value > range.min : value >= range.min) &&
      (range.isInteger !== true || Number.isInteger(value));
    if (!isInRange) {
      const kind = range.isInteger === true ? 'an integer' : 'a number';
      problems.push(`${name} must be ${kind} ${range.isAboveMin === true ? 'above' : 'from'} ${range.min} up to ${range.max}`);
    }
  }
  if (problems.length > 0) throw new TreeEnsembleError('bad-hyper-parameter', problems.join('; '));
}
