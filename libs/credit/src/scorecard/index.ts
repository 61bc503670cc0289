export { binAtSplits, binFeature, chooseSplits, type BinningOptions } from './bin-feature.ts';
export { fitScorecard, pointsOfMargin, scorecardMargins } from './fit-scorecard.ts';
export { fitLogisticRegression, type LogisticFit, type LogisticOptions } from './logistic-regression.ts';
export { pointsTable, printPointsTable, type PointsTableRow } from './points-table.ts';
export { ScorecardError, type ScorecardErrorCode } from './scorecard-error.ts';
export {
  defaultScorecardOptions,
  type Bin,
  type Binning,
  type BinMembers,
  type Scorecard,
  type ScorecardBin,
  type ScorecardColumn,
  type ScorecardFeature,
  type ScorecardOptions,
  type ScorecardRejection,
} from './scorecard.ts';
