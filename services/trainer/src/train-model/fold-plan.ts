import { stratifiedFolds } from '@lisible/credit';
import type { FeatureMatrix } from '@lisible/tree-ensemble';

export interface LabelledMatrix {
  readonly matrix: FeatureMatrix;
  readonly labels: Uint8Array;
  readonly featureNames: readonly string[];
}

/** Which rows judge, stop and are learnt from: the same for every model that is to be compared. */
export interface FoldPlan {
  /** Fold that judges the row, 0..numFolds−1. */
  readonly folds: Uint8Array;
  /** Inner split, 0..numInnerSplits−1: the model of fold k stops early on the rows of split k outside fold k. */
  readonly splits: Uint8Array;
  readonly numFolds: number;
  readonly numInnerSplits: number;
  readonly seed: number;
}

/** Seeds of different uses must differ, and stay integers of 32 bits. */
export const derivedSeed = (seed: number, use: number): number => (seed + use * 7919) % 0x7fffffff;

export const drawFoldPlan = (
  labels: Uint8Array,
  { numFolds, numInnerSplits, seed }: Pick<FoldPlan, 'numFolds' | 'numInnerSplits' | 'seed'>,
): FoldPlan => ({
  folds: stratifiedFolds(labels, numFolds, seed),
  splits: stratifiedFolds(labels, numInnerSplits, derivedSeed(seed, 1)),
  numFolds,
  numInnerSplits,
  seed,
});

export const allFolds = ({ numFolds }: Pick<FoldPlan, 'numFolds'>): readonly number[] => Array.from({ length: numFolds }, (_, fold) => fold);

/** Ascending positions of the rows that are wanted. */
export const rowsWhere = (numRows: number, isWanted: (row: number) => boolean): Uint32Array =>
  Uint32Array.from({ length: numRows }, (_, row) => row).filter(isWanted);

export const pick = (labels: Uint8Array, rows: Uint32Array): Uint8Array => Uint8Array.from(rows, (row) => labels[row] ?? 0);

export const pickNumbers = (values: Float64Array, rows: Uint32Array): Float64Array => Float64Array.from(rows, (row) => values[row] ?? Number.NaN);
