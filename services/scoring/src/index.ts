export { findPolicyInForce } from './policies/policy-in-force.ts';
export * from './scoring.definition.ts';
