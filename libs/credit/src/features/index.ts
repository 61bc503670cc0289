export {
  codeApplication,
  codeHistoryField,
  codingOf,
  computeFeatureMatrix,
  computeFeatures,
  computeModelReading,
  createCodedRows,
  historyTablesOf,
  modelFeatureNames,
  tablesBehind,
  policyInputs,
  readCodedRows,
  toVector,
  type CodedRows,
  type ModelReading,
  type PolicyInputValues,
} from './compute-features.ts';
export { dayOfInstant, dayOfIsoDate, isoDateOfDay } from './dates.ts';
export { SUBMITTED_AT } from './field-coding.ts';
