import * as fc from 'fast-check';
import { defaultHyperParameters, logit, predictMargin, predictMargins, serialiseTrees, sigmoid, train, type HyperParameters } from '../index.ts';
import { featureNames, heldOut, learning, range, rocAuc } from './learning-set.testing.ts';

const tiny: HyperParameters = { ...defaultHyperParameters, numRounds: 3, minDataInLeaf: 1, minSumHessianInLeaf: 0 };

interface Row {
  readonly value: number;
  readonly label: number;
  readonly weight: number;
}

function trainOn(rows: readonly Row[], isWeighted: boolean) {
  return train({
    matrix: { numRows: rows.length, numFeatures: 1, values: Float32Array.from(rows, ({ value }) => value) },
    labels: Uint8Array.from(rows, ({ label }) => label),
    ...(isWeighted && { weights: rows.map(({ weight }) => weight) }),
    featureNames: ['x'],
    hyperParameters: tiny,
    seed: 2,
  }).ensemble;
}

describe('weights', () => {
  it('count a row as often as its weight says: as if it were there so many times', () => {
    // Four rows a value at least: a side's number of rows is estimated from its hessian, which a light row alone would not reach.
    const row = fc.record({ value: fc.integer({ min: 0, max: 5 }), label: fc.integer({ min: 0, max: 1 }), weight: fc.integer({ min: 0, max: 4 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 10, maxLength: 60 }), (drawn) => {
        const always = range(0, 6).flatMap((value) => [0, 1, 0, 1].map((label, at) => ({ value, label, weight: 1 + ((value + at) % 3) })));
        const rows = [...drawn, ...always];
        const weighted = trainOn(rows, true);
        const repeated = trainOn(
          rows.flatMap((one) => range(0, one.weight).map(() => one)),
          false,
        );
        expect(weighted.baseValue).toBeCloseTo(repeated.baseValue, 12);
        // Every value ends in a leaf of its own, or with neighbours that differ in nothing.
        for (const value of range(0, 6)) expect(Math.abs(predictMargin(weighted, [value]) - predictMargin(repeated, [value]))).toBeLessThan(1e-4);
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it('change nothing when all of them are doubled', () => {
    const weights = Float64Array.from(learning.labels, (_, row) => (row % 7) / 3);
    const settings = { ...defaultHyperParameters, numRounds: 10, minSumHessianInLeaf: 0 };
    const [once, twice] = [1, 2].map((factor) =>
      serialiseTrees(
        train({ ...learning, weights: weights.map((weight) => factor * weight), featureNames, hyperParameters: settings, seed: 1 }).ensemble,
      ),
    );
    expect(once === twice).toBe(true);
  });

  it('leave covers what they were: numbers of rows', () => {
    const weights = learning.labels.map((label) => 1 + 9 * label);
    const { ensemble } = train({ ...learning, weights, featureNames, hyperParameters: { ...defaultHyperParameters, numRounds: 2 }, seed: 1 });
    for (const tree of ensemble.trees) expect(tree.cover[0]).toBe(learning.labels.length);
  });

  it('move the base value and the validation loss', () => {
    const weights = Float64Array.from(learning.labels, (label, row) => (label === 1 ? 2 : 1 + (row % 2)));
    const validation = { ...heldOut, weights: Float64Array.from(heldOut.labels, (_, row) => row % 5) };
    const hyperParameters = { ...defaultHyperParameters, numRounds: 4 };
    const { ensemble, evaluations } = train({ ...learning, weights, validation, featureNames, hyperParameters, seed: 1 });
    const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
    const ofOnes = sum(learning.labels.map((label, row) => label * weights[row]));
    expect(ensemble.baseValue).toBeCloseTo(logit(ofOnes / sum(weights)), 12);
    const losses = [...predictMargins(ensemble, heldOut.matrix)].map((margin, row) =>
      heldOut.labels[row] === 1 ? -Math.log(sigmoid(margin)) : -Math.log(1 - sigmoid(margin)),
    );
    expect(evaluations[3]).toBeCloseTo(sum(losses.map((loss, row) => loss * validation.weights[row])) / sum(validation.weights), 10);
  });

  it('leave the other rows their precision where two weigh a million times as much', () => {
    const weights = new Float64Array(learning.labels.length).fill(1);
    weights[learning.labels.indexOf(0)] = 1e6;
    weights[learning.labels.indexOf(1)] = 1e6;
    // The heavy ones stand apart by a feature that tells nothing else, so that a tree can put them aside.
    const numFeatures = featureNames.length + 1;
    const values = Float32Array.from({ length: weights.length * numFeatures }, (_, at) => {
      const row = Math.floor(at / numFeatures);
      if (at % numFeatures < numFeatures - 1) return learning.matrix.values[row * (numFeatures - 1) + (at % numFeatures)];
      return weights[row] === 1 ? 0 : 1 + learning.labels[row];
    });
    const { ensemble } = train({
      matrix: { numRows: weights.length, numFeatures, values },
      labels: learning.labels,
      weights,
      featureNames: [...featureNames, 'heavy'],
      hyperParameters: { ...tiny, numRounds: 1, minDataInLeaf: 0, numLeaves: 15 },
      seed: 1,
    });
    const isHeavy = (row: number): boolean => weights[row] > 1;
    const margins = predictMargins(ensemble, { numRows: weights.length, numFeatures, values });
    const rows = range(0, weights.length).filter((row) => !isHeavy(row));
    const auc = rocAuc(
      Uint8Array.from(rows, (row) => learning.labels[row]),
      Float64Array.from(rows, (row) => margins[row]),
    );
    expect(auc).toBeGreaterThan(0.7);
  });
});
