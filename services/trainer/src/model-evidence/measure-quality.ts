import type { ModelEvidence, Policy } from '@lisible/contracts';
import {
  averagePrecisionInterval,
  bestThreshold,
  bootstrapCosts,
  brierParts,
  brierScore,
  brierSkillScore,
  calibrationRegression,
  compareLogLoss,
  costCurve,
  costPerApplication,
  decileTable,
  expectedCalibrationError,
  giniInterval,
  ksThreshold,
  logLoss,
  observedToExpected,
  precisionRecallCurve,
  recalibrateCrossFitted,
  reliabilityBins,
  rocAucInterval,
  rocCurve,
  spiegelhalterTest,
} from '@lisible/credit';
import type { ServedEstimates } from './evidence-inputs.ts';
import { aroundThreshold } from './house-bounds.ts';
import { orNull } from './or-null.ts';

const curvePoints = 120;
const reliabilityDiagramBins = 20;
const deciles = 10;
const bootstrapResamples = 500;

export const measureDiscrimination = (labels: Uint8Array, { margins, probabilities }: ServedEstimates): ModelEvidence['discrimination'] => {
  const roc = rocCurve(labels, margins, curvePoints);
  const { value: ks, threshold } = ksThreshold(labels, probabilities);
  const ratios = reliabilityBins(labels, probabilities, deciles).toReversed();
  return {
    rocAuc: rocAucInterval(labels, margins),
    gini: giniInterval(labels, margins),
    ks,
    ksProbability: threshold,
    averagePrecision: averagePrecisionInterval(labels, margins),
    rocCurve: roc.map(({ falsePositiveRate, truePositiveRate }) => ({ falsePositiveRate, truePositiveRate })),
    precisionRecallCurve: precisionRecallCurve(labels, margins, curvePoints).map(({ recall, precision }) => ({ recall, precision })),
    // What lies below a threshold is what declining from it on leaves: the ROC curve read from the other end.
    distribution: rocCurve(labels, probabilities, curvePoints)
      .filter(({ threshold: probability }) => Number.isFinite(probability))
      .map(({ threshold: probability, falsePositiveRate, truePositiveRate }) => ({
        probability,
        defaultedShare: 1 - truePositiveRate,
        repaidShare: 1 - falsePositiveRate,
      }))
      .toReversed(),
    deciles: decileTable(labels, probabilities, deciles).map((decile, index) => ({
      decile: decile.decile,
      rows: decile.rows,
      defaulted: decile.defaults,
      minProbability: decile.lowestProbability,
      maxProbability: decile.highestProbability,
      meanProbability: decile.meanProbability,
      defaultRate: decile.defaultRate,
      lift: decile.lift,
      cumulativeCapture: decile.cumulativeShareOfDefaults,
      observedToExpected: ratios[index]?.ratio ?? null,
    })),
  };
};

export const measureCalibration = (
  labels: Uint8Array,
  { margins, probabilities }: ServedEstimates,
  folds: Uint8Array,
  decisionThreshold: number,
): ModelEvidence['calibration'] => {
  const regression = calibrationRegression(labels, margins);
  const { from, to } = aroundThreshold(decisionThreshold);
  const around = observedToExpected(labels, probabilities, { from, to });
  const top = reliabilityBins(labels, probabilities, deciles).at(-1);
  const parts = brierParts(labels, probabilities, deciles);
  const methods = (['isotonic', 'beta'] as const).flatMap((method) => {
    const recalibrated = orNull(() => recalibrateCrossFitted(labels, probabilities, folds, method));
    return recalibrated === null ? [] : [describeMethod(method, labels, recalibrated, probabilities)];
  });
  return {
    slope: regression.slope,
    intercept: regression.intercept,
    inTheLarge: regression.calibrationInTheLarge,
    expectedCalibrationError: expectedCalibrationError(labels, probabilities, deciles),
    observedToExpected: observedToExpected(labels, probabilities)?.ratio ?? null,
    topDecile: top?.ratio ?? null,
    aroundThreshold: { lower: from, upper: to, rows: around?.rows ?? 0, observedToExpected: around?.ratio ?? null },
    spiegelhalter: orNull(() => spiegelhalterTest(labels, probabilities)),
    reliability: reliabilityBins(labels, probabilities, reliabilityDiagramBins).map(({ rows, meanProbability, defaultRate }) => ({
      rows,
      meanProbability,
      defaultRate,
    })),
    brier: {
      score: parts.brierScore,
      reliability: parts.reliability,
      resolution: parts.resolution,
      uncertainty: parts.uncertainty,
      within: parts.withinBinVariance - parts.withinBinCovariance,
      skill: brierSkillScore(labels, probabilities),
      bins: deciles,
    },
    methods: [{ ...describeMethod('affine', labels, probabilities, null), isServed: true }, ...methods],
  };
};

const describeMethod = (
  method: 'affine' | 'isotonic' | 'beta',
  labels: Uint8Array,
  probabilities: Float64Array,
  served: Float64Array | null,
): ModelEvidence['calibration']['methods'][number] => ({
  method,
  isServed: false,
  brierScore: brierScore(labels, probabilities),
  logLoss: logLoss(labels, probabilities),
  expectedCalibrationError: expectedCalibrationError(labels, probabilities, deciles),
  logLossChange: served === null ? null : compareLogLoss(labels, probabilities, served),
});

export const measureCost = (
  labels: Uint8Array,
  probabilities: Float64Array,
  folds: Uint8Array,
  numFolds: number,
  { misclassificationCost: cost, decisionThreshold }: Policy,
  seed: number,
): ModelEvidence['cost'] => {
  const { points, hindsight } = costCurve(labels, probabilities, cost, curvePoints);
  const bootstrap = bootstrapCosts(labels, probabilities, cost, { fixedThreshold: decisionThreshold, resamples: bootstrapResamples, seed });
  const first = points[0];
  const last = points.at(-1);
  return {
    ...cost,
    analyticThreshold: decisionThreshold,
    atAnalyticThreshold: bootstrap.fixedCost,
    declineAll: first?.costPerApplication ?? 0,
    approveAll: last?.costPerApplication ?? 0,
    empiricalThreshold: bootstrap.hindsightThreshold,
    empiricalCost: hindsight.costPerApplication,
    bootstrapReplicates: bootstrap.resamples,
    ahead: {
      ratio: bootstrap.ratioToHindsight,
      byFold: Array.from({ length: numFolds }, (_, fold) => {
        const isJudged = (_value: number, row: number): boolean => folds[row] === fold;
        const ofLabels = labels.filter(isJudged);
        const ofProbabilities = probabilities.filter(isJudged);
        return {
          fold,
          fixed: costPerApplication(ofLabels, ofProbabilities, decisionThreshold, cost),
          hindsight: bestThreshold(ofLabels, ofProbabilities, cost).costPerApplication,
        };
      }),
    },
    curve: points.map(({ threshold, costPerApplication: costHere, approvalRate }) => ({ threshold, costPerApplication: costHere, approvalRate })),
  };
};
