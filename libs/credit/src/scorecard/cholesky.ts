/** A pivot this small beside its diagonal is rounding: the matrix is singular. */
const smallestPivot = 1e-12;

/** Lower factor L of a symmetric positive definite matrix L·Lᵀ (row-major, lower triangle read); null when it is not. */
export const choleskyFactor = (matrix: Float64Array, size: number): Float64Array | null => {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] ?? 0;
      for (let k = 0; k < column; k++) sum -= (factor[row * size + k] ?? 0) * (factor[column * size + k] ?? 0);
      if (row === column) {
        if (!(sum > smallestPivot * (matrix[row * size + row] ?? 0))) return null;
        factor[row * size + row] = Math.sqrt(sum);
      } else factor[row * size + column] = sum / (factor[column * size + column] ?? Number.NaN);
    }
  }
  return factor;
};

/** Solves L·Lᵀ·x = right. */
export const choleskySolve = (factor: Float64Array, right: ArrayLike<number>, size: number): Float64Array => {
  const solution = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = right[row] ?? 0;
    for (let k = 0; k < row; k++) sum -= (factor[row * size + k] ?? 0) * (solution[k] ?? 0);
    solution[row] = sum / (factor[row * size + row] ?? Number.NaN);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = solution[row] ?? 0;
    for (let k = row + 1; k < size; k++) sum -= (factor[k * size + row] ?? 0) * (solution[k] ?? 0);
    solution[row] = sum / (factor[row * size + row] ?? Number.NaN);
  }
  return solution;
};

/** (L·Lᵀ)⁻¹, row-major and whole. */
export const choleskyInverse = (factor: Float64Array, size: number): Float64Array => {
  const inverse = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let column = 0; column < size; column++) {
    unit.fill(0);
    unit[column] = 1;
    const solution = choleskySolve(factor, unit, size);
    for (let row = 0; row < size; row++) inverse[row * size + column] = solution[row] ?? 0;
  }
  return inverse;
};
