import type { FeatureMatrix } from '@lisible/tree-ensemble';
import { Injectable } from '@nestjs/common';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxValue } from 'onnxruntime-node';
import { Predictors } from './predictor.ts';
import type { Predictions, Predictor } from './predictor.ts';

/** Names of the graph's input and outputs, as `toOnnx` of tree-ensemble writes them; all are double. */
const graph = { input: 'features', margin: 'margin', probability: 'probability' } as const;

/** ONNX Runtime on the CPU. A session is freed with its predictor by the garbage collector, after the last run in hand. */
@Injectable()
export class OnnxPredictors extends Predictors {
  override async open(onnx: Uint8Array): Promise<Predictor> {
    // One thread: two only spin on rows this small, and a fixed order of sums keeps margins equal bit for bit.
    const session = await InferenceSession.create(onnx, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
    });
    return { predict: (matrix) => predict(session, matrix) };
  }
}

const predict = async (session: InferenceSession, { numRows, numFeatures, values }: FeatureMatrix): Promise<Predictions> => {
  const outputs = await session.run({ [graph.input]: new Tensor('float64', Float64Array.from(values), [numRows, numFeatures]) });
  return { margins: doubles(outputs[graph.margin], numRows), probabilities: doubles(outputs[graph.probability], numRows) };
};

const doubles = (output: OnnxValue | undefined, numRows: number): Float64Array => {
  if (output === undefined || !('data' in output) || !(output.data instanceof Float64Array) || output.data.length !== numRows) {
    throw new Error(`the model's graph must give ${graph.margin} and ${graph.probability} as one double a row`);
  }
  return output.data;
};
