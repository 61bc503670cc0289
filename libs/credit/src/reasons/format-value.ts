import type { FieldValue, Language, LocalizedText } from '@lisible/contracts';
import type { ValueFormat } from '../catalogue/index.ts';

const locales: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };
const notProvided: LocalizedText = { fr: 'non renseigné', en: 'not provided' };
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
  return formatter.format(value);
};

const inBoth = (write: (language: Language) => string): LocalizedText => ({ fr: write('fr'), en: write('en') });

const textOf = (format: ValueFormat, value: number, currency: string | null): LocalizedText => {
  const digits = { minimumFractionDigits: 0, maximumFractionDigits: format.decimals };
  const unit = (name: 'day' | 'month' | 'year'): LocalizedText =>
    inBoth((language) => formatNumber(language, value, { ...digits, style: 'unit', unit: name, unitDisplay: 'long' }));
  switch (format.kind) {
    case 'number':
      return inBoth((language) => formatNumber(language, value, digits));
    case 'integer':
      return inBoth((language) => formatNumber(language, value, { maximumFractionDigits: 0 }));
    case 'share':
      return inBoth((language) => formatNumber(language, value, { ...digits, style: 'percent' }));
    case 'currency':
      return inBoth((language) => formatNumber(language, value, currency === null ? digits : { ...digits, style: 'currency', currency }));
    case 'days':
      return unit('day');
    case 'months':
      return unit('month');
    case 'years':
      return unit('year');
    case 'hour':
      return {
        fr: `${formatNumber('fr', value, { maximumFractionDigits: 0 })} h`,
        en: `${formatNumber('en', value, { maximumFractionDigits: 0 })}:00`,
      };
    case 'boolean':
      return value === 0 ? no : yes;
    case 'category':
      return format.categories?.[value]?.label ?? inBoth((language) => formatNumber(language, value, digits));
  }
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

/**
 * A feature's value as people read it, with its unit, in French and English; a missing value has words too.
 * `currency` is ISO 4217, null when unknown (amounts are then written bare).
 */
export const formatFeatureValue = (format: ValueFormat, value: number | null, currency: string | null): ShownValue =>
  value === null || Number.isNaN(value) ? { raw: null, text: notProvided } : { raw: rawOf(format, value), text: textOf(format, value, currency) };
