import type { Application } from '@lisible/contracts';
import type { Catalogue, FieldDefinition, HistoryRow } from '../catalogue/index.ts';
import { dayOfIsoDate, hourOfInstant } from './dates.ts';

/** The one part of the envelope that features may read. */
export const SUBMITTED_AT = 'submittedAt';

const HOURS_PER_DAY = 24;

/** Position of each category, a category coded as another taking that one's. */
const categoryCodes = (field: FieldDefinition): ReadonlyMap<string, number> => {
  const categories = field.categories ?? [];
  const positions = new Map(categories.map(({ value }, position) => [value, position]));
  return new Map(categories.map(({ value, codedAs }) => [value, positions.get(codedAs ?? value) ?? Number.NaN]));
};

export type FieldEncoder = (value: unknown, submissionDay: number) => number;

const encoderOf = (field: FieldDefinition): FieldEncoder => {
  switch (field.type) {
    case 'number':
    case 'integer':
      return (value) => (typeof value === 'number' ? value : Number.NaN);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? Number(value) : Number.NaN);
    case 'date':
      return (value, submissionDay) => (typeof value === 'string' ? submissionDay - dayOfIsoDate(value) : Number.NaN);
    case 'category': {
      const codes = categoryCodes(field);
      return (value) => (typeof value === 'string' ? (codes.get(value) ?? Number.NaN) : Number.NaN);
    }
    case 'text':
      return () => Number.NaN;
  }
};

/** Fields and history fields turned into numbers, each at a fixed position; `submittedAt` stands at position 0. */
export interface FieldCoding {
  readonly size: number;
  /** Throws on a name that the catalogue does not code. */
  getPosition(name: string): number;
  /** The number that a value of an application's field becomes; null for a field that is not coded. */
  findEncoder(name: string): FieldEncoder | null;
  /** Fills all of `codes`; without a history row the client's past is NaN. */
  encode(application: Application, history: HistoryRow | null, codes: Float64Array): void;
}

/** How this catalogue's fields become numbers (see `FeatureFunction`); texts and contact data never do. */
export const createFieldCoding = (catalogue: Catalogue): FieldCoding => {
  const fields = catalogue.fields.filter((field) => field.type !== 'text' && !field.isContact);
  const encoders = fields.map((field) => ({ name: field.name, encode: encoderOf(field) }));
  const encoderByName = new Map(encoders.map(({ name, encode }) => [name, encode]));
  const historyNames = catalogue.historyFields.map(({ name }) => name);
  const positions = new Map([SUBMITTED_AT, ...fields.map(({ name }) => name), ...historyNames].map((name, position) => [name, position]));
  return {
    size: positions.size,
    getPosition: (name) => {
      const position = positions.get(name);
      if (position === undefined) throw new RangeError(`The catalogue ${catalogue.name} codes no field named ${name}`);
      return position;
    },
    findEncoder: (name) => encoderByName.get(name) ?? null,
    encode: (application, history, codes) => {
      const submissionHour = hourOfInstant(application.submittedAt);
      const submissionDay = Math.floor(submissionHour / HOURS_PER_DAY);
      codes[0] = submissionHour;
      let position = 1;
      for (const { name, encode } of encoders) {
        codes[position] = encode(application[name], submissionDay);
        position += 1;
      }
      for (const name of historyNames) {
        codes[position] = history?.[name] ?? Number.NaN;
        position += 1;
      }
    },
  };
};
