/**
 * One regression tree as parallel node arrays; node 0 is the root, parents come before their children.
 *
 * A row goes left at a split iff `value <= threshold`, or its value is NaN and `defaultLeft` is 1. At a split on categories it goes
 * left iff its value is a code of the node's set, or NaN and `defaultLeft` is 1; a value that is no whole number is in no set.
 * A leaf has `leftChild`, `rightChild` and `splitFeature` -1; `leafValue` is on the log-odds scale.
 * `cover` is the number of training rows that reached the node (> 0): it weighs path-dependent attributions.
 */
export interface Tree {
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  readonly splitFeature: Int32Array;
  readonly threshold: Float64Array;
  readonly defaultLeft: Uint8Array;
  readonly leafValue: Float64Array;
  readonly cover: Float64Array;
  /**
   * By node: the category codes that go left, as a bitset (code `c` is bit `c & 31` of word `c >>> 5`), LightGBM's `cat_threshold`;
   * null where the node splits at its threshold. Absent where no node of the tree splits on categories.
   */
  readonly categories?: readonly (Uint32Array | null)[];
}

/**
 * A sum of trees on the log-odds scale.
 *
 * The margin is defined by its order of addition, `((baseValue + leaf₀) + leaf₁) + …` in float64, because that is the
 * order in which ONNX Runtime adds when the base value is written as tree 0: the two are then equal to the last bit.
 */
export interface TreeEnsemble {
  readonly featureNames: readonly string[];
  readonly baseValue: number;
  readonly trees: readonly Tree[];
}

/** Rows × features, row-major float32, NaN = missing. */
export interface FeatureMatrix {
  readonly numRows: number;
  readonly numFeatures: number;
  readonly values: Float32Array;
}
