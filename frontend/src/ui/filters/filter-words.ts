import type { CohortFilter, FieldValue, Language } from '@lisible/contracts';
import { formatsOf } from '../formats.ts';
import { daysPerYear, type FilterField } from './filter-fields.ts';

/** The texts of `filters.*`, by `t`. */
export type Say = (key: string, values?: Record<string, string>) => string;

/** A bound as it is typed and read: dates in years, shares in hundredths, the rest as it is. */
const scaleOf = ({ kind, unit }: FilterField): number => (kind === 'ago' ? daysPerYear : unit === 'share' ? 0.01 : 1);

/** From the field's own unit to the one that is typed. */
export const shownBound = (field: FilterField, value: number): number => Number((value / scaleOf(field)).toPrecision(6));

/** The other way round; days are whole. */
export const storedBound = (field: FilterField, shown: number): number =>
  field.kind === 'ago' ? Math.round(shown * daysPerYear) : Number((shown * scaleOf(field)).toPrecision(12));

/** Below that, a time that is no whole number of years is told in months. */
const toldInYears = 2;

/** A bound with its unit in words. */
export const boundText = (field: FilterField, value: number, language: Language, currency: string): string => {
  const formats = formatsOf(language);
  if (field.kind !== 'ago') return formats.quantity(value, field.unit, currency);
  const years = value / daysPerYear;
  const isWhole = Math.abs(years - Math.round(years)) < 0.01;
  return years < toldInYears && !(isWhole && years > 0.5)
    ? formats.quantity(Math.round(years * 12), 'months', currency)
    : formats.quantity(years, 'years', currency);
};

/** « 20 000 », « 20.000,5 » or « 20,000.5 » as a number; null where it is none. */
export const readNumber = (text: string, language: Language): number | null => {
  const bare = text.trim().replaceAll(/[\s'’]/gu, '');
  const plain = language === 'fr' ? bare.replace(',', '.') : bare.replaceAll(/,(?=\d{3}(\D|$))/g, '');
  return /^[-−]?\d+(\.\d+)?$/.test(plain) ? Number(plain.replace('−', '-')) : null;
};

const sameValues = (a: readonly FieldValue[], b: readonly FieldValue[]): boolean => a.every((value) => b.includes(value));

/** What a filter asks, after its field's name: « de 20 000 € à 40 000 € ». Whole numbers are said with both ends included. */
export const conditionWords = (field: FilterField, filter: CohortFilter, language: Language, currency: string, say: Say): string => {
  if ('isOneOf' in filter) {
    const labels = (field.choices ?? []).filter(({ values }) => sameValues(values, filter.isOneOf)).map(({ label }) => label);
    return labels.length === 0 ? say('filters.notGiven') : labels.join(say('filters.or'));
  }
  const text = (value: number): string => boundText(field, value, language, currency);
  const isWhole = field.kind === 'integer';
  const { from, to } = filter;
  const prefix = field.kind === 'ago' ? 'filters.ago' : 'filters.range';
  if (from !== null && to !== null && isWhole && to - from === 1) return text(from);
  if (from !== null && to !== null) return say(`${prefix}.between`, { from: text(from), to: text(isWhole ? to - 1 : to) });
  if (from !== null) return say(`${prefix}.from`, { from: text(from) });
  if (to !== null) return say(isWhole ? 'filters.range.upTo' : `${prefix}.below`, { to: text(isWhole ? to - 1 : to) });
  return say('filters.range.any');
};

/** The whole filter in words; `unknown` where the catalogue has no such field. */
export const filterWords = (field: FilterField | undefined, filter: CohortFilter, language: Language, currency: string, say: Say): string =>
  field === undefined
    ? say('filters.unknownField')
    : say('filters.chip', { field: field.label, condition: conditionWords(field, filter, language, currency, say) });
