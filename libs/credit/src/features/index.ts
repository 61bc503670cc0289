export { computeFeatureMatrix, computeFeatures, modelFeatureNames, policyInputs, toVector } from './compute-features.ts';
export { dayOfInstant, dayOfIsoDate, isoDateOfDay } from './dates.ts';
export { SUBMITTED_AT } from './field-coding.ts';
