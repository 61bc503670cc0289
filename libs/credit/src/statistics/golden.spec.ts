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
/** Distance to the reference, relative where it is above one. */
const gap = (actual: number, expected: number): number => Math.abs(actual - expected) / Math.max(1, Math.abs(expected));

describe.each(golden.cases)('golden: $name', (reference) => {
  const { labels, probabilities } = reference;

  it('ranks as scikit-learn and scipy do', () => {
    expect(gap(rocAuc(labels, probabilities), reference.rocAuc)).toBeLessThanOrEqual(tolerance);
    expect(gap(gini(labels, probabilities), 2 * reference.rocAuc - 1)).toBeLessThanOrEqual(tolerance);
    expect(gap(averagePrecision(labels, probabilities), reference.averagePrecision)).toBeLessThanOrEqual(tolerance);
    expect(gap(ks(labels, probabilities), reference.ks)).toBeLessThanOrEqual(tolerance);
  });

  it("gives DeLong's interval", () => {
    const interval = rocAucInterval(labels, probabilities);
    expect(gap(interval.value, reference.rocAucInterval.value)).toBeLessThanOrEqual(tolerance);
    expect(gap(interval.lower, reference.rocAucInterval.lower)).toBeLessThanOrEqual(tolerance);
    expect(gap(interval.upper, reference.rocAucInterval.upper)).toBeLessThanOrEqual(tolerance);
  });

  it('judges probabilities as scikit-learn does', () => {
    expect(gap(brierScore(labels, probabilities), reference.brierScore)).toBeLessThanOrEqual(tolerance);
    expect(gap(logLoss(labels, probabilities), reference.logLoss)).toBeLessThanOrEqual(tolerance);
  });

  it('counts costs as brute force does', () => {
    for (const { atAnalyticThreshold, least, ...cost } of reference.costs) {
      expect(
        gap(costPerApplication(labels, probabilities, cost.falsePositive / (cost.falsePositive + cost.falseNegative), cost), atAnalyticThreshold),
      ).toBeLessThanOrEqual(tolerance);
      const best = bestThreshold(labels, probabilities, cost);
      expect(gap(best.costPerApplication, least)).toBeLessThanOrEqual(tolerance);
      expect(gap(costPerApplication(labels, probabilities, best.threshold, cost), least)).toBeLessThanOrEqual(tolerance);
    }
  });
});

describe.each(golden.cases.filter((reference) => reference.expectedCalibrationError !== undefined))(
  'golden: $name',
  ({ labels, probabilities, expectedCalibrationError: expected = Number.NaN }) => {
    it('bins as scikit-learn’s quantile strategy does', () => {
      expect(gap(expectedCalibrationError(labels, probabilities), expected)).toBeLessThanOrEqual(tolerance);
    });
  },
);

const noLine: Line = { slope: Number.NaN, intercept: Number.NaN };
const withMargins = golden.cases.filter(({ margins }) => margins !== undefined);

describe.each(withMargins)('golden: $name', ({ labels, margins = [], calibration = noLine }) => {
  it('fits the calibration line as statsmodels does', () => {
    const line = calibrationSlopeIntercept(labels, margins);
    expect(gap(line.slope, calibration.slope)).toBeLessThanOrEqual(fitTolerance);
    expect(gap(line.intercept, calibration.intercept)).toBeLessThanOrEqual(fitTolerance);
  });
});

describe.each(withMargins.filter(({ platt = noLine }) => platt.slope > 0))('golden: $name', ({ labels, margins = [], platt = noLine }) => {
  it('fits Platt’s targets as statsmodels does', () => {
    const fitted = fitAffineCalibration(margins, labels);
    expect(gap(fitted.slope, platt.slope)).toBeLessThanOrEqual(fitTolerance);
    expect(gap(fitted.intercept, platt.intercept)).toBeLessThanOrEqual(fitTolerance);
  });
});

describe.each(withMargins.filter(({ platt = noLine }) => platt.slope < 0))('golden: $name', ({ labels, margins = [] }) => {
  it('refuses the slope that statsmodels finds negative', () => {
    expect(() => fitAffineCalibration(margins, labels)).toThrow(expect.objectContaining({ code: 'slope-not-positive' }));
  });
});
