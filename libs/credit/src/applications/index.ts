export { canonicalJson } from './canonical-json.ts';
export { dataQualityNotes, displayNameOf } from './data-quality.ts';
export { fieldChecksOf, isSoundApplication, isSoundEnvelope } from './is-sound-application.ts';
export { validateApplication, type ApplicationValidation, type FieldProblemCode, type FieldProblemDraft } from './validate-application.ts';
