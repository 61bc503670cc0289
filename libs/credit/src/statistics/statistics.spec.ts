import * as fc from 'fast-check';
import {
  averagePrecision,
  bestThreshold,
  brierScore,
  calibrationSlopeIntercept,
  costPerApplication,
  createRandom,
  expectedCalibrationError,
  fitAffineCalibration,
  ks,
  logLoss,
  rocAuc,
  rocAucInterval,
  stratifiedFolds,
} from './index.ts';
import { createRandomFromState } from './seeded-random.ts';

/** Rows with both classes, two of each; coarse probabilities so that ties are common. */
const rows = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), probability: fc.integer({ min: 0, max: 40 }).map((step) => step / 40) }), {
    minLength: 4,
    maxLength: 120,
  })
  .filter((sample) => {
    const positives = sample.filter(({ label }) => label === 1).length;
    return positives >= 2 && sample.length - positives >= 2;
  });
const labelsOf = (sample: readonly { label: number }[]) => sample.map(({ label }) => label);
const probabilitiesOf = (sample: readonly { probability: number }[]) => sample.map(({ probability }) => probability);
const cost = { falseNegative: 10, falsePositive: 1 };

describe('ranking statistics', () => {
  it('AUC, KS, average precision see only the order of scores', () => {
    fc.assert(
      fc.property(rows, (sample) => {
        const labels = labelsOf(sample);
        const scores = probabilitiesOf(sample);
        const stretched = scores.map((score) => Math.exp(3 * score) - 100);
        expect(rocAuc(labels, stretched)).toBe(rocAuc(labels, scores));
        expect(rocAucInterval(labels, stretched)).toEqual(rocAucInterval(labels, scores));
        expect(ks(labels, stretched)).toBe(ks(labels, scores));
        expect(averagePrecision(labels, stretched)).toBe(averagePrecision(labels, scores));
      }),
    );
  });

  it('AUC of the reversed scores is one minus the AUC', () => {
    fc.assert(
      fc.property(rows, (sample) => {
        const reversed = probabilitiesOf(sample).map((probability) => 1 - probability);
        expect(rocAuc(labelsOf(sample), reversed)).toBeCloseTo(1 - rocAuc(labelsOf(sample), probabilitiesOf(sample)), 14);
      }),
    );
  });

  it('the interval holds the value and stays within 0..1', () => {
    fc.assert(
      fc.property(rows, (sample) => {
        const { value, lower, upper } = rocAucInterval(labelsOf(sample), probabilitiesOf(sample));
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(lower).toBeLessThanOrEqual(value);
        expect(upper).toBeGreaterThanOrEqual(value);
        expect(upper).toBeLessThanOrEqual(1);
      }),
    );
  });
});

it('no statistic depends on the order of rows', () => {
  fc.assert(
    fc.property(rows, fc.integer(), (sample, seed) => {
      const shuffled = sample
        .map((row, index) => ({ row, key: createRandom(seed + index).uniform() }))
        .sort((a, b) => a.key - b.key)
        .map(({ row }) => row);
      for (const statistic of [rocAuc, averagePrecision, ks, expectedCalibrationError]) {
        expect(statistic(labelsOf(shuffled), probabilitiesOf(shuffled))).toBeCloseTo(statistic(labelsOf(sample), probabilitiesOf(sample)), 14);
      }
      for (const statistic of [brierScore, logLoss]) {
        expect(statistic(labelsOf(shuffled), probabilitiesOf(shuffled))).toBeCloseTo(statistic(labelsOf(sample), probabilitiesOf(sample)), 10);
      }
      expect(bestThreshold(labelsOf(shuffled), probabilitiesOf(shuffled), cost)).toEqual(
        bestThreshold(labelsOf(sample), probabilitiesOf(sample), cost),
      );
    }),
  );
});

