import type { FieldValue, Language, LocalizedText } from '@lisible/contracts';
import type { ValueFormat } from '../catalogue/index.ts';

const locales: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };
const notProvided: LocalizedText = { fr: 'non renseigné', en: 'not provided' };
const doesNotApply: LocalizedText = { fr: 'sans objet', en: 'not applicable' };
const yes: LocalizedText = { fr: 'oui', en: 'yes' };
const no: LocalizedText = { fr: 'non', en: 'no' };

/** Making a formatter costs a hundred times more than using it. */
const formatters = new Map<string, Intl.NumberFormat>();
const formatNumber = (language: Language, value: number, options: Intl.NumberFormatOptions): string => {
  const key = `${language} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    // 'negative': what rounds to zero carries no minus sign.
    formatter = new Intl.NumberFormat(locales[language], { ...options, signDisplay: 'negative' });
    formatters.set(key, formatter);
  }
  // A minus sign, not a hyphen, as the charts beside it.
  return formatter.format(value).replace('-', '\u2212');
};

const inBoth = (write: (language: Language) => string): LocalizedText => ({ fr: write('fr'), en: write('en') });

const monthsPerYear = 12;
const daysPerYear = 365.25;

/** Nobody says "0.6 years": a span under a year is told in months, under a month in days. */
const spanOf = (years: number): { readonly value: number; readonly unit: 'day' | 'month' } => {
  const months = Math.round(years * monthsPerYear);
  return months === 0 ? { value: Math.round(years * daysPerYear), unit: 'day' } : { value: months, unit: 'month' };
};

const textOf = (format: ValueFormat, value: number, currency: string | null): LocalizedText => {
  const digits = { maximumFractionDigits: format.decimals };
  const write = (options: Intl.NumberFormatOptions): LocalizedText => inBoth((language) => formatNumber(language, value, options));
  const withUnit = (unit: 'day' | 'month' | 'year', amount = value): LocalizedText =>
    inBoth((language) => formatNumber(language, amount, { ...digits, style: 'unit', unit, unitDisplay: 'long' }));
  const writers: Readonly<Record<ValueFormat['kind'], () => LocalizedText>> = {
    number: () => write(digits),
    // Scores stand side by side: 0.50 beside 0.46.
    score: () => write({ ...digits, minimumFractionDigits: format.decimals }),
    integer: () => write({ maximumFractionDigits: 0 }),
    share: () => write({ ...digits, style: 'percent' }),
    currency: () => write(currency === null ? digits : { ...digits, minimumFractionDigits: 0, style: 'currency', currency }),
    days: () => withUnit('day'),
    months: () => withUnit('month'),
    years: () => {
      if (Math.abs(value) >= 1) return withUnit('year');
      const span = spanOf(value);
      return withUnit(span.unit, span.value);
    },
    hour: () => {
      const { fr, en } = write({ maximumFractionDigits: 0 });
      return { fr: `${fr} h`, en: `${en}:00` };
    },
    boolean: () => (value === 0 ? no : yes),
    // A code past the list has no label; its number is all there is to show.
    category: () => format.categories?.[value]?.label ?? write(digits),
  };
  return writers[format.kind]();
};

const rawOf = (format: ValueFormat, value: number): FieldValue => {
  if (format.kind === 'boolean') return value !== 0;
  if (format.kind === 'category') return format.categories?.[value]?.value ?? value;
  return value;
};

/** A value for machines and for people. */
export interface ShownValue {
  readonly raw: FieldValue;
  readonly text: LocalizedText;
}

/** In place of a value that the client cannot have. */
export const notApplicableValue: ShownValue = { raw: null, text: doesNotApply };

/**
 * A feature's value as people read it, with its unit, in French and English; a missing value has words too.
 * `currency` is ISO 4217, null when unknown (amounts are then written bare).
 */
export const formatFeatureValue = (format: ValueFormat, value: number | null, currency: string | null): ShownValue =>
  value === null || Number.isNaN(value) ? { raw: null, text: notProvided } : { raw: rawOf(format, value), text: textOf(format, value, currency) };
