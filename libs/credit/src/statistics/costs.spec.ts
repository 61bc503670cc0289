import * as fc from 'fast-check';
import { bestThreshold, bootstrapCosts, costCurve, costPerApplication, outcomesAtThresholds, profitCurve, shareWithin } from './index.ts';
import { drawCalibrated, samples } from './labelled-samples.arbitrary.ts';

const cost = { falseNegative: 10, falsePositive: 1 };

describe('costs', () => {
  it('the optimum of the curve is nowhere beaten, and its counts are those of its threshold', () => {
    fc.assert(
      fc.property(samples, ({ labels, probabilities }) => {
        const { analytic, hindsight, points, ratioToHindsight } = costCurve(labels, probabilities, cost, 10);
        expect(hindsight.costPerApplication).toBe(bestThreshold(labels, probabilities, cost).costPerApplication);
        expect(analytic.threshold).toBe(1 / 11);
        expect(ratioToHindsight).toBeGreaterThanOrEqual(1);
        for (const { approvalRate, costPerApplication: ours, threshold } of points) {
          expect(ours).toBe(costPerApplication(labels, probabilities, threshold, cost));
          expect(ours).toBeGreaterThanOrEqual(hindsight.costPerApplication);
          expect(approvalRate).toBe(probabilities.filter((probability) => probability < threshold).length / labels.length);
        }
      }),
    );
  });

  it('profit with the same amounts for everybody is the cost seen from the other side', () => {
    fc.assert(
      fc.property(samples, ({ labels, probabilities }) => {
        const { best } = profitCurve(labels, probabilities, { gains: labels.map(() => 1), losses: labels.map(() => 10) });
        const repaid = labels.filter((label) => label === 0).length / labels.length;
        expect(repaid - best.profitPerApplication).toBeCloseTo(bestThreshold(labels, probabilities, cost).costPerApplication, 12);
      }),
    );
  });

  it('the bootstrap is the same for a seed, surrounds its value, and sees no ratio below one', () => {
    const { labels, probabilities } = drawCalibrated(12_000, 4);
    const options = { fixedThreshold: 1 / 11, resamples: 200, seed: 9 };
    const first = bootstrapCosts(labels, probabilities, cost, options);
    expect(bootstrapCosts(labels, probabilities, cost, options)).toEqual(first);
    expect(bootstrapCosts(labels, probabilities, cost, { ...options, seed: 10 })).not.toEqual(first);
    for (const { lower, upper, value } of [first.fixedCost, first.hindsightCost, first.hindsightThreshold]) {
      expect(lower).toBeLessThanOrEqual(value);
      expect(upper).toBeGreaterThanOrEqual(value);
    }
    expect(first.ratioToHindsight.lower).toBeGreaterThanOrEqual(1);
    expect(first.hindsightThreshold.lower).toBeGreaterThan(0.05);
    expect(first.hindsightThreshold.upper).toBeLessThan(0.2);
    // The width of the cost is that of a mean of as many rows.
    const perRow = Array.from<number, number>(labels, (label, row) => {
      const isDeclined = probabilities[row]! >= 1 / 11;
      return label === 1 ? (isDeclined ? 0 : 10) : isDeclined ? 1 : 0;
    });
    const mean = perRow.reduce((sum, value) => sum + value, 0) / perRow.length;
    const error = Math.sqrt(perRow.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / perRow.length;
    const width = (first.fixedCost.upper - first.fixedCost.lower) / (2 * 1.96 * error);
    expect(width).toBeGreaterThan(0.85);
    expect(width).toBeLessThan(1.15);
  });

  it('rows resampled together never straddle the fixed threshold', () => {
    // One default just below the threshold, more distinct probabilities than are told apart, and every place within a block.
    for (let shift = 0; shift < 4; shift++) {
      const repaid = Array.from(
        { length: 20_000 + shift },
        (_, row) => 0.2 + (row < 10_000 + shift ? row - 10_000 - shift : row - 9_999 - shift) / 1e5,
      );
      const { fixedCost } = bootstrapCosts(
        [...repaid.map(() => 0), 1],
        [...repaid, 0.2],
        { falseNegative: 1e6, falsePositive: 1 },
        { fixedThreshold: 0.200_001, resamples: 50, seed: 1 },
      );
      expect(fixedCost.upper).toBeGreaterThan(40);
    }
  });

  it('an interval of probabilities holds its ends', () => {
    expect(shareWithin([0.1, 0.2, 0.3, 0.4], 0.2, 0.3).value).toBe(0.5);
    expect(outcomesAtThresholds([0, 1], [0.2, 0.8], [0.5, 0], cost)).toMatchObject([
      { threshold: 0, approved: 0, approvedDefaultRate: null },
      { threshold: 0.5, approved: 1, costPerApplication: 0 },
    ]);
  });
});