describe('expectedCalibrationError', () => {
  it('takes bins of equal count: two halves, each off by its own gap', () => {
    // First half: mean 0.1, none defaulted; second half: mean 0.8, all defaulted.
    expect(expectedCalibrationError([0, 0, 1, 1], [0.05, 0.15, 0.7, 0.9], 2)).toBeCloseTo((0.1 + 0.2) / 2, 14);
  });

  it('shares labels among ties, even across the border of two bins', () => {
    expect(expectedCalibrationError([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5], 2)).toBe(0);
    expect(expectedCalibrationError([1, 1, 0, 0], [0.5, 0.5, 0.5, 0.5], 2)).toBe(0);
  });
});

describe('bestThreshold', () => {
  it('is nowhere beaten by another threshold', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (sample, other) => {
        const labels = labelsOf(sample);
        const probabilities = probabilitiesOf(sample);
        const best = bestThreshold(labels, probabilities, cost);
        expect(costPerApplication(labels, probabilities, best.threshold, cost)).toBe(best.costPerApplication);
        expect(costPerApplication(labels, probabilities, other, cost)).toBeGreaterThanOrEqual(best.costPerApplication);
      }),
    );
  });
});

describe('calibration', () => {
  it('undoes an affine distortion of the margin', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 5, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), fc.integer(), (stretch, shift, seed) => {
        const random = createRandom(seed);
        const margins = Array.from({ length: 400 }, () => random.normal() - 1);
        const labels = margins.map((margin) => (random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0));
        const plain = fitAffineCalibration(margins, labels);
        const distorted = fitAffineCalibration(
          margins.map((margin) => stretch * margin + shift),
          labels,
        );
        expect(distorted.slope * stretch).toBeCloseTo(plain.slope, 7);
        expect(distorted.intercept + distorted.slope * shift).toBeCloseTo(plain.intercept, 7);
      }),
      { numRuns: 25 },
    );
  });

  it('stays finite when the margin separates the classes, where the plain fit cannot', () => {
    const margins = [-3, -2, -1, 1, 2, 3];
    const labels = [0, 0, 0, 1, 1, 1];
    expect(fitAffineCalibration(margins, labels).slope).toBeGreaterThan(0);
    expect(() => calibrationSlopeIntercept(labels, margins)).toThrow(expect.objectContaining({ code: 'separable' }));
  });

  it('refuses a model that ranks no better than chance', () => {
    expect(() => fitAffineCalibration([-1, 0, 1, 2], [1, 1, 0, 0])).toThrow(expect.objectContaining({ code: 'slope-not-positive' }));
    expect(() => fitAffineCalibration([1, 1, 1, 1], [1, 1, 0, 0])).toThrow(expect.objectContaining({ code: 'slope-not-positive' }));
  });
});

describe('bad input', () => {
  const everyStatistic: readonly (readonly [string, (labels: number[], scores: number[]) => unknown])[] = [
    ['rocAuc', rocAuc],
    ['rocAucInterval', rocAucInterval],
    ['averagePrecision', averagePrecision],
    ['ks', ks],
    ['brierScore', brierScore],
    ['logLoss', logLoss],
    ['expectedCalibrationError', expectedCalibrationError],
    ['costPerApplication', (labels, scores) => costPerApplication(labels, scores, 0.5, cost)],
    ['bestThreshold', (labels, scores) => bestThreshold(labels, scores, cost)],
    ['calibrationSlopeIntercept', calibrationSlopeIntercept],
    ['fitAffineCalibration', (labels, scores) => fitAffineCalibration(scores, labels)],
  ];

  it.each(everyStatistic)('%s refuses lengths that differ, no row, a label that is no label, NaN', (_, statistic) => {
    expect(() => statistic([0, 1, 1], [0.1, 0.2])).toThrow(expect.objectContaining({ name: 'StatisticsError', code: 'lengths-differ' }));
    expect(() => statistic([], [])).toThrow(expect.objectContaining({ code: 'empty' }));
    expect(() => statistic([0, 2, 1, 0], [0.1, 0.2, 0.3, 0.4])).toThrow(expect.objectContaining({ code: 'label-not-binary' }));
    expect(() => statistic([0, 1, 1, 0], [0.1, Number.NaN, 0.3, 0.4])).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(score-not-finite|probability-out-of-range)$/) }),
    );
  });

  it.each(everyStatistic.filter(([name]) => /Auc|Precision|ks|alibration(Slope|$)/.test(name) && !name.startsWith('expected')))(
    '%s refuses one class',
    (_, statistic) => {
      expect(() => statistic([1, 1, 1], [0.1, 0.2, 0.3])).toThrow(expect.objectContaining({ code: 'one-class' }));
      expect(() => statistic([0, 0, 0], [0.1, 0.2, 0.3])).toThrow(expect.objectContaining({ code: 'one-class' }));
    },
  );

  it('an interval of one row of a class, a probability past 1, a cost of nothing, no bin', () => {
    expect(() => rocAucInterval([0, 0, 1], [0.1, 0.2, 0.3])).toThrow(expect.objectContaining({ code: 'class-too-small' }));
    expect(() => brierScore([0, 1], [0.5, 1.5])).toThrow(expect.objectContaining({ code: 'probability-out-of-range' }));
    expect(() => costPerApplication([0, 1], [0.5, 1], 0.5, { falseNegative: 0, falsePositive: 1 })).toThrow(
      expect.objectContaining({ code: 'argument-out-of-range' }),
    );
    expect(() => costPerApplication([0, 1], [0.5, 1], 1.5, cost)).toThrow(expect.objectContaining({ code: 'argument-out-of-range' }));
    expect(() => expectedCalibrationError([0, 1], [0.5, 1], 0)).toThrow(expect.objectContaining({ code: 'argument-out-of-range' }));
  });
});

