export {
  computeFeatureMatrix,
  computeFeatures,
  historyTablesOf,
  modelFeatureNames,
  tablesBehind,
  policyInputs,
  toVector,
} from './compute-features.ts';
export { dayOfInstant, dayOfIsoDate, isoDateOfDay } from './dates.ts';
export { SUBMITTED_AT } from './field-coding.ts';
