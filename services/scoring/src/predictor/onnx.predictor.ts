import { sigmoid } from '@lisible/tree-ensemble';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import { Injectable } from '@nestjs/common';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxValue } from 'onnxruntime-node';
import { Predictors } from './predictor.ts';
import type { Predictions, Predictor } from './predictor.ts';

/** Names of the graph's input and of the output that is asked for, as `toOnnx` of tree-ensemble writes them; both are double. */
const graph = { input: 'features', margin: 'margin' } as const;

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
  const features = new Tensor('float64', Float64Array.from(values), [numRows, numFeatures]);
  const outputs = await session.run({ [graph.input]: features }, [graph.margin]);
  const margins = doubles(outputs[graph.margin], numRows);
  // The graph's own sigmoid rounds its last bit by a row's place in the batch: a decision must not depend on who came with it.
  return { margins, probabilities: margins.map((margin) => sigmoid(margin)) };
};

const doubles = (output: OnnxValue | undefined, numRows: number): Float64Array => {
  if (output === undefined || !('data' in output) || !(output.data instanceof Float64Array) || output.data.length !== numRows) {
    throw new Error(`the model's graph must give ${graph.margin} as one double a row`);
  }
  return output.data;
};
