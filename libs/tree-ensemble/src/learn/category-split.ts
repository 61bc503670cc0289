/**
 * The best split of one leaf on a column of categories, after LightGBM (`FeatureHistogram::FindBestThresholdCategoricalInner`):
 * where categories are few, one of them against the rest; else they are sorted by gradient over hessian, as Fisher (1958) showed to
 *  * be optimal, and a run from either end goes left. What was missing, rare or unseen goes right. Unlike there, what sorting alone would
 * gain is taken off (`catNoiseDiscount`).
 */
import { NoiseGain } from './category-noise.ts';
import { constrainedGain, shrink } from './gain.ts';
import type { BinSums, LeafSearch } from './split-search.ts';
import type { BinSetSplit } from './split.ts';

interface Candidate {
  readonly gain: number;
  readonly leftBins: readonly number[];
}

/**
 * The column's best split on the leaf; null where none saves enough. Of equal ones the first.
 *
 * @param sums - by category bin; what they lack of the leaf's totals is the bin of the others
 */
export function findCategorySplit(sums: BinSums, numCategories: number, leaf: LeafSearch): BinSetSplit | null {
  // LightGBM counts the bin of the others as well.
  const isOneAgainstRest = numCategories + 1 <= leaf.categories.maxCatToOnehot;
  const best = isOneAgainstRest ? findOne(sums, numCategories, leaf) : findRun(sums, numCategories, leaf);
  if (best === null) return null;
  return {
    kind: 'bin-set',
    gain: (best.gain - leaf.requiredGain) * leaf.gainUnit,
    isMissingLeft: false,
    leftBins: best.leftBins.toSorted((one, other) => one - other),
    extraL2: isOneAgainstRest ? 0 : leaf.categories.catL2,
  };
}

function findOne({ gradients, hessians }: BinSums, numCategories: number, leaf: LeafSearch): Candidate | null {
  const { totalHessian, minHessian } = leaf;
  let bestGain = leaf.requiredGain;
  let bestBin = -1;
  for (let bin = 0; bin < numCategories; bin++) {
    if (hessians[bin] < minHessian || totalHessian - hessians[bin] < minHessian) continue;
    const noise = leaf.categories.noiseDiscountUnits * new NoiseGain(numCategories, totalHessian).add(hessians[bin]);
    const gain = gainOf(gradients[bin], hessians[bin], leaf.l2, leaf) - noise;
    if (gain > bestGain) {
      bestGain = gain;
      bestBin = bin;
    }
  }
  return bestBin < 0 ? null : { gain: bestGain, leftBins: [bestBin] };
}

function findRun({ gradients, hessians }: BinSums, numCategories: number, leaf: LeafSearch): Candidate | null {
  const { totalHessian, numRows, rowsPerHessian, minRows, minSumHessian } = leaf;
  const { catSmooth, catSmoothUnits, catL2Units, maxCatThreshold, minDataPerGroup, noiseDiscountUnits } = leaf.categories;
  const rowsOf = (bin: number): number => Math.floor(hessians[bin] * rowsPerHessian + 0.5);
  const scores = Float64Array.from({ length: numCategories }, (_, bin) => gradients[bin] / (hessians[bin] + catSmoothUnits));
  const sorted: number[] = [];
  for (let bin = 0; bin < numCategories; bin++) if (hessians[bin] > 0 && rowsOf(bin) >= catSmooth) sorted.push(bin);
  sorted.sort((one, other) => scores[one] - scores[other]);
  const longest = Math.min(maxCatThreshold, Math.floor((sorted.length + 1) / 2));

  let bestGain = leaf.requiredGain;
  let bestLength = 0;
  let isFromEnd = false;
  for (const fromEnd of [false, true]) {
    let gradient = 0;
    let hessian = 0;
    let numLeft = 0;
    let numOfGroup = 0;
    const ofNoise = new NoiseGain(sorted.length, totalHessian);
    for (let length = 1; length <= longest; length++) {
      const bin = sorted[fromEnd ? sorted.length - length : length - 1];
      const noise = noiseDiscountUnits * ofNoise.add(hessians[bin]);
      gradient += gradients[bin];
      hessian += hessians[bin];
      numLeft += rowsOf(bin);
      numOfGroup += rowsOf(bin);
      if (numLeft < minRows || hessian < minSumHessian) continue;
      const numRight = numRows - numLeft;
      if (numRight < minRows || numRight < minDataPerGroup || totalHessian - hessian < minSumHessian) break;
      // A side must leave rows on the other, whatever their number was estimated to be.
      if (hessian >= totalHessian) break;
      if (numOfGroup < minDataPerGroup) continue;
      numOfGroup = 0;
      const gain = gainOf(gradient, hessian, leaf.l2 + catL2Units, leaf) - noise;
      if (gain > bestGain) {
        bestGain = gain;
        bestLength = length;
        isFromEnd = fromEnd;
      }
    }
  }
  if (bestLength === 0) return null;
  return { gain: bestGain, leftBins: isFromEnd ? sorted.slice(-bestLength) : sorted.slice(0, bestLength) };
}

function gainOf(gradient: number, hessian: number, l2: number, leaf: LeafSearch): number {
  const { totalGradient, totalHessian, l1, isConstrained, lower, upper } = leaf;
  const left = shrink(gradient, l1);
  const right = shrink(totalGradient - gradient, l1);
  const leftHessian = hessian + l2;
  const rightHessian = totalHessian - hessian + l2;
  if (isConstrained) return constrainedGain(left, leftHessian, right, rightHessian, lower, upper, 0);
  return (left * left) / leftHessian + (right * right) / rightHessian;
}
