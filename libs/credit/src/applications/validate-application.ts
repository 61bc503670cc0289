import {
  applicationEnvelopeFields,
  applicationSchema,
  identifierSchema,
  type Application,
  type DataQualityNote,
  type FieldValue,
  type LocalizedText,
} from '@lisible/contracts';
import { say, type Catalogue, type FieldDefinition } from '../catalogue/index.ts';
import { dayOfInstant, dayOfIsoDate } from '../features/index.ts';
import { dataQualityNotes, repairedNote } from './data-quality.ts';
import { MAX_CATEGORY_LENGTH, MAX_TEXT_LENGTH } from './limits.ts';

/** One thing wrong with one field; `code` is stable, the message never repeats the value received. */
export interface FieldProblemDraft {
  readonly field: string;
  readonly code: FieldProblemCode;
  readonly message: LocalizedText;
}

export type FieldProblemCode =
  | 'not-an-object'
  | 'unknown-field'
  | 'missing'
  | 'wrong-type'
  | 'out-of-range'
  | 'invalid-date'
  | 'in-the-future'
  | 'too-long-ago'
  | 'before-other-date'
  | 'invalid-identifier'
  | 'invalid-instant'
  | 'invalid-currency';

export type ApplicationValidation =
  | { readonly isValid: true; readonly application: Application; readonly notes: readonly DataQualityNote[] }
  | { readonly isValid: false; readonly problems: readonly FieldProblemDraft[] };

/** A field's name is the sender's word: what is repeated of it is bounded. */
const MAX_NAME_LENGTH = 64;

const french = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 6 });
const english = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6 });

type Message = (field: string, code: FieldProblemCode, fr: string, en: string) => FieldProblemDraft;
const problem: Message = (field, code, fr, en) => ({ field, code, message: say(fr, en) });

const describeRange = ({ range }: FieldDefinition): LocalizedText => {
  const min = range?.min ?? null;
  const max = range?.max ?? null;
  if (min !== null && max !== null) {
    return say(`entre ${french.format(min)} et ${french.format(max)}`, `between ${english.format(min)} and ${english.format(max)}`);
  }
  if (min !== null) return say(`supérieur ou égal à ${french.format(min)}`, `at least ${english.format(min)}`);
  return say(`inférieur ou égal à ${french.format(max ?? 0)}`, `at most ${english.format(max ?? 0)}`);
};

/** What a good value looks like, e.g. `"2019-04-30"`. */
const describeType = (field: FieldDefinition): LocalizedText => {
  switch (field.type) {
    case 'number':
      return say('un nombre, par exemple 12500.5', 'a number, e.g. 12500.5');
    case 'integer':
      return say('un nombre entier, par exemple 2', 'a whole number, e.g. 2');
    case 'boolean':
      return say('true ou false', 'true or false');
    case 'date':
      return say('une date AAAA-MM-JJ, par exemple "2019-04-30"', 'a date YYYY-MM-DD, e.g. "2019-04-30"');
    case 'category': {
      const example = field.categories?.[0]?.value ?? '';
      return say(`une réponse de la liste, par exemple "${example}"`, `an answer of the list, e.g. "${example}"`);
    }
    case 'text':
      return say(`un texte de ${MAX_TEXT_LENGTH} caractères au plus`, `a text of at most ${MAX_TEXT_LENGTH} characters`);
  }
};

const wrongType = (field: FieldDefinition): FieldProblemDraft => {
  const expected = describeType(field);
  return problem(field.name, 'wrong-type', `${field.label.fr} : attendu ${expected.fr}.`, `${field.label.en}: expected ${expected.en}.`);
};

const isOutside = (value: number, { range }: FieldDefinition): boolean =>
  range !== null && ((range.min !== null && value < range.min) || (range.max !== null && value > range.max));

const checkNumber = (field: FieldDefinition, value: unknown): readonly FieldProblemDraft[] => {
  if (typeof value !== 'number' || !Number.isFinite(value)) return [wrongType(field)];
  if (field.type === 'integer' && !Number.isInteger(value)) return [wrongType(field)];
  if (!isOutside(value, field)) return [];
  const allowed = describeRange(field);
  return [problem(field.name, 'out-of-range', `${field.label.fr} : doit être ${allowed.fr}.`, `${field.label.en}: must be ${allowed.en}.`)];
};

