import { readFileSync } from 'node:fs';
import { TreeEnsembleError, type TreeEnsemble, type TreeEnsembleErrorCode } from '../../index.ts';

/** JSON has neither NaN nor infinities: null, and texts. */
type GoldenRow = readonly (number | string | null)[];

/** What `golden/make_foreign_models.py` writes. */
export interface ForeignGolden {
  readonly rows: readonly GoldenRow[];
  readonly models: readonly {
    readonly name: string;
    readonly text: string;
    readonly margins: readonly number[];
    readonly leaves: readonly (readonly number[])[];
    readonly expectedValue: number;
  }[];
  readonly refused: readonly { readonly name: string; readonly text: string }[];
}

export interface ForeignOnnxGolden {
  readonly models: readonly {
    readonly name: string;
    readonly base64: string;
    readonly rows: readonly GoldenRow[];
    readonly margins: readonly number[];
    readonly tolerance: number;
    readonly hitRates: boolean;
  }[];
  readonly refused: readonly { readonly name: string; readonly base64: string }[];
}

const readGolden = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../../golden/${name}`, import.meta.url), 'utf8'));

export const lightGbmGolden = readGolden('foreign-light-gbm.json') as ForeignGolden;
export const xgBoostGolden = readGolden('foreign-xg-boost.json') as ForeignGolden;
export const onnxGolden = readGolden('foreign-onnx.json') as ForeignOnnxGolden;

export function toRows(rows: readonly GoldenRow[]): number[][] {
  return rows.map((row) => row.map((value) => (value === null ? NaN : Number(value))));
}

/** The mean margin over the training rows, as path-dependent attributions take it from the covers. */
export function expectedValue({ baseValue, trees }: TreeEnsemble): number {
  return trees.reduce((sum, tree) => {
    const means = Float64Array.from(tree.leafValue);
    for (let node = means.length - 1; node >= 0; node--) {
      const [left, right] = [tree.leftChild[node], tree.rightChild[node]];
      if (left >= 0) means[node] = (means[left] * tree.cover[left] + means[right] * tree.cover[right]) / tree.cover[node];
    }
    return sum + means[0];
  }, baseValue);
}

export function farthest(actual: readonly number[], expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return actual.reduce((most, value, index) => {
    const distance = Math.abs(value - expected[index]);
    return Number.isNaN(distance) ? Infinity : Math.max(most, distance);
  }, 0);
}

export function codeOf(read: () => unknown): TreeEnsembleErrorCode | 'accepted' {
  try {
    read();
    return 'accepted';
  } catch (error) {
    if (error instanceof TreeEnsembleError) return error.code;
    throw error;
  }
}