describe('stratifiedFolds', () => {
  it('deals each class evenly, and the same way for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 5, max: 200 }),
        fc.integer({ min: 2, max: 5 }),
        fc.integer(),
        (positives, negatives, numFolds, seed) => {
          const labels = [...Array.from({ length: positives }, () => 1), ...Array.from({ length: negatives }, () => 0)];
          const folds = stratifiedFolds(labels, numFolds, seed);
          expect(stratifiedFolds(labels, numFolds, seed)).toEqual(folds);
          for (const label of [0, 1, null]) {
            const counts = Array.from(
              { length: numFolds },
              (_, fold) => folds.filter((f, row) => f === fold && (label === null || labels[row] === label)).length,
            );
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
            expect(Math.min(...counts)).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  it('differs from seed to seed', () => {
    const labels = Array.from({ length: 100 }, (_, row) => (row % 5 === 0 ? 1 : 0));
    expect(stratifiedFolds(labels, 5, 1)).not.toEqual(stratifiedFolds(labels, 5, 2));
  });

  it('refuses a class that cannot reach every fold, and impossible numbers of folds', () => {
    expect(() => stratifiedFolds([0, 0, 0, 1], 2, 1)).toThrow(expect.objectContaining({ code: 'class-too-small' }));
    expect(() => stratifiedFolds([0, 1], 1, 1)).toThrow(expect.objectContaining({ code: 'argument-out-of-range' }));
    expect(() => stratifiedFolds([0, 1], 256, 1)).toThrow(expect.objectContaining({ code: 'argument-out-of-range' }));
    expect(() => stratifiedFolds([], 2, 1)).toThrow(expect.objectContaining({ code: 'empty' }));
  });
});

describe('seeded randomness', () => {
  it("is Blackman and Vigna's xoshiro128** 1.1", () => {
    // The first outputs of their reference C program from the state 1, 2, 3, 4, as also tested by Rust's rand_xoshiro.
    const random = createRandomFromState([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, () => random.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('draws uniforms and normals with the moments of their distributions', () => {
    const random = createRandom(7);
    const draws = 100_000;
    let uniformSum = 0;
    let normalSum = 0;
    let normalSquares = 0;
    for (let draw = 0; draw < draws; draw++) {
      uniformSum += random.uniform();
      const normal = random.normal();
      normalSum += normal;
      normalSquares += normal * normal;
    }
    expect(uniformSum / draws).toBeCloseTo(0.5, 2);
    expect(normalSum / draws).toBeCloseTo(0, 1);
    expect(normalSquares / draws).toBeCloseTo(1, 1);
  });
});
