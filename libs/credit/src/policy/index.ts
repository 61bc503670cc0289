export { amountAwareCosts, amountAwareThreshold, defaultThresholdBounds, type LoanCosts } from './amount-aware.ts';
export { applicationThreshold } from './application-threshold.ts';
export { amountAwareProblems, policyInputTypes, ruleProblems, type PolicyProblem } from './check-policy.ts';
export { decideScored, type ScoredApplication } from './decide-scored.ts';
export { decide, isInGreyZone, type PolicyInputs, type PolicyOutcome, type PolicyWords } from './decide.ts';
export {
  comparePolicies,
  policyEffect,
  type CountedShare,
  type DecisionFlip,
  type JudgingCosts,
  type PolicyComparison,
  type PolicyEffect,
  type RuleEffect,
} from './policy-effect.ts';
export { PolicyError, type PolicyErrorCode } from './policy-error.ts';
export { analyticThreshold, completePolicy, draftOf, recommendPolicy, type PolicyRow } from './recommend-policy.ts';
export {
  createOutsideTrainingRangeCounter,
  featuresOutsideTrainingRange,
  outsideTrainingRangeInput,
  outsideTrainingRangeInWords,
  trainingRangeTolerance,
} from './training-range.ts';
