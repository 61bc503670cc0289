import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface Predictions {
  readonly margins: Float64Array;
  readonly probabilities: Float64Array;
}

/** The ONNX file as ONNX Runtime reads it, one thread. */
export interface OnnxPredictor {
  /** @param rows row-major float64, `numFeatures` a row */
  predict(rows: Float64Array, numFeatures: number): Promise<Predictions>;
  close(): Promise<void>;
}

/** @throws Error when ONNX Runtime cannot read the bytes or the outputs are not two columns of float64 */
export const openOnnxPredictor = async (bytes: Uint8Array): Promise<OnnxPredictor> => {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' });
  return {
    predict: async (rows, numFeatures) => {
      const { margin, probability } = await session.run({ features: new Tensor('float64', rows, [rows.length / numFeatures, numFeatures]) });
      return { margins: column(margin), probabilities: column(probability) };
    },
    close: () => session.release(),
  };
};

const column = (tensor: Tensor | undefined): Float64Array => {
  if (tensor?.data instanceof Float64Array) return tensor.data;
  throw new Error('the ONNX file does not give margin and probability in float64');
};
