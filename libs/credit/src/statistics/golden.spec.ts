import { readFileSync } from 'node:fs';
import {
  averagePrecision,
  bestThreshold,
  brierScore,
  calibrationSlopeIntercept,
  costPerApplication,
  expectedCalibrationError,
  fitAffineCalibration,
  gini,
  ks,
  logLoss,
  rocAuc,
  rocAucInterval,
} from './index.ts';

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** What `golden/make_golden.py` wrote with scikit-learn, scipy and statsmodels. */
interface GoldenCase {
  readonly name: string;
  readonly labels: number[];
  readonly probabilities: number[];
  readonly margins?: number[];
  readonly rocAuc: number;
  readonly rocAucInterval: { readonly value: number; readonly lower: number; readonly upper: number };
  readonly averagePrecision: number;
  readonly ks: number;
  readonly brierScore: number;
  readonly logLoss: number;
  readonly expectedCalibrationError?: number;
  readonly calibration?: Line;
  readonly platt?: Line;
  readonly costs: { readonly falseNegative: number; readonly falsePositive: number; readonly atAnalyticThreshold: number; readonly least: number }[];
}

const golden = JSON.parse(readFileSync(new URL('../../golden/statistics.golden.json', import.meta.url), 'utf8')) as { cases: GoldenCase[] };

const tolerance = 1e-12;
/** statsmodels' own fits stop at gradients of this order. */
const fitTolerance = 1e-9;
const expectNear = (actual: number, expected: number, within: number): void =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(within * Math.max(1, Math.abs(expected)));

describe.each(golden.cases)('golden: $name', (reference) => {
  const { labels, probabilities } = reference;

  it('ranks as scikit-learn and scipy do', () => {
    expectNear(rocAuc(labels, probabilities), reference.rocAuc, tolerance);
    expectNear(gini(labels, probabilities), 2 * reference.rocAuc - 1, tolerance);
    expectNear(averagePrecision(labels, probabilities), reference.averagePrecision, tolerance);
    expectNear(ks(labels, probabilities), reference.ks, tolerance);
  });

  it("gives DeLong's interval", () => {
    const interval = rocAucInterval(labels, probabilities);
    expectNear(interval.value, reference.rocAucInterval.value, tolerance);
    expectNear(interval.lower, reference.rocAucInterval.lower, tolerance);
    expectNear(interval.upper, reference.rocAucInterval.upper, tolerance);
  });

  it('judges probabilities as scikit-learn does', () => {
    expectNear(brierScore(labels, probabilities), reference.brierScore, tolerance);
    expectNear(logLoss(labels, probabilities), reference.logLoss, tolerance);
    if (reference.expectedCalibrationError !== undefined) {
      expectNear(expectedCalibrationError(labels, probabilities), reference.expectedCalibrationError, tolerance);
    }
  });

  it('counts costs as brute force does', () => {
    for (const { atAnalyticThreshold, least, ...cost } of reference.costs) {
      expectNear(
        costPerApplication(labels, probabilities, cost.falsePositive / (cost.falsePositive + cost.falseNegative), cost),
        atAnalyticThreshold,
        tolerance,
      );
      const best = bestThreshold(labels, probabilities, cost);
      expectNear(best.costPerApplication, least, tolerance);
      expectNear(costPerApplication(labels, probabilities, best.threshold, cost), least, tolerance);
    }
  });

  it('fits calibration lines as statsmodels does', () => {
    const { margins, calibration, platt } = reference;
    if (margins === undefined || calibration === undefined || platt === undefined) return;
    const line = calibrationSlopeIntercept(labels, margins);
    expectNear(line.slope, calibration.slope, fitTolerance);
    expectNear(line.intercept, calibration.intercept, fitTolerance);
    if (platt.slope > 0) {
      const fitted = fitAffineCalibration(margins, labels);
      expectNear(fitted.slope, platt.slope, fitTolerance);
      expectNear(fitted.intercept, platt.intercept, fitTolerance);
    } else {
      expect(() => fitAffineCalibration(margins, labels)).toThrow(expect.objectContaining({ code: 'slope-not-positive' }));
    }
  });
});

it('covers each reference at least once', () => {
  expect(golden.cases.some(({ expectedCalibrationError: error }) => error !== undefined)).toBe(true);
  expect(golden.cases.filter(({ platt }) => platt !== undefined && platt.slope > 0).length).toBeGreaterThan(1);
  expect(golden.cases.some(({ platt }) => platt !== undefined && platt.slope < 0)).toBe(true);
});
