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
