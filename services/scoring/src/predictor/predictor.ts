import type { FeatureMatrix } from '@lisible/tree-ensemble';

/** By row of the matrix: `margins` are log-odds, `probabilities` their sigmoid; both the same to the bit whatever rows share the run. */
export interface Predictions {
  readonly margins: Float64Array;
  readonly probabilities: Float64Array;
}

export interface Predictor {
  /** All rows in one run. NaN is a missing value. */
  predict(matrix: FeatureMatrix): Promise<Predictions>;
}

/** Port: opens a model file. */
export abstract class Predictors {
  abstract open(onnx: Uint8Array): Promise<Predictor>;
}
