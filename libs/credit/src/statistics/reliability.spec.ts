import * as fc from 'fast-check';
import {
  adaptiveCalibrationError,
  brierParts,
  brierSkillScore,
  calibrationInTheLarge,
  calibrationRegression,
  equalWidthCalibrationError,
  fitBetaCalibration,
  fitIsotonic,
  hosmerLemeshow,
  isotonicMap,
  observedToExpected,
  recalibrateCrossFitted,
  reliabilityBins,
  spiegelhalterTest,
} from './index.ts';
import { drawCalibrated, samples } from './labelled-samples.arbitrary.ts';

describe('calibration', () => {
  it('the parts of the Brier score add up to it exactly', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 12 }), ({ labels, probabilities }, bins) => {
        const parts = brierParts(labels, probabilities, bins);
        const sum = parts.reliability - parts.resolution + parts.uncertainty + parts.withinBinVariance - parts.withinBinCovariance;
        expect(sum).toBeCloseTo(parts.brierScore, 12);
      }),
    );
  });

  it('isotonic regression never falls, keeps the mean, and finds nothing more to do on its own result', () => {
    fc.assert(
      fc.property(samples, ({ labels, probabilities }) => {
        const blocks = fitIsotonic(labels, probabilities);
        expect(blocks.every(({ value }, index) => index === 0 || value > blocks[index - 1]!.value)).toBe(true);
        const fitted = probabilities.map(isotonicMap(blocks));
        expect(fitted.reduce((sum, value) => sum + value, 0)).toBeCloseTo(labels.filter((label) => label === 1).length, 9);
        const again = fitIsotonic(labels, fitted);
        for (const [index, { value }] of again.entries()) expect(value).toBeCloseTo(blocks[index]!.value, 12);
        expect(again).toHaveLength(blocks.length);
      }),
    );
  });

  it('finds nothing wrong with true probabilities, and what is wrong with distorted ones', () => {
    const { labels, margins, probabilities } = drawCalibrated(20_000, 5);
    const line = calibrationRegression(labels, margins);
    expect(line.slope.lower).toBeLessThan(1);
    expect(line.slope.upper).toBeGreaterThan(1);
    expect(calibrationInTheLarge(labels, margins)).toEqual(line.calibrationInTheLarge);
    expect(spiegelhalterTest(labels, probabilities).pValue).toBeGreaterThan(0.01);
    expect(hosmerLemeshow(labels, probabilities, { areFittedOnRows: false }).pValue).toBeGreaterThan(0.01);
    const high = margins.map((margin) => margin + 0.5);
    const tooHigh = high.map((margin) => 1 / (1 + Math.exp(-margin)));
    expect(calibrationInTheLarge(labels, high).upper).toBeLessThan(-0.4);
    expect(spiegelhalterTest(labels, tooHigh).pValue).toBeLessThan(1e-6);
    expect(hosmerLemeshow(labels, tooHigh, { areFittedOnRows: false }).pValue).toBeLessThan(1e-6);
    expect(observedToExpected(labels, tooHigh)?.ratio?.upper).toBeLessThan(0.75);
    for (const method of ['affine', 'isotonic', 'beta'] as const) {
      const repaired = recalibrateCrossFitted(
        labels,
        tooHigh,
        Uint8Array.from(labels, (_, row) => row % 5),
        method,
      );
      expect(equalWidthCalibrationError(labels, repaired)).toBeLessThan(0.01);
    }
  });

  it('a window counts the rows within it, and is null without any', () => {
    const labels = [0, 1, 0, 1];
    const probabilities = [0.1, 0.2, 0.3, 1];
    expect(observedToExpected(labels, probabilities, { from: 0.1, to: 0.3 })).toMatchObject({ rows: 2, observed: 1 });
    expect(observedToExpected(labels, probabilities, { from: 0.3, to: 1 })).toMatchObject({ rows: 2, observed: 1, expected: 1.3 });
    expect(observedToExpected(labels, probabilities, { from: 0.4, to: 0.5 })).toBeNull();
    expect(observedToExpected([0, 0], [0.1, 0.2])?.ratio).toBeNull();
    expect(reliabilityBins(labels, probabilities, 10, 'equal-width').map(({ rows }) => rows)).toEqual([1, 1, 1, 1]);
  });

  it('beta calibration sets a negative weight to zero and fits the other again', () => {
    // Risk that falls with the probability: both weights would be negative.
    const { labels, probabilities } = drawCalibrated(2000, 8);
    const { a, b } = fitBetaCalibration(
      labels,
      probabilities.map((probability) => 1 - probability),
    );
    expect(a).toBe(0);
    expect(b).toBe(0);
  });

  it('the adaptive error takes as many bins as stay in order', () => {
    expect(adaptiveCalibrationError([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])).toMatchObject({ bins: 4 });
    expect(adaptiveCalibrationError([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9])).toMatchObject({ bins: 1, value: 0 });
  });

  it('skill is 0 for the default rate and 1 for certainty', () => {
    expect(brierSkillScore([0, 1, 0, 0], [0.25, 0.25, 0.25, 0.25])).toBeCloseTo(0, 14);
    expect(brierSkillScore([0, 1, 0, 0], [0, 1, 0, 0])).toBe(1);
  });
});
