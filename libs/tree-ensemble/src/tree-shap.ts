/**
 * Exact path-dependent SHAP values (Lundberg et al., "From local explanations to global understanding with explainable AI for trees",
 * Nature Machine Intelligence 2, 2020), by quadrature: `shap-plan.ts` has the formulas.
 */
import { checkMatrix } from './feature-matrix.ts';
import { openKernel } from './kernels/open-kernel.ts';
import { treeShapWasm } from './kernels/tree-shap.wasm.ts';
import { checkRow } from './predict.ts';
import { layOutShap, type ShapMemory, type TreeGroup } from './shap-memory.ts';
import { fillCells, planShap, type RowCell } from './shap-plan.ts';
import type { FeatureMatrix, Tree, TreeEnsemble } from './tree-ensemble.ts';

/** Exact SHAP values on the log-odds margin: `baseValue` + Σ `shapValues` = margin. */
export interface Attribution {
  /** Expected margin when nothing is known of the row. */
  readonly baseValue: number;
  /** One value per feature, in the order of `featureNames`. */
  readonly shapValues: Float64Array;
}

/** Explains rows by one ensemble, whose trees it has laid out once (about 100 bytes a node, freed with the explainer). */
export interface TreeExplainer {
  /** Expected margin when nothing is known of the row. */
  readonly baseValue: number;
  /** Path-dependent SHAP values of one row (NaN = missing), one per feature. Throws `row-length-differs`. */
  explain(row: ArrayLike<number>): Float64Array;
  /** The same values for every row of a matrix, rows × features. Throws `matrix-shape-differs`. */
  explainRows(matrix: FeatureMatrix): Float64Array;
}

/**
 * Prepares path-dependent SHAP values: absent features follow the training rows' covers, tree by tree.
 *
 * Throws `path-too-wide` for trees so deep that their layout takes over a gibibyte.
 */
export function createTreeExplainer(ensemble: TreeEnsemble): TreeExplainer {
  return new PlannedExplainer(ensemble);
}

/**
 * Path-dependent SHAP values of one row, by an explainer that is kept as long as the ensemble's trees are.
 *
 * The sum differs from `predictMargin` by rounding only (below 1e-9). Throws `row-length-differs`, `path-too-wide`.
 */
export function treeShap(ensemble: TreeEnsemble, row: ArrayLike<number>): Attribution {
  checkRow(ensemble, row);
  const known = knownExplainers.get(ensemble.trees);
  const explainer = known?.ensemble.baseValue === ensemble.baseValue ? known : new PlannedExplainer(ensemble);
  knownExplainers.set(ensemble.trees, explainer);
  return { baseValue: explainer.baseValue, shapValues: explainer.explain(row) };
}

const knownExplainers = new WeakMap<readonly Tree[], PlannedExplainer>();

/** Rows that share a tree's records in the cache. */
const rowsOfBlock = 16;
const kernelNames = ['explain2', 'explain4', 'explain6', 'explain8', 'explainMore'] as const;
type Kernels = ReturnType<typeof openKernel<(typeof kernelNames)[number]>>;

class PlannedExplainer implements TreeExplainer {
  readonly ensemble: TreeEnsemble;
  readonly baseValue: number;
  readonly #cells: readonly RowCell[];
  readonly #layout: ShapMemory;
  readonly #kernels: Kernels;
  readonly #numbers: Float64Array;

  constructor(ensemble: TreeEnsemble) {
    const plan = planShap(ensemble);
    this.ensemble = ensemble;
    this.baseValue = plan.baseValue;
    this.#cells = plan.cells;
    this.#layout = layOutShap(plan, rowsOfBlock);
    this.#kernels = openKernel(treeShapWasm, this.#layout.memory, kernelNames);
    this.#numbers = new Float64Array(this.#layout.memory.buffer);
  }

  explain(row: ArrayLike<number>): Float64Array {
    checkRow(this.ensemble, row);
    const shapValues = new Float64Array(row.length);
    this.#explainBlock(row, row.length, 0, 1, shapValues);
    return shapValues;
  }

  explainRows(matrix: FeatureMatrix): Float64Array {
    const { numRows, numFeatures, values } = matrix;
    checkMatrix(matrix, this.ensemble.featureNames.length);
    const shapValues = new Float64Array(numRows * numFeatures);
    for (let row = 0; row < numRows; row += rowsOfBlock) {
      this.#explainBlock(values, numFeatures, row, Math.min(rowsOfBlock, numRows - row), shapValues);
    }
    return shapValues;
  }

  #explainBlock(values: ArrayLike<number>, numFeatures: number, firstRow: number, numRows: number, into: Float64Array): void {
    const { groups, cells, cellsStride, values: sums, valuesStride } = this.#layout;
    const numbers = this.#numbers;
    for (let row = 0; row < numRows; row++) fillCells(this.#cells, values, (firstRow + row) * numFeatures, numbers, (cells + row * cellsStride) / 8);
    numbers.fill(0, sums / 8, (sums + numRows * valuesStride) / 8);
    for (const group of groups) this.#addGroup(group, numRows);
    for (let place = 0; place < numRows * numFeatures; place++) {
      into[firstRow * numFeatures + place] = numbers[sums / 8 + 2 * place] + numbers[sums / 8 + 2 * place + 1];
    }
  }

  #addGroup({ numPoints, numTrees, shared, trees }: TreeGroup, numRows: number): void {
    const { cells, cellsStride, values, valuesStride, slots, states } = this.#layout;
    const places = [trees, numTrees, shared, numRows, cells, cellsStride, values, valuesStride, slots, states];
    if (numPoints === 2) this.#kernels.explain2(...places);
    else if (numPoints === 4) this.#kernels.explain4(...places);
    else if (numPoints === 6) this.#kernels.explain6(...places);
    else if (numPoints === 8) this.#kernels.explain8(...places);
    else this.#kernels.explainMore(...places, numPoints / 2);
  }
}
