export { findPolicyInForce } from './policies/policy-in-force.ts';
export { catalogueOf, readPolicyRows, type PolicyRowSource } from './policy-rows/policy-rows.ts';
export * from './scoring.definition.ts';
