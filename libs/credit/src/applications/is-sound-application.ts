import { applicationSchema, identifierSchema, type Application, type FieldValue } from '@lisible/contracts';
import type { Catalogue, FieldDefinition } from '../catalogue/index.ts';
import { dayOfInstant, dayOfIsoDate } from '../features/index.ts';
import { MAX_CATEGORY_LENGTH, MAX_TEXT_LENGTH } from './limits.ts';

/** Whether `validateApplication` takes a value of the field as it is. `application` is asked for the fields that a date must not precede. */
export type FieldCheck = (value: FieldValue, submissionDay: number, application: Application) => boolean;

const numberCheck = ({ type, range }: FieldDefinition): FieldCheck => {
  const min = range?.min ?? Number.NEGATIVE_INFINITY;
  const max = range?.max ?? Number.POSITIVE_INFINITY;
  const isWhole = type === 'integer';
  return (value) => typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max && (!isWhole || Number.isInteger(value));
};

const dateCheck = ({ range, notBefore }: FieldDefinition): FieldCheck => {
  const longestDays = range?.max ?? Number.POSITIVE_INFINITY;
  return (value, submissionDay, application) => {
    const day = typeof value === 'string' ? dayOfIsoDate(value) : Number.NaN;
    const daysBefore = submissionDay - day;
    // NaN fails every comparison.
    if (!(daysBefore >= 0 && daysBefore <= longestDays)) return false;
    const other = notBefore === null ? undefined : application[notBefore];
    return typeof other !== 'string' || day >= dayOfIsoDate(other);
  };
};

const checkOf = (catalogue: Catalogue, field: FieldDefinition): FieldCheck => {
  switch (field.type) {
    case 'number':
    case 'integer':
      return numberCheck(field);
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'date':
      return dateCheck(field);
    case 'category': {
      const markers = new Set(catalogue.missingMarkers);
      return (value) => typeof value === 'string' && value !== '' && value.length <= MAX_CATEGORY_LENGTH && !markers.has(value);
    }
    case 'text':
      return (value) => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
  }
};

interface FieldProgram {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isSound: FieldCheck;
}

interface Program {
  readonly fields: readonly FieldProgram[];
}

/** Catalogues do not change, so each is bound once. */
const programs = new WeakMap<Catalogue, Program>();

const programOf = (catalogue: Catalogue): Program => {
  const known = programs.get(catalogue);
  if (known !== undefined) return known;
  const program = {
    fields: catalogue.fields.map((field) => ({ name: field.name, isRequired: field.isRequired, isSound: checkOf(catalogue, field) })),
  };
  programs.set(catalogue, program);
  return program;
};

/** The checks of a catalogue's fields, in its order. */
export const fieldChecksOf = (catalogue: Catalogue): readonly FieldProgram[] => programOf(catalogue).fields;

/** What a schema said of the texts that came last: moments and currencies repeat from row to row. */
const remembering = (accepts: (text: string) => boolean): ((text: string) => boolean) => {
  const maxKept = 1000;
  const answers = new Map<string, boolean>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = accepts(text);
    if (answers.size >= maxKept) answers.clear();
    answers.set(text, answer);
    return answer;
  };
};

const { submittedAt: instantSchema, currency: currencySchema } = applicationSchema.shape;
const isInstant = remembering((text) => instantSchema.safeParse(text).success && !Number.isNaN(dayOfInstant(text)));
const isCurrency = remembering((text) => currencySchema.safeParse(text).success);
const isIdentifier = (text: string): boolean => identifierSchema.safeParse(text).success;

/** What of an application is not in the catalogue, by its schema. */
export const isSoundEnvelope = ({ applicationId, clientId, branchId, submittedAt, currency }: Envelope): boolean =>
  isIdentifier(applicationId) &&
  (clientId === applicationId || isIdentifier(clientId)) &&
  (branchId === undefined || isIdentifier(branchId)) &&
  isInstant(submittedAt) &&
  isCurrency(currency);

type Envelope = Pick<Application, 'applicationId' | 'clientId' | 'branchId' | 'submittedAt' | 'currency'>;

/**
 * True where `validateApplication` would give this very application back: the short way for code that made it from the catalogue, its
 * fields in catalogue order, and has many of them. It looks for no name that the catalogue does not have; notes are not taken. False says
 * only that `validateApplication` must judge.
 */
export const isSoundApplication = (catalogue: Catalogue, application: Application): boolean => {
  if (!isSoundEnvelope(application)) return false;
  const submissionDay = dayOfInstant(application.submittedAt);
  for (const { name, isRequired, isSound } of programOf(catalogue).fields) {
    const value = application[name];
    if (value === undefined ? isRequired : !isSound(value, submissionDay, application)) return false;
  }
  return true;
};
