import { computeFeatureMatrix, homeCreditCatalogue } from '@lisible/credit';
import { predictMargins, sigmoid } from '@lisible/tree-ensemble';
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
    expect(Math.max(...probabilities.map((probability, row) => Math.abs(probability - sigmoid(native[row]!))))).toBeLessThan(1e-12);
  });

  it('refuses bytes that are no model', async () => {
    await expect(new OnnxPredictors().open(new Uint8Array([1, 2, 3]))).rejects.toThrow();
  });
});
