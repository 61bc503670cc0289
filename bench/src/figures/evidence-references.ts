import * as credit from '@lisible/credit';
import type { Interval } from '@lisible/credit';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import { z } from 'zod';

const numbers = z.array(z.number());
const nullable = z.array(z.number().nullable()).transform((values) => Float64Array.from(values, (value) => value ?? Number.NaN));
type Nested = number | readonly Nested[];
const nested: z.ZodType<Nested> = z.lazy(() => z.union([z.number(), z.array(nested)]));

/** What `libs/credit/golden/make_evidence_golden.py` writes. */
export const evidenceReferencesSchema = z.object({
  versions: z.record(z.string(), z.string()),
  seed: z.number(),
  data: z.object({
    labels: numbers,
    p: numbers,
    q: numbers,
    folds: numbers,
    groups: z.array(z.string()),
    x: nullable,
    y: nullable,
    codes: numbers,
    codesOther: numbers,
    shap: numbers,
    gains: numbers,
    losses: numbers,
    matrix: numbers,
  }),
  references: z.record(z.string(), z.object({ value: nested, source: z.string(), bound: z.number() })),
});
export type EvidenceReferences = z.infer<typeof evidenceReferencesSchema>;

export interface ParityRow {
  readonly name: string;
  /** Greatest relative difference of any number of the statistic, of a millionth or less as a share of a millionth. */
  readonly difference: number;
  readonly bound: number;
  readonly source: string;
}

type Statistics = Readonly<Record<string, () => Nested>>;

const flat = (value: Nested): readonly number[] => (typeof value === 'number' ? [value] : value.flatMap(flat));
const ofInterval = (interval: Interval | null | undefined): Nested =>
  interval === null || interval === undefined ? [Number.NaN] : [interval.value, interval.lower, interval.upper];
const cost = { falseNegative: 10, falsePositive: 1 };
const threshold = 1 / 11;
/** Decimals of the bootstrap are the seed's own. */
const bootstrap = { fixedThreshold: threshold, resamples: 2000, seed: 1 };

type Data = EvidenceReferences['data'];

const rankingStatistics = ({ labels, p, q }: Data): Statistics => ({
  'rocCurve.falsePositiveRate': () => credit.rocCurve(labels, p).map(({ falsePositiveRate }) => falsePositiveRate),
  'rocCurve.truePositiveRate': () => credit.rocCurve(labels, p).map(({ truePositiveRate }) => truePositiveRate),
  'precisionRecall.precision': () => credit.precisionRecallCurve(labels, p).map(({ precision }) => precision),
  'precisionRecall.recall': () => credit.precisionRecallCurve(labels, p).map(({ recall }) => recall),
  'precisionRecall.threshold': () => credit.precisionRecallCurve(labels, p).map((point) => point.threshold),
  rocAuc: () => ofInterval(credit.rocAucInterval(labels, p)),
  gini: () => ofInterval(credit.giniInterval(labels, p)),
  compareRocAuc: () => {
    const { difference, pValue, standardError } = credit.compareRocAuc(labels, p, q);
    return [ofInterval(difference), standardError, pValue];
  },
  averagePrecision: () => ofInterval(credit.averagePrecisionInterval(labels, p)),
  ks: () => Object.values(credit.ksThreshold(labels, p)),
  'gains.shareOfDefaults': () => credit.cumulativeGains(labels, p).map(({ shareOfDefaults }) => shareOfDefaults),
  'gains.lift': () =>
    credit
      .cumulativeGains(labels, p)
      .slice(1)
      .map(({ lift }) => lift),
  brierScore: () => credit.brierScore(labels, p),
  logLoss: () => credit.logLoss(labels, p),
});