interface DatedContext {
  readonly catalogue: Catalogue;
  readonly input: Readonly<Record<string, unknown>>;
  /** NaN when `submittedAt` is itself wrong: dates are then checked for their form only. */
  readonly submissionDay: number;
}

const checkDate = (field: FieldDefinition, value: unknown, context: DatedContext): readonly FieldProblemDraft[] => {
  const { name, label } = field;
  if (typeof value !== 'string') return [wrongType(field)];
  const day = dayOfIsoDate(value);
  if (Number.isNaN(day)) {
    const expected = describeType(field);
    return [
      problem(
        name,
        'invalid-date',
        `${label.fr} : attendu ${expected.fr}, un jour qui existe.`,
        `${label.en}: expected ${expected.en}, a day that exists.`,
      ),
    ];
  }
  const problems: FieldProblemDraft[] = [];
  const daysBefore = context.submissionDay - day;
  if (daysBefore < 0) {
    problems.push(
      problem(
        name,
        'in-the-future',
        `${label.fr} : ne peut pas suivre le jour de la demande.`,
        `${label.en}: cannot be after the day of the application.`,
      ),
    );
  }
  const longestDays = field.range?.max ?? null;
  if (longestDays !== null && daysBefore > longestDays) {
    const years = Math.floor(longestDays / 365.25);
    problems.push(
      problem(
        name,
        'too-long-ago',
        `${label.fr} : ne peut pas précéder la demande de plus de ${years} ans.`,
        `${label.en}: cannot be more than ${years} years before the application.`,
      ),
    );
  }
  const other = field.notBefore === null ? undefined : context.catalogue.fields.find((candidate) => candidate.name === field.notBefore);
  const otherValue = other === undefined ? undefined : context.input[other.name];
  if (other !== undefined && typeof otherValue === 'string' && day < dayOfIsoDate(otherValue)) {
    problems.push(
      problem(
        name,
        'before-other-date',
        `${label.fr} : ne peut pas précéder « ${other.label.fr} ».`,
        `${label.en}: cannot be before “${other.label.en}”.`,
      ),
    );
  }
  return problems;
};

const checkValue = (field: FieldDefinition, value: unknown, context: DatedContext): readonly FieldProblemDraft[] => {
  switch (field.type) {
    case 'number':
    case 'integer':
      return checkNumber(field, value);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [wrongType(field)];
    case 'date':
      return checkDate(field, value, context);
    case 'category':
      return typeof value === 'string' && value !== '' && value.length <= MAX_CATEGORY_LENGTH ? [] : [wrongType(field)];
    case 'text':
      return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH ? [] : [wrongType(field)];
  }
};

const missing = (name: string, label: LocalizedText): FieldProblemDraft =>
  problem(name, 'missing', `${label.fr} : cette information est obligatoire.`, `${label.en}: this information is required.`);

const envelopeLabels = {
  applicationId: say('Identifiant de la demande', 'Application identifier'),
  clientId: say('Identifiant du client', 'Client identifier'),
  branchId: say('Identifiant de l’agence', 'Branch identifier'),
  submittedAt: say('Date et heure de la demande', 'Date and time of the application'),
  currency: say('Devise', 'Currency'),
} as const;

const checkIdentifier = (name: 'applicationId' | 'clientId' | 'branchId', value: unknown): readonly FieldProblemDraft[] => {
  if (identifierSchema.safeParse(value).success) return [];
  const label = envelopeLabels[name];
  return [
    problem(
      name,
      'invalid-identifier',
      `${label.fr} : attendu 1 à 64 lettres non accentuées, chiffres, « - » ou « _ », sans commencer par un signe, par exemple A-100042.`,
      `${label.en}: expected 1 to 64 unaccented letters, digits, “-” or “_”, not starting with a sign, for example A-100042.`,
    ),
  ];
};

const isInstant = (value: unknown): value is string =>
  applicationSchema.shape.submittedAt.safeParse(value).success && typeof value === 'string' && !Number.isNaN(dayOfInstant(value));

