/**
 * The best split of one leaf on one column, from the sums of gradients and hessians by bin; after LightGBM (`feature_histogram.hpp`):
 * its gain, its bounds, a learned direction for missing values. Pure: sums in, a split out.
 *
 * Sums are in units of the quantisation (whole numbers); everything else is divided by the units once, instead of every candidate
 * being multiplied by them.
 */
import type { FeatureBins } from './binning.ts';
import { findCategorySplit } from './category-split.ts';
import { constrainedGain, middleOutput, shrink } from './gain.ts';
import type { HyperParameters } from './hyper-parameters.ts';
import type { Quantisation } from './quantisation.ts';
import type { Split, ThresholdSplit } from './split.ts';

// LightGBM's `kEpsilon`, which keeps a hessian of zero from dividing.
const epsilon = 1e-15;

/** By bin, value bins first, then the missing one where the column has it; whole numbers, in units of the quantisation. */
export interface BinSums {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

export interface LeafSums {
  /** Whole numbers, in units of the quantisation. */
  readonly gradient: number;
  readonly hessian: number;
  readonly numRows: number;
  /** What the leaf's output, before shrinkage, may not leave. */
  readonly lowerBound: number;
  readonly upperBound: number;
}

/** What every column's search needs of a leaf, in units of the quantisation. */
export interface LeafSearch {
  readonly totalGradient: number;
  readonly totalHessian: number;
  readonly l1: number;
  /** With LightGBM's epsilon. */
  readonly l2: number;
  /** A side's hessian at least. */
  readonly minHessian: number;
  readonly minSumHessian: number;
  readonly numRows: number;
  /** LightGBM estimates a side's number of rows from its hessian. */
  readonly rowsPerHessian: number;
  /** A side's rows at least. */
  readonly minRows: number;
  /** What a candidate's gain must exceed: the parent's own, and `minGainToSplit`. */
  readonly requiredGain: number;
  /** Loss per unit of gain. */
  readonly gainUnit: number;
  readonly outputUnit: number;
  readonly lower: number;
  readonly upper: number;
  /** Some column is under a monotone constraint, so that every output keeps within bounds. */
  readonly isConstrained: boolean;
  readonly categories: CategorySearch;
}

/** What the search on categories needs beside: the settings of the same names, and what they are in units of the quantisation. */
export interface CategorySearch {
  readonly maxCatToOnehot: number;
  readonly maxCatThreshold: number;
  readonly minDataPerGroup: number;
  readonly catSmooth: number;
  readonly catSmoothUnits: number;
  readonly catL2: number;
  readonly catL2Units: number;
  readonly noiseDiscountUnits: number;
}

/** Null where the leaf's hessians sum to nothing. */
export function prepareSearch(leaf: LeafSums, settings: HyperParameters, units: Quantisation, isConstrained: boolean): LeafSearch | null {
  const { lambdaL1, lambdaL2, minDataInLeaf, minSumHessianInLeaf, minGainToSplit } = settings;
  const { maxCatToOnehot, maxCatThreshold, minDataPerGroup, catSmooth, catL2, catNoiseDiscount } = settings;
  if (leaf.hessian <= 0) return null;
  const l1 = lambdaL1 / units.gradientUnit;
  const l2 = lambdaL2 / units.hessianUnit + epsilon;
  const gainUnit = (units.gradientUnit * units.gradientUnit) / units.hessianUnit;
  const outputUnit = units.gradientUnit / units.hessianUnit;
  const shrunk = shrink(leaf.gradient, l1);
  const rowsPerHessian = leaf.numRows / leaf.hessian;
  const minRows = Math.max(1, minDataInLeaf);
  const minSumHessian = minSumHessianInLeaf / units.hessianUnit;
  return {
    totalGradient: leaf.gradient,
    totalHessian: leaf.hessian,
    l1,
    l2,
    // The estimate of rows is rounded.
    minHessian: Math.max(minSumHessian, (minRows - 0.5) / rowsPerHessian),
    minSumHessian,
    numRows: leaf.numRows,
    rowsPerHessian,
    minRows,
    requiredGain: (shrunk * shrunk) / (leaf.hessian + l2) + minGainToSplit / gainUnit,
    gainUnit,
    outputUnit,
    lower: leaf.lowerBound / outputUnit,
    upper: leaf.upperBound / outputUnit,
    isConstrained,
    categories: {
      maxCatToOnehot,
      maxCatThreshold,
      minDataPerGroup,
      catSmooth,
      catSmoothUnits: catSmooth / units.hessianUnit,
      catL2,
      catL2Units: catL2 / units.hessianUnit,
      noiseDiscountUnits: catNoiseDiscount / gainUnit,
    },
  };
}

/**
 * The column's best split of the leaf; null where none saves enough. Of equal ones the first.
 *
 * @param direction - +1 where outputs may not fall as values grow, -1 where they may not rise, 0 where they are free
 */
export function findColumnSplit(sums: BinSums, bins: FeatureBins, direction: number, leaf: LeafSearch): Split | null {
  if (bins.categories !== null) return findCategorySplit(sums, bins.categories.length, leaf);
  return findThresholdSplit(sums, bins, direction, leaf);
}

function findThresholdSplit(sums: BinSums, bins: FeatureBins, direction: number, leaf: LeafSearch): ThresholdSplit | null {
  const { gradients, hessians } = sums;
  const { totalGradient, totalHessian, l1, l2, minHessian, requiredGain, isConstrained, lower, upper } = leaf;
  const { numValueBins } = bins;
  const missingGradient = bins.hasMissing ? gradients[numValueBins] : 0;
  const missingHessian = bins.hasMissing ? hessians[numValueBins] : 0;
  const isMissingHere = missingGradient !== 0 || missingHessian !== 0;
  const lastSplit = isMissingHere ? numValueBins - 1 : numValueBins - 2;
  let bestGain = requiredGain;
  let bestBin = -1;
  let isMissingLeft = false;
  let bestMiddle = 0;
  let leftGradient = 0;
  let leftHessian = 0;
  for (let bin = 0; bin <= lastSplit; bin++) {
    // An empty bin moves no row: the candidate is the one before.
    if (gradients[bin] === 0 && hessians[bin] === 0) continue;
    leftGradient += gradients[bin];
    leftHessian += hessians[bin];
    // The constraint says nothing where every known value goes left.
    const directionHere = bin === numValueBins - 1 ? 0 : direction;
    for (let side = 0; side < (isMissingHere ? 2 : 1); side++) {
      const gradient = side === 0 ? leftGradient : leftGradient + missingGradient;
      const hessian = side === 0 ? leftHessian : leftHessian + missingHessian;
      const rightHessian = totalHessian - hessian;
      if (hessian < minHessian || rightHessian < minHessian) continue;
      const leftSum = l1 === 0 ? gradient : shrink(gradient, l1);
      const rightSum = l1 === 0 ? totalGradient - gradient : shrink(totalGradient - gradient, l1);
      const gain = isConstrained
        ? constrainedGain(leftSum, hessian + l2, rightSum, rightHessian + l2, lower, upper, directionHere)
        : (leftSum * leftSum) / (hessian + l2) + (rightSum * rightSum) / (rightHessian + l2);
      if (gain > bestGain) {
        bestGain = gain;
        bestBin = bin;
        isMissingLeft = side === 1;
        if (isConstrained) bestMiddle = middleOutput(leftSum, hessian + l2, rightSum, rightHessian + l2, lower, upper);
      }
    }
    if (!isMissingHere && totalHessian - leftHessian < minHessian) break;
  }
  if (bestBin < 0) return null;
  const { gainUnit, outputUnit } = leaf;
  return { kind: 'threshold', gain: (bestGain - requiredGain) * gainUnit, bin: bestBin, isMissingLeft, middleOutput: bestMiddle * outputUnit };
}
