import { readFileSync } from 'node:fs';
import { listCodes } from '../categories.ts';
import { selectRows, type FeatureMatrix, type Tree, type TreeEnsemble } from '../index.ts';
import { range } from './learning-set.testing.ts';

/** [feature, threshold or codes, default left, rows, left, right], or [value, rows]. */
type Nodes = [number, number] | [number, number | number[], boolean, number, Nodes, Nodes];

interface CategoryGolden {
  readonly numRows: number;
  readonly numTrain: number;
  readonly numFeatures: number;
  readonly missingCode: number;
  readonly categoricalFeatures: number[];
  readonly interactionConstraints: number[][];
  readonly codes: string;
  readonly labels: string;
  readonly weights: string;
  readonly runs: Record<string, { isWeighted: boolean; parameters: Record<string, number>; firstTree: Nodes; logLoss: number; rocAuc: number }>;
}

/** `golden/categories.json`, as `make_category_golden.py` writes it. */
export const categoryGolden = JSON.parse(readFileSync(new URL('../../golden/categories.json', import.meta.url), 'utf8')) as CategoryGolden;
const { numRows, numTrain, numFeatures, missingCode } = categoryGolden;
const bytes = Buffer.from(categoryGolden.codes, 'base64');
const bits = Buffer.from(categoryGolden.labels, 'base64');
const matrix: FeatureMatrix = {
  numRows,
  numFeatures,
  values: Float32Array.from({ length: numRows * numFeatures }, (_, at) => {
    const code = bytes.readUInt16LE(2 * at);
    return code === missingCode ? NaN : code;
  }),
};
const labels = Uint8Array.from({ length: numRows }, (_, row) => (bits[row >> 3] >> (row & 7)) & 1);

export const categoryNames = range(0, numFeatures).map((feature) => `x${feature}`);
export const categoryLearning = { matrix: selectRows(matrix, range(0, numTrain)), labels: labels.slice(0, numTrain) };
export const categoryHeldOut = { matrix: selectRows(matrix, range(numTrain, numRows)), labels: labels.slice(numTrain) };
export const categoryWeights = Uint8Array.from(Buffer.from(categoryGolden.weights, 'base64'));

interface NodeFacts {
  readonly path: string;
  readonly feature: number;
  readonly where: number | readonly number[];
  readonly isMissingLeft: boolean;
  readonly numRows: number;
}

/** Splits from the root downwards, and leaves apart; in one order for both engines. */
export interface TreeFacts {
  readonly splits: readonly NodeFacts[];
  readonly leaves: readonly { readonly path: string; readonly numRows: number; readonly value: number }[];
}

export function factsOfLightGbm(root: Nodes): TreeFacts {
  const splits: NodeFacts[] = [];
  const leaves: { path: string; numRows: number; value: number }[] = [];
  const visit = (node: Nodes, path: string): void => {
    if (node.length === 2) {
      leaves.push({ path, numRows: node[1], value: node[0] });
      return;
    }
    const [feature, where, isMissingLeft, rows, left, right] = node;
    splits.push({ path, feature, where: Array.isArray(where) ? where.toSorted((a, b) => a - b) : where, isMissingLeft, numRows: rows });
    visit(left, `${path}L`);
    visit(right, `${path}R`);
  };
  visit(root, '');
  return { splits, leaves };
}

/** LightGBM's first tree holds the base value as well. */
export function factsOf(tree: Tree, { baseValue }: TreeEnsemble): TreeFacts {
  const splits: NodeFacts[] = [];
  const leaves: { path: string; numRows: number; value: number }[] = [];
  const visit = (node: number, path: string): void => {
    if (tree.leftChild[node] < 0) {
      leaves.push({ path, numRows: tree.cover[node], value: tree.leafValue[node] + baseValue });
      return;
    }
    const set = tree.categories?.[node];
    splits.push({
      path,
      feature: tree.splitFeature[node],
      where: set === undefined || set === null ? tree.threshold[node] : listCodes(set),
      isMissingLeft: tree.defaultLeft[node] === 1,
      numRows: tree.cover[node],
    });
    visit(tree.leftChild[node], `${path}L`);
    visit(tree.rightChild[node], `${path}R`);
  };
  visit(0, '');
  return { splits, leaves };
}