const binnedStatistics = ({ labels, p }: Data): Statistics => {
  const deciles = credit.decileTable(labels, p);
  const bins = credit.reliabilityBins(labels, p);
  const parts = credit.brierParts(labels, p);
  return {
    'deciles.defaults': () => deciles.map(({ defaults }) => defaults),
    'deciles.meanProbability': () => deciles.map(({ meanProbability }) => meanProbability),
    'deciles.rate': () => deciles.map(({ defaultRate }) => ofInterval(defaultRate)),
    'deciles.lift': () => deciles.map(({ lift }) => lift),
    'deciles.captured': () => deciles.map(({ cumulativeShareOfDefaults }) => cumulativeShareOfDefaults),
    'reliability.observed': () => bins.map(({ defaultRate }) => defaultRate.value),
    'reliability.mean': () => bins.map(({ meanProbability }) => meanProbability),
    'reliability.ratio': () => bins.flatMap(({ ratio }) => (ratio === null ? [] : [ofInterval(ratio)])),
    expectedCalibrationError: () => credit.expectedCalibrationError(labels, p),
    hosmerLemeshow: () => Object.values(credit.hosmerLemeshow(labels, p, { areFittedOnRows: false })),
    'hosmerLemeshow.fitted': () => Object.values(credit.hosmerLemeshow(labels, p, { areFittedOnRows: true })),
    brierParts: () => [parts.reliability, parts.resolution, parts.uncertainty, parts.withinBinVariance, parts.withinBinCovariance],
    adaptiveCalibrationError: () => Object.values(credit.adaptiveCalibrationError(labels, p)),
  };
};

const calibrationStatistics = ({ folds, labels, p, q }: Data): Statistics => {
  const margins = p.map((probability) => Math.log(probability / (1 - probability)));
  const line = credit.calibrationRegression(labels, margins);
  const toProbability = credit.isotonicMap(credit.fitIsotonic(labels, p));
  return {
    'calibration.slope': () => ofInterval(line.slope),
    'calibration.intercept': () => ofInterval(line.intercept),
    'calibration.inTheLarge': () => ofInterval(line.calibrationInTheLarge),
    observedToExpected: () => ofInterval(credit.observedToExpected(labels, p)?.ratio),
    'observedToExpected.window': () => ofInterval(credit.observedToExpected(labels, p, { from: 0.07, to: 0.12 })?.ratio),
    'reliability.uniform': () =>
      credit.reliabilityBins(labels, p, 10, 'equal-width').map(({ defaultRate, meanProbability }) => [defaultRate.value, meanProbability]),
    equalWidthCalibrationError: () => credit.equalWidthCalibrationError(labels, p),
    spiegelhalter: () => Object.values(credit.spiegelhalterTest(labels, p)),
    brierSkillScore: () => credit.brierSkillScore(labels, p),
    isotonic: () => q.map(toProbability),
    beta: () => Object.values(credit.fitBetaCalibration(labels, p)),
    'crossFitted.isotonic': () => Array.from(credit.recalibrateCrossFitted(labels, p, folds, 'isotonic')),
    'crossFitted.beta': () => Array.from(credit.recalibrateCrossFitted(labels, p, folds, 'beta')),
    'crossFitted.affine': () => Array.from(credit.recalibrateCrossFitted(labels, p, folds, 'affine')),
  };
};

const costStatistics = ({ gains, labels, losses, p }: Data): Statistics => ({
  outcomes: () =>
    credit
      .outcomesAtThresholds(labels, p, [0, 0.02, 0.05, threshold, 0.15, 0.3, 0.6, 1], cost)
      .map(({ approvalRate, approvedDefaultRate, costPerApplication }) => [
        costPerApplication,
        approvalRate,
        approvedDefaultRate === null ? [-1, -1, -1] : ofInterval(approvedDefaultRate),
      ]),
  costCurve: () => {
    const { analytic, hindsight, ratioToHindsight } = credit.costCurve(labels, p, cost);
    return [analytic.costPerApplication, hindsight.costPerApplication, ratioToHindsight, hindsight.threshold];
  },
  greyZone: () => ofInterval(credit.shareWithin(p, 0.08, 0.105)),
  'profit.best': () => {
    const { best } = credit.profitCurve(labels, p, { gains, losses });
    return [best.profitPerApplication, best.approvalRate];
  },
  'bootstrap.fixedCost': () => ofInterval(credit.bootstrapCosts(labels, p, cost, bootstrap).fixedCost),
  'bootstrap.ratio': () => ofInterval(credit.bootstrapCosts(labels, p, cost, bootstrap).ratioToHindsight),
});

