export {
  bytesOfSpace,
  createAttributionSpace,
  pointOfRow,
  sharedAttributions,
  type AttributionSpace,
  type SharedAttribution,
} from './attribution-space.ts';
export { findBin, type BinKind, type Bins } from './bins.ts';
export { type Cells } from './cells.ts';
export { codeColumn, countBelow, firstAtLeast, type CodedColumn } from './code-column.ts';
export { CohortError, type CohortErrorCode } from './cohort-error.ts';
export {
  compareFeature,
  comparePair,
  minBeyondQuantile,
  rowsAmong,
  type BinCount,
  type CohortRows,
  type FeatureComparison,
  type PairComparison,
} from './compare-cohort.ts';
export { findNearest, type Neighbours } from './nearest.ts';
export { bytesOfColumn, defaultPrivacyFloor, describeColumn, type PopulationColumn } from './population.ts';
export { quantileShares } from './quantile-shares.ts';
export { maxFilters, selectCohort, type CellFilter, type Selection, type Withheld } from './select-cohort.ts';
export { withheldCounts } from './withhold.ts';
