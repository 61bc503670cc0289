/**
 * Exact path-dependent SHAP values (Lundberg et al., "From local explanations to global understanding with explainable AI for trees",
 * Nature Machine Intelligence 2, 2020), by quadrature: `shap-plan.ts` has the formulas.
 */
import { checkMatrix } from '../feature-matrix.ts';
import { openKernel } from '../kernels/open-kernel.ts';
import { treeShapWasm } from '../kernels/tree-shap.wasm.ts';
import { checkRow } from '../predict.ts';
import { layOutShap, type ShapLayout, type ShapMemory, type TreeGroup } from './shap-memory.ts';
import { fillCells, planShap, type RowCell, type ShapPlan } from './shap-plan.ts';
import type { FeatureMatrix, Tree, TreeEnsemble } from '../tree-ensemble.ts';

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
  /**
   * SHAP interaction values of one row, features × features, in shap's convention: symmetric, each pair's index halved between its two
   * places, the diagonal so that a line adds up to the feature's SHAP value. Throws `row-length-differs`, `path-too-wide`.
   *
   * The first call lays out what only interactions need (about twice what `explain` does).
   */
  interactions(row: ArrayLike<number>): Float64Array;
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
const kernelNames = ['explain2', 'explain4', 'explain6', 'explain8', 'explainMore', 'interact'] as const;
type Kernels = ReturnType<typeof openKernel<(typeof kernelNames)[number]>>;

class PlannedExplainer implements TreeExplainer {
  readonly ensemble: TreeEnsemble;
  readonly baseValue: number;
  readonly #walk: Walk;
  #walkOfPairs: Walk | null = null;

  constructor(ensemble: TreeEnsemble) {
    const plan = planShap(ensemble);
    this.ensemble = ensemble;
    this.baseValue = plan.baseValue;
    this.#walk = new Walk(plan, { maxRows: rowsOfBlock, hasInteractions: false });
  }

  explain(row: ArrayLike<number>): Float64Array {
    checkRow(this.ensemble, row);
    const shapValues = new Float64Array(row.length);
    this.#walk.explain(row, 0, 1, shapValues);
    return shapValues;
  }

  explainRows(matrix: FeatureMatrix): Float64Array {
    checkMatrix(matrix, this.ensemble.featureNames.length);
    const { numRows, numFeatures, values } = matrix;
    const shapValues = new Float64Array(numRows * numFeatures);
    for (let row = 0; row < numRows; row += rowsOfBlock) this.#walk.explain(values, row, Math.min(rowsOfBlock, numRows - row), shapValues);
    return shapValues;
  }

  interactions(row: ArrayLike<number>): Float64Array {
    checkRow(this.ensemble, row);
    this.#walkOfPairs ??= new Walk(planShap(this.ensemble), { maxRows: 1, hasInteractions: true });
    return this.#walkOfPairs.interact(row);
  }
}

/** The kernel over a plan in memory. */
class Walk {
  readonly #numFeatures: number;
  readonly #cells: readonly RowCell[];
  readonly #layout: ShapMemory;
  readonly #kernels: Kernels;
  readonly #numbers: Float64Array;

  constructor(plan: ShapPlan, layout: ShapLayout) {
    this.#numFeatures = plan.numFeatures;
    this.#cells = plan.cells;
    this.#layout = layOutShap(plan, layout);
    this.#kernels = openKernel(treeShapWasm, this.#layout.memory, kernelNames);
    this.#numbers = new Float64Array(this.#layout.memory.buffer);
  }

  /** SHAP values of a block of rows, into the same rows of `into`. */
  explain(values: ArrayLike<number>, firstRow: number, numRows: number, into: Float64Array): void {
    this.#takeRows(values, firstRow, numRows);
    for (const group of this.#layout.groups) this.#addGroup(group, numRows);
    this.#giveRows(into, firstRow, numRows);
  }

  /** Interaction values of one row, features × features. */
  interact(row: ArrayLike<number>): Float64Array {
    const numFeatures = this.#numFeatures;
    const { groups, cells, values, slots, states, parts, triangle } = this.#layout;
    const sums = this.#numbers.subarray(triangle / 8, triangle / 8 + numFeatures ** 2);
    this.#takeRows(row, 0, 1);
    sums.fill(0);
    for (const { numPoints, numTrees, shared, trees, entries } of groups) {
      this.#kernels.interact(numPoints / 2, trees, numTrees, shared, cells, values, slots, states, parts, entries, triangle);
    }
    const diagonal = new Float64Array(numFeatures);
    this.#giveRows(diagonal, 0, 1);
    const interactions = new Float64Array(numFeatures ** 2);
    for (let first = 0; first < numFeatures; first++) {
      for (let second = first + 1; second < numFeatures; second++) {
        const half = sums[first * numFeatures + second] / 2;
        interactions[first * numFeatures + second] = half;
        interactions[second * numFeatures + first] = half;
        diagonal[first] -= half;
        diagonal[second] -= half;
      }
    }
    diagonal.forEach((value, feature) => (interactions[feature * (numFeatures + 1)] = value));
    return interactions;
  }

  #takeRows(values: ArrayLike<number>, firstRow: number, numRows: number): void {
    const { cells, cellsStride, values: sums, valuesStride } = this.#layout;
    for (let row = 0; row < numRows; row++) {
      fillCells(this.#cells, values, (firstRow + row) * this.#numFeatures, this.#numbers, (cells + row * cellsStride) / 8);
    }
    this.#numbers.fill(0, sums / 8, (sums + numRows * valuesStride) / 8);
  }

  #giveRows(into: Float64Array, firstRow: number, numRows: number): void {
    const from = this.#layout.values / 8;
    const to = firstRow * this.#numFeatures;
    for (let place = 0; place < numRows * this.#numFeatures; place++) {
      into[to + place] = this.#numbers[from + 2 * place] + this.#numbers[from + 2 * place + 1];
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