const stabilityStatistics = ({ codes, codesOther, x, y }: Data): Statistics => ({
  'psi.number': () => credit.characteristicStability(x, y).psi,
  'psi.category': () => credit.characteristicStability(codes, codesOther, { kind: 'category' }).psi,
  ksTwoSample: () => Object.values(credit.ksTwoSample(x, y)),
  missingRates: () => {
    const values = Float32Array.from(Array.from(x).flatMap((value, row) => [value, y[row] ?? Number.NaN]));
    return Array.from(credit.missingRates({ numRows: x.length, numFeatures: 2, values }));
  },
});

/** The model of the Python script, to whom one feature is known to multiply another. */
const predict = ({ numRows, values }: FeatureMatrix): Float64Array =>
  Float64Array.from({ length: numRows }, (_, row) => {
    const [a = 0, b = 0, c = 0] = values.subarray(3 * row, 3 * row + 3);
    return a * b + 0.5 * a + Math.exp(-c) + 0.1 * b * c;
  });

const explanationStatistics = ({ codes, matrix, shap, x }: Data): Statistics => {
  const column = (index: number): number[] => shap.filter((_, place) => place % 3 === index);
  const rounded = (index: number): number[] =>
    column(index)
      .slice(0, 100)
      .map((value) => Math.round(value * 10));
  const sample: FeatureMatrix = { numRows: matrix.length / 3, numFeatures: 3, values: Float32Array.from(matrix) };
  const grid = Array.from({ length: 9 }, (_, index) => -2 + index / 2);
  const names = ['0', '1', '2'];
  return {
    spearman: () => credit.spearmanCorrelation(rounded(0), column(1).slice(0, 100)),
    kendall: () => credit.kendallTau(rounded(0), rounded(1)),
    meanAbsoluteShap: () => {
      const importances = credit.featureImportances(shap, names, { resamples: 2, seed: 1 });
      return names.map((name) => importances.find(({ featureName }) => featureName === name)?.meanAbsoluteShap.value ?? Number.NaN);
    },
    'dependence.category': () =>
      credit
        .featureDependence(codes, column(0), { kind: 'category' })
        .map(({ highShap, lowShap, meanShap, medianShap }) => [meanShap, lowShap, medianShap, highShap]),
    'dependence.number': () =>
      credit
        .featureDependence(x, column(0), { bins: 8 })
        .flatMap(({ lowShap, meanShap, members }) => (members !== null && 'mean' in members ? [[meanShap, lowShap, members.mean]] : [])),
    friedmanH: () =>
      credit
        .friedmanH(predict, sample, [
          [0, 1],
          [1, 2],
        ])
        .map(({ hSquared }) => hSquared),
    partialDependence: () => credit.partialDependence(predict, sample, 0, grid).means,
    'ice.violations': () => Object.values(credit.partialDependence(predict, sample, 0, grid, 'rising').violations ?? {}),
  };
};

const fairnessStatistics = ({ groups, labels, p }: Data): Statistics => {
  const approvals = p.map((probability) => Number(probability < threshold));
  const report = credit.measureFairness({ groups, labels, probabilities: p, approvals }, { minRows: 20, referenceGroup: 'a' });
  const ofGroup = (name: string): Statistics => {
    const measured = report.groups.find(({ group }) => group === name);
    const comparison = measured?.comparison;
    return {
      [`fairness.${name}.approvalDifference`]: () => ofInterval(comparison?.approvalDifference),
      [`fairness.${name}.equalOpportunity`]: () => ofInterval(comparison?.equalOpportunityDifference),
      [`fairness.${name}.predictiveParity`]: () => ofInterval(comparison?.approvedDefaultRateDifference),
      [`fairness.${name}.approvalRatio`]: () => ofInterval(comparison?.approvalRatio),
      [`fairness.${name}.standardisedMeanDifference`]: () => ofInterval(comparison?.standardisedMeanDifference),
      [`fairness.${name}.rocAuc`]: () => ofInterval(measured?.rocAuc),
      [`fairness.${name}.slope`]: () => ofInterval(measured?.calibrationSlope),
      [`fairness.${name}.rate`]: () => ofInterval(measured?.approvalRate.rate),
    };
  };
  return {
    'fairness.spreads': () => [
      report.approvalRateSpread,
      report.approvalRateRatio ?? Number.NaN,
      report.equalOpportunitySpread ?? Number.NaN,
      report.equalisedOddsSpread ?? Number.NaN,
    ],
    ...ofGroup('b'),
    ...ofGroup('c'),
  };
};

