import { TreeEnsembleError } from './errors.ts';
import type { FeatureMatrix } from './tree-ensemble.ts';

/** Refuses a matrix whose `values` is not numRows × numFeatures long (`matrix-shape-differs`). */
export function checkMatrix(matrix: FeatureMatrix, numFeatures: number): void {
  if (matrix.numFeatures !== numFeatures) {
    throw new TreeEnsembleError('matrix-shape-differs', `the matrix has ${matrix.numFeatures} features, ${numFeatures} are expected`);
  }
  if (matrix.values.length !== matrix.numRows * matrix.numFeatures) {
    throw new TreeEnsembleError(
      'matrix-shape-differs',
      `${matrix.numRows} rows × ${matrix.numFeatures} features do not make ${matrix.values.length} values`,
    );
  }
}

/** A copy of the given rows, in the order given; a row may be repeated. Throws `index-out-of-range`. */
export function selectRows(matrix: FeatureMatrix, rows: ArrayLike<number>): FeatureMatrix {
  const { numFeatures, numRows, values } = matrix;
  const selected = new Float32Array(rows.length * numFeatures);
  for (let position = 0; position < rows.length; position++) {
    const row = rows[position];
    if (!Number.isInteger(row) || row < 0 || row >= numRows) {
      throw new TreeEnsembleError('index-out-of-range', `row ${row} is not one of the ${numRows} rows of the matrix`);
    }
    selected.set(values.subarray(row * numFeatures, (row + 1) * numFeatures), position * numFeatures);
  }
  return { numRows: rows.length, numFeatures, values: selected };
}
