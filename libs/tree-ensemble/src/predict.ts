import { TreeEnsembleError } from './errors.ts';
import { checkMatrix } from './feature-matrix.ts';
import type { FeatureMatrix, Tree, TreeEnsemble } from './tree-ensemble.ts';

/** Whether a category split with this set sends the value left; NaN is in no set. */
export function isInCategories(categories: Uint32Array, value: number): boolean {
  const word = categories[value >>> 5];
  return word !== undefined && value >>> 0 === value && ((word >>> (value & 31)) & 1) === 1;
}

/** Whether the value of the node's feature goes left at this split. */
export function goesLeft(tree: Tree, node: number, value: number): boolean {
  if (value !== value) return tree.defaultLeft[node] === 1;
  const categories = tree.categories?.[node];
  return categories === undefined || categories === null ? value <= tree.threshold[node] : isInCategories(categories, value);
}

/** Index of the leaf node that the row starting at `offset` of `values` falls into. */
export function findLeaf(tree: Tree, values: ArrayLike<number>, offset: number): number {
  const { leftChild, rightChild, splitFeature, threshold, defaultLeft } = tree;
  let node = 0;
  if (tree.categories !== undefined) {
    while (splitFeature[node] >= 0) {
      node = goesLeft(tree, node, values[offset + splitFeature[node]]) ? leftChild[node] : rightChild[node];
    }
    return node;
  }
  let feature = splitFeature[0];
  while (feature >= 0) {
    const value = values[offset + feature];
    // A comparison with NaN is false, so the missing test runs only on the way to the right.
    const isLeft = value <= threshold[node] || (value !== value && defaultLeft[node] === 1);
    node = isLeft ? leftChild[node] : rightChild[node];
    feature = splitFeature[node];
  }
  return node;
}

/**
 * Log-odds margin of one row (in the order of `featureNames`, NaN = missing), bit-equal to the ONNX file's `margin`.
 *
 * Infinities are ordered values. Throws `row-length-differs`.
 */
export function predictMargin(ensemble: TreeEnsemble, row: ArrayLike<number>): number {
  checkRow(ensemble, row);
  // ONNX Runtime starts from +0, which turns a base of -0 into +0.
  let margin = 0 + ensemble.baseValue;
  for (const tree of ensemble.trees) margin += tree.leafValue[findLeaf(tree, row, 0)];
  return margin;
}

/** Log-odds margins of all rows of a matrix, each bit-equal to `predictMargin`. Throws `matrix-shape-differs`. */
export function predictMargins(ensemble: TreeEnsemble, matrix: FeatureMatrix): Float64Array {
  checkMatrix(matrix, ensemble.featureNames.length);
  const { numRows, numFeatures, values } = matrix;
  const margins = new Float64Array(numRows).fill(0 + ensemble.baseValue);
  // Tree by tree keeps one tree's arrays in the cache; each row still adds in tree order.
  for (const tree of ensemble.trees) {
    const { leafValue } = tree;
    for (let row = 0; row < numRows; row++) margins[row] += leafValue[findLeaf(tree, values, row * numFeatures)];
  }
  return margins;
}

/** Refuses a row that has not one value per feature of the ensemble. */
export function checkRow(ensemble: TreeEnsemble, row: ArrayLike<number>): void {
  if (row.length !== ensemble.featureNames.length) {
    throw new TreeEnsembleError(
      'row-length-differs',
      `a row of ${row.length} values cannot be read by an ensemble of ${ensemble.featureNames.length} features`,
    );
  }
}