const scorecardStatistics = ({ labels, x }: Data, { references }: EvidenceReferences): Statistics => {
  const given = (name: string): readonly (readonly number[])[] => {
    const value = references[name]?.value;
    return typeof value === 'object' ? value.map(flat) : [];
  };
  const known = labels.flatMap((label, row) => (Number.isNaN(x[row]) ? [] : [{ label, value: x[row] ?? Number.NaN }]));
  const knownLabels = known.map(({ label }) => label);
  const knownValues = known.map(({ value }) => value);
  const optimum = (trend: 'increases-risk' | 'decreases-risk' | 'free') => (): Nested => {
    const options = { maxBins: 5, minShareOfRows: 0.06, minRowsOfClass: 5 };
    const splits = credit.chooseSplits(knownValues, knownLabels, given('optimalBinning.prebins').flat(), trend, options);
    return [credit.binAtSplits(knownValues, knownLabels, splits).informationValue, splits.length];
  };
  const binning = credit.binAtSplits(x, labels, [-1, -0.4, 0.1, 0.7, 1.4]);
  const columns = given('logistic.columns').map((column) => Float64Array.from(column));
  const fit = (lambdaL2: number) => credit.fitLogisticRegression(columns, labels, { lambdaL2 });
  return {
    woe: () => binning.bins.map(({ woe }) => woe),
    informationValue: () => binning.informationValue,
    'optimalBinning.increases-risk': optimum('increases-risk'),
    'optimalBinning.decreases-risk': optimum('decreases-risk'),
    'optimalBinning.free': optimum('free'),
    'logistic.coefficients': () => [fit(0).intercept, ...fit(0).coefficients],
    'logistic.standardErrors': () => fit(0).standardErrors,
    'logistic.logLikelihood': () => fit(0).logLikelihood,
    'logistic.ridge': () => [fit(3).intercept, ...fit(3).coefficients],
  };
};

/** Numbers below are differences of greater ones, or tails of a distribution: their own size is no measure of rounding. */
const smallest = 1e-6;

const differenceOf = (ours: Nested, theirs: Nested): number => {
  const [a, b] = [flat(ours), flat(theirs)];
  if (a.length !== b.length) return Infinity;
  return a.reduce((greatest, value, index) => {
    const reference = b[index] ?? Number.NaN;
    const difference = Math.abs(value - reference) / Math.max(smallest, Math.abs(reference));
    return Number.isNaN(difference) ? Infinity : Math.max(greatest, difference);
  }, 0);
};

/** Every reference beside our own number for it; a reference that nobody computes here counts as infinitely far. */
export const compareWithReferences = (measured: EvidenceReferences): readonly ParityRow[] => {
  const { data } = measured;
  const tie = (probability: number): number => Math.floor(probability * 50) / 50 + 0.01;
  const tied = rankingStatistics({ ...data, p: data.p.map(tie), q: data.q.map(tie) });
  const statistics: Statistics = {
    ...rankingStatistics(data),
    ...Object.fromEntries(Object.entries(tied).map(([name, compute]) => [`ties.${name}`, compute])),
    ...binnedStatistics(data),
    ...calibrationStatistics(data),
    ...costStatistics(data),
    ...stabilityStatistics(data),
    ...explanationStatistics(data),
    ...fairnessStatistics(data),
    ...scorecardStatistics(data, measured),
  };
  return Object.entries(measured.references)
    .filter(([, { bound }]) => bound > 0)
    .map(([name, { bound, source, value }]) => ({ name, bound, source, difference: differenceOf(statistics[name]?.() ?? [], value) }));
};
