export { formatFeatureValue, type ShownValue } from './format-value.ts';
export { ReasonsError, type ReasonsErrorCode } from './reasons-error.ts';
export { writeReasons, type OtherReasons } from './write-reasons.ts';
