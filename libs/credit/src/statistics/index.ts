export { calibrationSlopeIntercept, fitAffineCalibration, type AffineCalibration } from './calibration.ts';
export { bestThreshold, costPerApplication, type MisclassificationCost } from './misclassification.ts';
export { brierScore, expectedCalibrationError, logLoss } from './probability-quality.ts';
export { averagePrecision, gini, ks, rocAuc, rocAucInterval, type Interval } from './ranking.ts';
export { createRandom, type SeededRandom } from './seeded-random.ts';
export { StatisticsError, type StatisticsErrorCode } from './statistics-error.ts';
export { stratifiedFolds } from './stratified-folds.ts';
