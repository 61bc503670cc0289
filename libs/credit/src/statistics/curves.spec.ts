import * as fc from 'fast-check';
import {
  averagePrecision,
  compareRocAuc,
  createRandom,
  cumulativeGains,
  decileTable,
  ks,
  ksThreshold,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
} from './index.ts';
import { drawCalibrated, samples } from './labelled-samples.arbitrary.ts';

describe('curves', () => {
  it('the trapezoids of the ROC curve add up to the area, and its steps to the average precision', () => {
    fc.assert(
      fc.property(samples, ({ labels, probabilities }) => {
        const roc = rocCurve(labels, probabilities);
        const area = roc.slice(1).reduce((sum, point, index) => {
          const before = roc[index]!;
          return sum + ((point.falsePositiveRate - before.falsePositiveRate) * (point.truePositiveRate + before.truePositiveRate)) / 2;
        }, 0);
        expect(area).toBeCloseTo(rocAuc(labels, probabilities), 12);
        const steps = precisionRecallCurve(labels, probabilities);
        const precision = steps.reduce((sum, point, index) => sum + (point.recall - (steps[index - 1]?.recall ?? 0)) * point.precision, 0);
        expect(precision).toBeCloseTo(averagePrecision(labels, probabilities), 12);
      }),
    );
  });

  it('a thinned ROC curve keeps the ends and loses no point above its own lines', () => {
    const { labels, probabilities } = drawCalibrated(5000, 1);
    const whole = rocCurve(labels, probabilities);
    const thinned = rocCurve(labels, probabilities, 100);
    expect(thinned.length).toBeLessThanOrEqual(160);
    expect(thinned[0]).toEqual(whole[0]);
    expect(thinned.at(-1)).toEqual(whole.at(-1));
    // Every weighting of the two errors finds its best point among the kept ones.
    for (let weight = 0.5; weight < 40; weight *= 1.3) {
      const best = (points: typeof whole) => Math.max(...points.map((point) => weight * point.truePositiveRate - point.falsePositiveRate));
      expect(best(thinned)).toBe(best(whole));
    }
    expect(precisionRecallCurve(labels, probabilities, 50).length).toBeLessThanOrEqual(50);
    expect(cumulativeGains(labels, probabilities, 50).length).toBeLessThanOrEqual(50);
    expect(cumulativeGains(labels, probabilities, 50).at(-1)).toMatchObject({ shareOfRows: 1, shareOfDefaults: 1, lift: 1 });
  });

  it('the KS distance is that of declining from its threshold on', () => {
    // Reached twice: the lower score is told.
    expect(ksThreshold([0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4])).toEqual({ value: 0.5, threshold: 0.2 });
    fc.assert(
      fc.property(samples, ({ labels, probabilities }) => {
        const { threshold, value } = ksThreshold(labels, probabilities);
        expect(value).toBe(ks(labels, probabilities));
        const rate = (label: number) => {
          const own = probabilities.filter((_, row) => labels[row] === label);
          return own.filter((probability) => probability >= threshold).length / own.length;
        };
        expect(Math.abs(rate(1) - rate(0))).toBeCloseTo(value, 12);
      }),
    );
  });

  it('deciles hold every row and default once, the riskiest first', () => {
    fc.assert(
      fc.property(samples, ({ labels, probabilities }) => {
        const deciles = decileTable(labels, probabilities);
        expect(deciles.reduce((sum, { rows }) => sum + rows, 0)).toBe(labels.length);
        expect(deciles.reduce((sum, { defaults }) => sum + defaults, 0)).toBeCloseTo(labels.filter((label) => label === 1).length, 9);
        expect(deciles.at(-1)?.cumulativeShareOfDefaults).toBeCloseTo(1, 12);
        const means = deciles.map(({ meanProbability }) => meanProbability);
        expect(means.every((mean, index) => index === 0 || mean <= means[index - 1]! + 1e-12)).toBe(true);
      }),
    );
  });
});

describe('comparing two models', () => {
  it('a model is as good as itself, and the difference turns its sign when the two change places', () => {
    fc.assert(
      fc.property(samples, fc.integer(), ({ labels, probabilities }, seed) => {
        const random = createRandom(seed);
        const other = probabilities.map((probability) => probability + 0.2 * random.normal());
        expect(compareRocAuc(labels, probabilities, probabilities)).toMatchObject({ pValue: 1, standardError: 0 });
        const [there, back] = [compareRocAuc(labels, probabilities, other), compareRocAuc(labels, other, probabilities)];
        expect(there.difference.value).toBeCloseTo(-back.difference.value, 12);
        expect(there.difference.lower).toBeCloseTo(-back.difference.upper, 12);
        expect(there.pValue).toBeCloseTo(back.pValue, 12);
      }),
    );
  });

  it('no difference is found significant about one time in twenty', () => {
    let found = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { labels, margins } = drawCalibrated(300, seed);
      const random = createRandom(10_000 + seed);
      const noisy = () => margins.map((margin) => margin + random.normal());
      if (compareRocAuc(labels, noisy(), noisy()).pValue < 0.05) found++;
    }
    expect(found / 400).toBeGreaterThan(0.02);
    expect(found / 400).toBeLessThan(0.09);
  });
});
