import * as fc from 'fast-check';
import {
  adaptiveCalibrationError,
  averagePrecisionInterval,
  bootstrapCosts,
  brierParts,
  brierSkillScore,
  calibrationInTheLarge,
  calibrationRegression,
  characteristicStability,
  compareRocAuc,
  costCurve,
  createRandom,
  cumulativeGains,
  decileTable,
  featureImportances,
  fitBetaCalibration,
  fitIsotonic,
  giniInterval,
  hosmerLemeshow,
  kendallTau,
  ksThreshold,
  ksTwoSample,
  observedToExpected,
  partialDependence,
  populationStabilityIndex,
  precisionRecallCurve,
  recalibrateCrossFitted,
  reliabilityBins,
  rocCurve,
  spiegelhalterTest,
  wilsonInterval,
} from './index.ts';
import { samples } from './labelled-samples.arbitrary.ts';

const failing = (code: string) => expect.objectContaining({ name: 'StatisticsError', code });

const cost = { falseNegative: 10, falsePositive: 1 };

it('no statistic depends on the order of rows', () => {
  fc.assert(
    fc.property(samples, fc.integer(), ({ labels, probabilities }, seed) => {
      const random = createRandom(seed);
      const order = labels.map((_, row) => ({ row, key: random.uniform() })).sort((a, b) => a.key - b.key);
      const shuffledLabels = order.map(({ row }) => labels[row]!);
      const shuffledProbabilities = order.map(({ row }) => probabilities[row]!);
      for (const statistic of [
        rocCurve,
        precisionRecallCurve,
        cumulativeGains,
        decileTable,
        reliabilityBins,
        fitIsotonic,
        ksThreshold,
        giniInterval,
        adaptiveCalibrationError,
        (y: number[], p: number[]) => costCurve(y, p, cost),
        (y: number[], p: number[]) => bootstrapCosts(y, p, cost, { fixedThreshold: 0.1, resamples: 5, seed: 1 }),
        (y: number[], p: number[]) => observedToExpected(y, p),
      ]) {
        expect(statistic(shuffledLabels, shuffledProbabilities)).toEqual(statistic(labels, probabilities));
      }
    }),
  );
});

describe('bad input', () => {
  const statistics: readonly (readonly [string, (labels: number[], probabilities: number[]) => unknown])[] = [
    ['rocCurve', rocCurve],
    ['precisionRecallCurve', precisionRecallCurve],
    ['cumulativeGains', cumulativeGains],
    ['decileTable', decileTable],
    ['averagePrecisionInterval', averagePrecisionInterval],
    ['ksThreshold', ksThreshold],
    ['compareRocAuc', (labels, probabilities) => compareRocAuc(labels, probabilities, probabilities)],
    ['reliabilityBins', reliabilityBins],
    ['brierParts', brierParts],
    ['brierSkillScore', brierSkillScore],
    ['spiegelhalterTest', spiegelhalterTest],
    ['hosmerLemeshow', (labels, probabilities) => hosmerLemeshow(labels, probabilities, { areFittedOnRows: false, bins: 2 })],
    ['observedToExpected', observedToExpected],
    ['adaptiveCalibrationError', adaptiveCalibrationError],
    ['fitIsotonic', fitIsotonic],
    ['fitBetaCalibration', fitBetaCalibration],
    ['calibrationRegression', calibrationRegression],
    ['calibrationInTheLarge', calibrationInTheLarge],
    ['costCurve', (labels, probabilities) => costCurve(labels, probabilities, cost)],
    ['bootstrapCosts', (labels, probabilities) => bootstrapCosts(labels, probabilities, cost, { fixedThreshold: 0.5, resamples: 1, seed: 1 })],
  ];

  it.each(statistics)('%s refuses lengths that differ, no row, a label that is no label, NaN', (_, statistic) => {
    expect(() => statistic([0, 1, 1], [0.1, 0.2])).toThrow(failing('lengths-differ'));
    expect(() => statistic([], [])).toThrow(failing('empty'));
    expect(() => statistic([0, 2, 1, 0], [0.1, 0.2, 0.3, 0.4])).toThrow(failing('label-not-binary'));
    expect(() => statistic([0, 1, 1, 0], [0.1, Number.NaN, 0.3, 0.4])).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(score-not-finite|probability-out-of-range)$/) }),
    );
  });

  it('impossible numbers of bins, points, resamples; shapes that do not fit', () => {
    expect(() => rocCurve([0, 1], [0.1, 0.2], 1)).toThrow(failing('argument-out-of-range'));
    expect(() => decileTable([0, 1], [0.1, 0.2], 0)).toThrow(failing('argument-out-of-range'));
    expect(() => hosmerLemeshow([0, 1], [0.1, 0.2], { areFittedOnRows: true })).toThrow(failing('argument-out-of-range'));
    expect(() => bootstrapCosts([0, 1], [0.1, 0.2], cost, { fixedThreshold: 0.5, resamples: 0, seed: 1 })).toThrow(failing('argument-out-of-range'));
    expect(() => recalibrateCrossFitted([0, 1], [0.1, 0.2], [0, 0], 'isotonic')).toThrow(failing('argument-out-of-range'));
    expect(() => spiegelhalterTest([0, 1], [0.5, 0.5])).toThrow(failing('argument-out-of-range'));
    expect(() => wilsonInterval(2, 1)).toThrow(failing('argument-out-of-range'));
    expect(() => populationStabilityIndex([1, -1], [1, 1])).toThrow(failing('argument-out-of-range'));
    expect(() => populationStabilityIndex([1], [1, 1])).toThrow(failing('lengths-differ'));
    expect(() => characteristicStability([], [1])).toThrow(failing('empty'));
    expect(() => ksTwoSample([Number.NaN], [1])).toThrow(failing('empty'));
    expect(() => featureImportances([1, 2, 3], ['a', 'b'], { resamples: 1, seed: 1 })).toThrow(failing('lengths-differ'));
    expect(() => kendallTau([1, Number.NaN], [1, 2])).toThrow(failing('score-not-finite'));
    expect(() => partialDependence(() => [0], { numRows: 1, numFeatures: 1, values: Float32Array.of(0) }, 1, [0])).toThrow(
      failing('argument-out-of-range'),
    );
  });
});
