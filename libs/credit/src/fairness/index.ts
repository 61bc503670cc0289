export {
  measureFairness,
  type FairnessOptions,
  type FairnessReport,
  type FairnessSample,
  type GroupComparison,
  type GroupFairness,
  type GroupShare,
} from './group-fairness.ts';
