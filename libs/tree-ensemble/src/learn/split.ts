import type { FeatureBins } from './binning.ts';
import type { NodeSplit } from './node-list.ts';

interface AnySplit {
  /** Loss that the split saves beyond `minGainToSplit`; above 0. */
  readonly gain: number;
  /** Where rows of the missing bin go; false where no row of the leaf is missing. */
  readonly isMissingLeft: boolean;
}

/** Value bins up to `bin` go left. */
export interface ThresholdSplit extends AnySplit {
  readonly kind: 'threshold';
  readonly bin: number;
  /** Middle of the two sides' outputs, before shrinkage: what bounds them under a monotone constraint. */
  readonly middleOutput: number;
}

/** A split on categories: the bins of `leftBins` (ascending) go left; what is missing, rare or unseen never does. */
export interface BinSetSplit extends AnySplit {
  readonly kind: 'bin-set';
  readonly leftBins: readonly number[];
  /** What the search added to L2, and the outputs of both sides must as well. */
  readonly extraL2: number;
}

/** How one column parts the rows of a leaf. */
export type Split = ThresholdSplit | BinSetSplit;

/** Writes, for each of a column's bins, 1 where its rows go left. */
export function fillGoesLeft(split: Split, bins: FeatureBins, goesLeft: Uint8Array): void {
  goesLeft.fill(0);
  if (split.kind === 'threshold') goesLeft.fill(1, 0, split.bin + 1);
  else for (const bin of split.leftBins) goesLeft[bin] = 1;
  if (bins.hasMissing) goesLeft[bins.numValueBins] = split.isMissingLeft ? 1 : 0;
}

/** For a feature whose categories are spread over several columns: writes 1 for each of the rows that the split sends left, else 0. */
export function answerRows(split: BinSetSplit, wideCodes: Uint16Array, rows: Int32Array, answers: Uint8Array): void {
  const isLeft = new Uint8Array(2 ** 16);
  for (const bin of split.leftBins) isLeft[bin] = 1;
  for (let position = 0; position < rows.length; position++) answers[rows[position]] = isLeft[wideCodes[rows[position]]];
}

/** The split as the tree holds it. */
export function toNodeSplit(split: Split, { feature, thresholds, categories }: FeatureBins, isDefaultLeft: boolean): NodeSplit {
  if (split.kind === 'threshold') return { feature, threshold: thresholds[split.bin], categories: null, isDefaultLeft };
  const codes = split.leftBins.map((bin) => categories?.[bin] ?? -1);
  if (categories === null || codes.includes(-1)) throw new Error(`feature ${feature} has no categories to split on`);
  const bitset = new Uint32Array(Math.floor(Math.max(-1, ...codes) / 32) + 1);
  for (const code of codes) bitset[code >>> 5] |= 1 << (code & 31);
  return { feature, threshold: 0, categories: bitset, isDefaultLeft: false };
}
