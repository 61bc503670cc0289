export {
  computeFeatureMatrix,
  computeFeatures,
  computeModelReading,
  historyTablesOf,
  modelFeatureNames,
  tablesBehind,
  policyInputs,
  toVector,
  type ModelReading,
  type PolicyInputValues,
} from './compute-features.ts';
export { dayOfInstant, dayOfIsoDate, isoDateOfDay } from './dates.ts';
export { SUBMITTED_AT } from './field-coding.ts';
