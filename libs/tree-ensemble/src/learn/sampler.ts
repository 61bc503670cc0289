import type { FeatureBins } from './binning.ts';
import type { HyperParameters } from './hyper-parameters.ts';
import { createRandom, type Random } from '../random.ts';

/** Draws the rows and columns of each tree. */
export interface Sampler {
  readonly isSampling: boolean;
  /** Rows of this round in ascending order; null = all. The array is reused when rows are drawn again. */
  drawRows(round: number): Int32Array | null;
  /** Column positions of this round in ascending order; null = all. */
  drawColumns(): Int32Array | null;
}

export function createSampler(columns: readonly FeatureBins[], numRows: number, hyperParameters: HyperParameters, seed: number): Sampler {
  const { baggingFraction, baggingFreq, featureFraction } = hyperParameters;
  const isBagging = baggingFreq > 0 && baggingFraction < 1;
  const isDrawingColumns = featureFraction < 1;
  const rowRandom = createRandom(seed, 1);
  const columnRandom = createRandom(seed, 2);
  // A feature whose categories fill several columns is drawn with all of them.
  const firstColumns = columns.flatMap(({ numPages }, column) => (numPages === 0 ? [] : [column]));
  const drawFeatures = (): Int32Array => {
    const drawn = drawSubset(numFeatures, numSelected, columnRandom);
    return Int32Array.from(
      [...drawn].flatMap((feature) => Array.from({ length: columns[firstColumns[feature]].numPages }, (_, page) => firstColumns[feature] + page)),
    );
  };
  const bagSize = Math.max(1, Math.round(numRows * baggingFraction));
  // LightGBM keeps two features at least, when there are two.
  const numFeatures = firstColumns.length;
  const numSelected = Math.max(Math.min(2, numFeatures), Math.round(numFeatures * featureFraction));
  let bag: Int32Array | null = null;
  return {
    isSampling: isBagging || isDrawingColumns,
    drawRows: (round) => {
      if (isBagging && (round - 1) % baggingFreq === 0) bag = drawSubset(numRows, bagSize, rowRandom);
      return bag;
    },
    drawColumns: () => (isDrawingColumns ? drawFeatures() : null),
  };
}

/** Selection sampling (Knuth, TAOCP 2, algorithm S): `size` of the integers below `total`, ascending. */
function drawSubset(total: number, size: number, random: Random): Int32Array {
  const subset = new Int32Array(size);
  let taken = 0;
  for (let item = 0; taken < size; item++) {
    if ((total - item) * random() < size - taken) subset[taken++] = item;
  }
  return subset;
}
