import type { FieldValue, Unit } from '@lisible/contracts';
import { dayOfInstant, dayOfIsoDate } from '@lisible/credit';
import type { Catalogue, FeatureDefinition, FieldDefinition } from '@lisible/credit';

/** How a column of the population is read, and what its numbers mean. */
export interface ColumnSpec {
  readonly name: string;
  /** `field`: of `applications.parquet`; `feature`: of `features.parquet`. */
  readonly source: 'field' | 'feature';
  readonly unit: Unit;
  readonly isProtected: boolean;
  /** What the numbers 0, 1, 2, … stand for; null for quantities. */
  readonly answers: readonly FieldValue[] | null;
  /** DuckDB's expression for the number; null where it is missing. */
  readonly sql: string;
}

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const noAndYes: readonly FieldValue[] = [false, true];

const specOfField = ({ name, type, unit, protection, categories }: FieldDefinition): ColumnSpec | null => {
  const column = quoteName(name);
  const spec = { name, source: 'field' as const, unit, isProtected: protection !== null };
  switch (type) {
    case 'number':
    case 'integer':
      return { ...spec, answers: null, sql: `${column}::double` };
    case 'boolean':
      return { ...spec, answers: noAndYes, sql: `${column}::integer::double` };
    case 'category': {
      const values = (categories ?? []).map(({ value }) => value);
      return { ...spec, answers: values, sql: `(nullif(list_position([${values.map(quoteText).join(', ')}]::varchar[], ${column}), 0) - 1)::double` };
    }
    case 'date':
      // As the catalogue codes dates: whole days before the application.
      return { ...spec, unit: 'days', answers: null, sql: `date_diff('day', ${column}::date, substr("submittedAt", 1, 10)::date)::double` };
    case 'text':
      return null;
  }
};

const specOfFeature = ({ name, unit, isProtected, format }: FeatureDefinition): ColumnSpec => ({
  name,
  source: 'feature',
  unit,
  isProtected,
  answers: format.kind === 'boolean' ? noAndYes : (format.categories?.map(({ value }) => value) ?? null),
  sql: `${quoteName(name)}::double`,
});

/** Catalogues do not change, so each is read once. */
const known = new WeakMap<Catalogue, readonly ColumnSpec[]>();

/**
 * Every column that clients can be compared by: fields that are neither contact data nor free text, then the features that no field stands for
 * (one of the same name is that field).
 */
export const columnSpecsOf = (catalogue: Catalogue): readonly ColumnSpec[] => {
  const before = known.get(catalogue);
  if (before !== undefined) return before;
  const fields = catalogue.fields.filter(({ isContact }) => !isContact).flatMap((field) => specOfField(field) ?? []);
  const named = new Set(catalogue.fields.map(({ name }) => name));
  const specs = [...fields, ...catalogue.features.filter(({ name }) => !named.has(name)).map(specOfFeature)];
  known.set(catalogue, specs);
  return specs;
};

/** The number that a client's own value becomes; NaN where it is missing. */
export const codeValue = ({ answers, unit, source }: ColumnSpec, value: FieldValue | undefined, submittedAt: string): number => {
  if (value === null || value === undefined) return Number.NaN;
  if (source === 'feature') return typeof value === 'number' ? value : Number.NaN;
  if (answers !== null) {
    const place = answers.indexOf(value);
    return place === -1 ? Number.NaN : place;
  }
  if (typeof value === 'number') return value;
  return unit === 'days' && typeof value === 'string' ? dayOfInstant(submittedAt) - dayOfIsoDate(value) : Number.NaN;
};

/** A number of a column as people and JSON read it. */
export const decodeValue = ({ answers }: Pick<ColumnSpec, 'answers'>, code: number): FieldValue =>
  Number.isNaN(code) ? null : answers === null ? code : (answers[code] ?? null);