const checkEnvelope = (input: Readonly<Record<string, unknown>>): readonly FieldProblemDraft[] =>
  applicationEnvelopeFields.flatMap((name): readonly FieldProblemDraft[] => {
    const value = input[name];
    const label = envelopeLabels[name];
    if (value === undefined || value === null) return name === 'branchId' ? [] : [missing(name, label)];
    switch (name) {
      case 'applicationId':
      case 'clientId':
      case 'branchId':
        return checkIdentifier(name, value);
      case 'submittedAt':
        if (isInstant(value)) return [];
        return [
          problem(
            name,
            'invalid-instant',
            `${label.fr} : attendu une date ISO 8601 en UTC, par exemple "2026-01-05T10:00:00Z".`,
            `${label.en}: expected an ISO 8601 date-time in UTC, e.g. "2026-01-05T10:00:00Z".`,
          ),
        ];
      case 'currency':
        if (applicationSchema.shape.currency.safeParse(value).success) return [];
        return [
          problem(
            name,
            'invalid-currency',
            `${label.fr} : attendu un code ISO 4217, par exemple "EUR".`,
            `${label.en}: expected an ISO 4217 code, e.g. "EUR".`,
          ),
        ];
    }
  });

/** Catalogues do not change, so their names are gathered once. */
const knownNames = new WeakMap<Catalogue, ReadonlySet<string>>();

const knownNamesOf = (catalogue: Catalogue): ReadonlySet<string> => {
  const known = knownNames.get(catalogue) ?? new Set<string>([...applicationEnvelopeFields, ...catalogue.fields.map(({ name }) => name)]);
  knownNames.set(catalogue, known);
  return known;
};

const checkUnknownFields = (catalogue: Catalogue, input: Readonly<Record<string, unknown>>): readonly FieldProblemDraft[] => {
  const known = knownNamesOf(catalogue);
  return Object.keys(input)
    .filter((name) => !known.has(name))
    .map((name) =>
      problem(name.slice(0, MAX_NAME_LENGTH), 'unknown-field', 'Ce champ n’existe pas dans le catalogue.', 'The catalogue has no such field.'),
    );
};

const isRecord = (input: unknown): input is Readonly<Record<string, unknown>> => typeof input === 'object' && input !== null && !Array.isArray(input);

/**
 * Takes any JSON value for one application and finds everything that is wrong with it at once; it never throws.
 * A valid application comes back in one form (envelope, then fields in catalogue order, missing ones left out)
 * with the notes on its data quality. A category that the catalogue does not know is a note, not a problem:
 * the world changes before catalogues do.
 */
export const validateApplication = (catalogue: Catalogue, input: unknown): ApplicationValidation => {
  if (!isRecord(input)) {
    return {
      isValid: false,
      problems: [problem('', 'not-an-object', 'La demande doit être un objet JSON.', 'The application must be a JSON object.')],
    };
  }
  const problems: FieldProblemDraft[] = [...checkEnvelope(input)];
  const submittedAt = input['submittedAt'];
  const isSubmittedAtKnown = typeof submittedAt === 'string' && !problems.some(({ field }) => field === 'submittedAt');
  const submissionDay = isSubmittedAtKnown ? dayOfInstant(submittedAt) : Number.NaN;
  const context: DatedContext = { catalogue, input, submissionDay };
  const repairs: DataQualityNote[] = [];
  const envelope: Record<string, unknown> = {};
  for (const name of applicationEnvelopeFields) {
    if (input[name] !== null && input[name] !== undefined) envelope[name] = input[name];
  }
  const kept: (readonly [name: string, value: FieldValue])[] = [];
  for (const field of catalogue.fields) {
    const received = input[field.name];
    const isMarker = field.type === 'category' && typeof received === 'string' && catalogue.missingMarkers.includes(received);
    const value = isMarker ? null : received;
    if (isMarker) repairs.push(repairedNote(field));
    if (value === null || value === undefined) {
      if (field.isRequired) problems.push(missing(field.name, field.label));
      continue;
    }
    for (const found of checkValue(field, value, context)) problems.push(found);
    if (isFieldValue(value)) kept.push([field.name, value]);
  }
  problems.push(...checkUnknownFields(catalogue, input));
  if (problems.length > 0) return { isValid: false, problems };
  const parsed = applicationSchema.safeParse(envelope);
  if (!parsed.success) throw new Error('The contract refuses an application that the catalogue accepts', { cause: parsed.error });
  // Fields were checked one by one above: parsing all of them again would be a quarter of the cost in bulk.
  const application = parsed.data;
  for (const [name, value] of kept) application[name] = value;
  return { isValid: true, application, notes: [...dataQualityNotes(catalogue, application), ...repairs] };
};

const isFieldValue = (value: unknown): value is FieldValue => typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
