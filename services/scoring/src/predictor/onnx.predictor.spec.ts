import { computeFeatureMatrix, homeCreditCatalogue } from '@lisible/credit';
import { predictMargins, selectRows, sigmoid } from '@lisible/tree-ensemble';
import { drawApplications, featureNames, trainSmallModel } from '../testing/small-model.ts';
import { OnnxPredictors } from './onnx.predictor.ts';

describe('onnx.predictor', () => {
  it('gives the native margins bit for bit and their probabilities, in one run', async () => {
    const { ensemble, onnx } = trainSmallModel('v1', 3);
    const matrix = computeFeatureMatrix(homeCreditCatalogue, drawApplications(500, 99), featureNames);
    const predictor = await new OnnxPredictors().open(onnx);
    const { margins, probabilities } = await predictor.predict(matrix);
    const native = predictMargins(ensemble, matrix);
    expect(new Set(native).size).toBeGreaterThan(20);
    expect([...margins]).toEqual([...native]);
    expect([...probabilities]).toEqual([...native].map(sigmoid));
  });

  it('gives a row the same numbers alone as among others', async () => {
    const { onnx } = trainSmallModel('v1', 3);
    const matrix = computeFeatureMatrix(homeCreditCatalogue, drawApplications(500, 98), featureNames);
    const predictor = await new OnnxPredictors().open(onnx);
    const together = await predictor.predict(matrix);
    for (let row = 0; row < matrix.numRows; row++) {
      const alone = await predictor.predict(selectRows(matrix, [row]));
      expect([alone.margins[0], alone.probabilities[0]]).toEqual([together.margins[row], together.probabilities[row]]);
    }
  });

  it('refuses bytes that are no model', async () => {
    await expect(new OnnxPredictors().open(new Uint8Array([1, 2, 3]))).rejects.toThrow();
  });
});
