export { featureDependence, featureImportances, type DependenceBin, type FeatureImportance } from './attribution-statistics.ts';
export { brierParts, brierSkillScore, type BrierParts } from './brier-parts.ts';
export { calibrationInTheLarge, calibrationRegression, type CalibrationRegression } from './calibration-regression.ts';
export { calibrationSlopeIntercept, fitAffineCalibration, type AffineCalibration } from './calibration.ts';
export { bootstrapCosts, type CostBootstrap } from './cost-bootstrap.ts';
export { costCurve, outcomesAtThresholds, shareWithin, type CostCurve, type ThresholdOutcome } from './costs.ts';
export { cumulativeGains, precisionRecallCurve, rocCurve, type GainsPoint, type PrecisionRecallPoint, type RocPoint } from './curves.ts';
export { decileTable, type Decile } from './deciles.ts';
export { logNormalInterval, normalInterval, percentileInterval, wilsonInterval, type Interval } from './intervals.ts';
export { bestThreshold, costPerApplication, type MisclassificationCost } from './misclassification.ts';
export { compareRocAuc, type AucComparison } from './paired-auc.ts';
export { compareCosts, compareLogLoss } from './paired-losses.ts';
export { friedmanH, partialDependence, type Interaction, type PartialDependence, type PredictMatrix } from './partial-dependence.ts';
export { brierScore, expectedCalibrationError, logLoss } from './probability-quality.ts';
export { profitCurve, type ProfitPoint } from './profit.ts';
export { kendallTau, spearmanCorrelation } from './rank-correlation.ts';
export { averagePrecision, averagePrecisionInterval, gini, giniInterval, ks, ksThreshold, rocAuc, rocAucInterval } from './ranking.ts';
export {
  betaMap,
  fitBetaCalibration,
  fitIsotonic,
  isotonicMap,
  recalibrateCrossFitted,
  type BetaCalibration,
  type CalibrationMap,
  type IsotonicBlock,
  type RecalibrationMethod,
} from './recalibration.ts';
export {
  adaptiveCalibrationError,
  equalWidthCalibrationError,
  hosmerLemeshow,
  observedToExpected,
  reliabilityBins,
  spiegelhalterTest,
  type HosmerLemeshow,
  type ObservedToExpected,
  type ReliabilityBin,
} from './reliability.ts';
export { createRandom, type SeededRandom } from './seeded-random.ts';
export { characteristicStability, ksTwoSample, missingRates, populationStabilityIndex, type Stability, type StabilityBin } from './stability.ts';
export { StatisticsError, type StatisticsErrorCode } from './statistics-error.ts';
export { stratifiedFolds } from './stratified-folds.ts';
