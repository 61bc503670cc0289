import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Margins and probabilities of a served ONNX file for a row-major block of doubles. */
export async function runOnnx(
  model: Uint8Array,
  values: Float64Array,
  numFeatures: number,
): Promise<{ margins: Float64Array; probabilities: Float64Array }> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' });
  const output = await session.run({ features: new Tensor('float64', values, [values.length / numFeatures, numFeatures]) });
  const read = (name: string): Float64Array => {
    const data = output[name]?.data;
    if (!(data instanceof Float64Array)) throw new Error(`the model has no double output "${name}"`);
    return data;
  };
  return { margins: read('margin'), probabilities: read('probability') };
}
