export { findPolicyInForce, listPolicyVersions } from './policies/policy-in-force.ts';
export * from './scoring.definition.ts';
export * from './scoring.process.ts';
export type { PolicyChanges } from './try-policy/apply-changes.ts';
export { openPolicyBench } from './try-policy/try-policy.ts';
export type { JudgedPolicy, PolicyBench, PolicyTrial } from './try-policy/try-policy.ts';
