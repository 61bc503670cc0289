export { decide, isInGreyZone, type PolicyInputs, type PolicyOutcome } from './decide.ts';
export { defaultMisclassificationCost, defaultPolicyName, defaultPolicyRules, defaultReviewCapacity } from './decision-policy.ts';
export { PolicyError, type PolicyErrorCode } from './policy-error.ts';
export { analyticThreshold, recommendPolicy } from './recommend-policy.ts';
