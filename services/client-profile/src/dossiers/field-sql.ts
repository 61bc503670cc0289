import type { CohortFilter, FieldValue } from '@lisible/contracts';
import type { Catalogue } from '@lisible/credit';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { columnSpecsOf } from '../population/column-specs.ts';
import type { ColumnSpec } from '../population/column-specs.ts';

/** The field's column of the catalogue; lists know fields only, since a feature of an application stands in no table. */
const specOf = (catalogue: Catalogue, name: string): ColumnSpec => {
  const spec = columnSpecsOf(catalogue).find((column) => column.name === name && column.source === 'field');
  if (spec === undefined) throw new RangeError(`The catalogue ${catalogue.name} has no field named ${name} to list by`);
  return spec;
};

const textOf = (name: string): RawBuilder<string | null> => sql<string | null>`(content ->> ${sql.lit(name)})`;

/**
 * A field of the stored application as the number that it is compared as (`ColumnSpec`), null where it is missing.
 * @throws RangeError on a name that no field bears
 */
export const numberOf = (catalogue: Catalogue, name: string): RawBuilder<number | null> => {
  const { answers, unit } = specOf(catalogue, name);
  const text = textOf(name);
  if (answers !== null && answers.every((answer) => typeof answer === 'boolean')) return sql<number | null>`(${text}::boolean)::int::float8`;
  if (answers !== null)
    return sql<number | null>`(array_position(array[${sql.join(answers.map((answer) => sql.lit(String(answer))))}], ${text}) - 1)::float8`;
  const isDate = unit === 'days' && catalogue.fields.find((field) => field.name === name)?.type === 'date';
  return isDate ? sql<number | null>`((submitted_at at time zone 'UTC')::date - ${text}::date)::float8` : sql<number | null>`${text}::float8`;
};

/**
 * Whether the stored application passes a filter.
 * @throws RangeError on a field that is none, or a filter that does not fit it
 */
export const conditionOf = (catalogue: Catalogue, filter: CohortFilter): RawBuilder<boolean> => {
  const { answers } = specOf(catalogue, filter.field);
  const number = numberOf(catalogue, filter.field);
  if ('isOneOf' in filter) {
    const codes = filter.isOneOf.filter((value) => value !== null).map((value) => codeOf(answers, value));
    const isMissing = filter.isOneOf.includes(null) ? sql`${number} is null` : sql`false`;
    const isOne = codes.length === 0 ? sql`false` : sql`${number} in (${sql.join(codes.map((code) => sql`${code}::float8`))})`;
    return sql<boolean>`(${isMissing} or coalesce(${isOne}, false))`;
  }
  const { from, to } = filter;
  const isFrom = from === null ? sql`true` : sql`${number} >= ${from}::float8`;
  const isBelow = to === null ? sql`true` : sql`${number} < ${to}::float8`;
  return sql<boolean>`(${number} is not null and ${isFrom} and ${isBelow})`;
};

const codeOf = (answers: ColumnSpec['answers'], value: FieldValue): number => {
  if (answers === null && typeof value === 'number') return value;
  const code = answers?.indexOf(value) ?? -1;
  if (code === -1) throw new RangeError('an answer that nobody can give');
  return code;
};
