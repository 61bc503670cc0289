import * as fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { arbitraryEnsemble, arbitraryRow, toBitset } from '../arbitrary-ensemble.testing.ts';
import {
  defaultHyperParameters,
  foldCalibration,
  predictMargin,
  predictMargins,
  sigmoid,
  toOnnx,
  train,
  type FeatureMatrix,
  type OnnxOptions,
  type TreeEnsemble,
} from '../index.ts';
import { createRandom } from '../random.ts';

const numFeatures = 12;

async function runOnnx(ensemble: TreeEnsemble, matrices: readonly FeatureMatrix[], options?: OnnxOptions) {
  const session = await InferenceSession.create(toOnnx(ensemble, options), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const outputs = [];
  for (const matrix of matrices) {
    const features = new Tensor('float64', Float64Array.from(matrix.values), [matrix.numRows, matrix.numFeatures]);
    const { margin, probability } = await session.run({ features });
    expect(margin.dims).toEqual([matrix.numRows, 1]);
    outputs.push({ margin: margin.data as Float64Array, probability: probability.data as Float64Array });
  }
  await session.release();
  return outputs;
}

/** Rows that hold missing, infinite, huge and denormal values beside ordinary ones. */
function hostileRows(numRows: number): FeatureMatrix {
  const random = createRandom(11, 0);
  const special = [NaN, Infinity, -Infinity, 1e38, -1e38, 3.4e38, 1e-40, -1e-40, 0, -0];
  const values = Float32Array.from({ length: numRows * numFeatures }, () =>
    random() < 0.3 ? special[Math.floor(random() * special.length)] : random() * 4 - 2,
  );
  return { numRows, numFeatures, values };
}

function learnt(): TreeEnsemble {
  const matrix = hostileRows(3000);
  const labels = Uint8Array.from({ length: 3000 }, (_, row) => (matrix.values[row * numFeatures] > 0.3 ? 1 : 0) ^ (row % 7 === 0 ? 1 : 0));
  const { ensemble } = train({
    matrix,
    labels,
    featureNames: Array.from({ length: numFeatures }, (_, index) => `x${index}`),
    hyperParameters: { ...defaultHyperParameters, numRounds: 500, learningRate: 0.03, minDataInLeaf: 5 },
    seed: 4,
  });
  return foldCalibration(ensemble, { slope: 0.913, intercept: -0.271 });
}

describe('toOnnx', () => {
  const full = learnt();

  // ONNX Runtime takes other code paths by number of rows (1, up to 50, up to 128, above) and of trees (up to 80, above).
  it('gives ONNX Runtime the same margins to the last bit, whatever the numbers of rows and trees', async () => {
    expect(full.trees.length).toBe(500);
    const rows = hostileRows(10_000);
    for (const numTrees of [0, 1, 3, 80, 81, 200, 500]) {
      const ensemble = { ...full, trees: full.trees.slice(0, numTrees) };
      const matrices = [1, 2, 16, 51, 129, 1000, 10_000].map((numRows) => ({
        numRows,
        numFeatures,
        values: rows.values.slice(0, numRows * numFeatures),
      }));
      const outputs = await runOnnx(ensemble, matrices);
      matrices.forEach((matrix, index) => {
        const native = predictMargins(ensemble, matrix);
        const { margin, probability } = outputs[index];
        const differing = native.filter((value, row) => !Object.is(value, margin[row])).length;
        expect({ numTrees, numRows: matrix.numRows, differing }).toEqual({ numTrees, numRows: matrix.numRows, differing: 0 });
        const farthest = native.reduce((worst, value, row) => Math.max(worst, Math.abs(sigmoid(value) - probability[row])), 0);
        expect(farthest).toBeLessThan(1e-12);
      });
    }
  });

  it('gives the same margins for any trees and values', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEnsemble(3), fc.array(arbitraryRow(3), { minLength: 1, maxLength: 5 }), async (ensemble, rows) => {
        const matrix = { numRows: rows.length, numFeatures: 3, values: Float32Array.from(rows.flat()) };
        const [{ margin }] = await runOnnx(ensemble, [matrix]);
        rows.forEach((row, index) => expect(margin[index]).toBe(predictMargin(ensemble, row)));
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  // Small numbers, so that codes are met: up to three words of a set, neighbours of codes, codes that float32 cannot tell apart.
  const rowsOfCodes = fc.array(
    arbitraryRow(3).map((row) => row.map((value) => (Number.isFinite(value) ? Math.trunc(value) : value))),
    { minLength: 1, maxLength: 60 },
  );

  it.each([{ opset: 5 }, { opset: 3 }] as const)('gives the same margins for any splits on categories: %j', async (options) => {
    await fc.assert(
      fc.asyncProperty(arbitraryEnsemble(3, { withCategories: true }), rowsOfCodes, async (ensemble, rows) => {
        const matrix = { numRows: rows.length, numFeatures: 3, values: Float32Array.from(rows.flat()) };
        const [{ margin }] = await runOnnx(ensemble, [matrix], options);
        const expected = [...predictMargins(ensemble, matrix)];
        expect([...margin]).toEqual(options.opset === 3 ? expected.map(Math.fround) : expected);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  const stump = (codes: readonly number[], defaultLeft: number): TreeEnsemble => ({
    featureNames: ['code'],
    baseValue: 0.5,
    trees: [
      {
        leftChild: Int32Array.of(1, -1, -1),
        rightChild: Int32Array.of(2, -1, -1),
        splitFeature: Int32Array.of(0, -1, -1),
        threshold: new Float64Array(3),
        defaultLeft: Uint8Array.of(defaultLeft, 0, 0),
        leafValue: Float64Array.of(0, 1, 2),
        cover: Float64Array.of(2, 1, 1),
        categories: [toBitset(codes), null, null],
      },
    ],
  });
  const sets: [string, number[]][] = [
    ['none', []],
    ['only 0', [0]],
    ['the edges of words', [0, 31, 32, 63, 64, 65]],
    ['1 to 64, which ONNX Runtime packs into one word', Array.from({ length: 64 }, (_, index) => index + 1)],
    ['every third of 9000', Array.from({ length: 3000 }, (_, index) => index * 3)],
    ['far apart', [5, 2 ** 16, 2 ** 24 - 1]],
  ];
  it.each(sets)('finds every code of a set and no other: %s', async (_, codes) => {
    const near = codes.flatMap((code) => [code - 1, code, code + 1, code + 32, code + 64, code + 2 ** 16, -code]);
    const far = [NaN, Infinity, -Infinity, 2 ** 24, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 2 ** 63, 2 ** 64, 1e38, -1e38];
    const values = Float32Array.from([...near, ...far, ...Array.from({ length: 100 }, (__, index) => index)]);
    const matrix = { numRows: values.length, numFeatures: 1, values };
    for (const defaultLeft of [0, 1]) {
      const ensemble = stump(codes, defaultLeft);
      const native = [...predictMargins(ensemble, matrix)];
      expect([...(await runOnnx(ensemble, [matrix]))[0].margin]).toEqual(native);
      expect([...(await runOnnx(ensemble, [matrix], { opset: 3 }))[0].margin]).toEqual(native);
    }
  });

  it('gives old readers the margin rounded to float32 under opset 3, whatever the numbers of rows and trees', async () => {
    const rows = hostileRows(1000);
    for (const numTrees of [0, 1, 80, 81, 500]) {
      const ensemble = { ...full, trees: full.trees.slice(0, numTrees) };
      const matrices = [1, 51, 1000].map((numRows) => ({ numRows, numFeatures, values: rows.values.slice(0, numRows * numFeatures) }));
      const outputs = await runOnnx(ensemble, matrices, { opset: 3 });
      matrices.forEach((matrix, index) => {
        expect([...outputs[index].margin]).toEqual(Array.from(predictMargins(ensemble, matrix), Math.fround));
      });
    }
  });
});
