import type { Language, Unit } from '@lisible/contracts';

const locales: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' };

/** Numbers, amounts and dates as the language writes them. Pure: one instance a language. */
export interface Formats {
  number(value: number, decimals?: number): string;
  /** With its sign always, and a true minus. */
  signed(value: number, decimals?: number): string;
  /** `currency` is ISO 4217; whole units, as an advisor reads them. */
  money(value: number, currency: string): string;
  /** ISO 8601 date or date-time; text that is none comes back as it is. */
  date(iso: string): string;
  dateTime(iso: string): string;
  /** A month of a year: « mars 2025 ». */
  month(iso: string): string;
  /** A catalogue quantity with its unit in words. */
  quantity(value: number, unit: Unit, currency: string): string;
  /** From one quantity to another, as short as it can be told: « 200–400 k€ ». Null: without that end. */
  shortRange(from: number | null, to: number | null, unit: Unit, currency: string): string;
}

const withTrueMinus = (text: string): string => text.replace('-', '−');

/** A day without an hour belongs to no zone: read as an instant it would be the day before, west of Greenwich. */
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
const isIsoDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));

const createFormats = (language: Language): Formats => {
  const locale = locales[language];
  const numbers = new Map<string, Intl.NumberFormat>();
  const cached = (key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const known = numbers.get(key) ?? new Intl.NumberFormat(locale, options);
    numbers.set(key, known);
    return known;
  };
  const asDate = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const dates = new Intl.DateTimeFormat(locale, asDate);
  const days = new Intl.DateTimeFormat(locale, { ...asDate, timeZone: 'UTC' });
  const months = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const dateTimes = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });

  const upTo = (value: number, decimals: number): string => cached(`upto${decimals}`, { maximumFractionDigits: decimals }).format(value);
  const inUnit = (value: number, unit: 'year' | 'month' | 'day', decimals: number): string =>
    cached(`${unit}${decimals}`, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: decimals }).format(value);

  /** Less than a year is told in months, less than a month in days. */
  const inYears = (value: number): string => {
    const inMonths = Math.round(Math.abs(value) * 12);
    if (value === 0 || inMonths >= 12) return inUnit(value, 'year', 1);
    return inMonths >= 1 ? inUnit(Math.sign(value) * inMonths, 'month', 0) : inUnit(Math.round(value * 365.25), 'day', 0);
  };

  const money = (value: number, currency: string): string => {
    try {
      return withTrueMinus(
        cached(`money${currency}`, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', maximumFractionDigits: 0 }).format(value),
      );
    } catch {
      return `${upTo(value, 0)} ${currency}`;
    }
  };

  /** As short as it can be told without two bins reading alike. */
  const compact = (unit: Unit, currency: string): Intl.NumberFormat => {
    const short = { notation: 'compact', maximumFractionDigits: 2 } as const;
    const plain = (): Intl.NumberFormat => cached('compact', { ...short, maximumFractionDigits: 3 });
    switch (unit) {
      case 'currency':
        try {
          return cached(`compact${currency}`, { ...short, style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
        } catch {
          return plain();
        }
      case 'share':
        return cached('compact-share', { style: 'percent', maximumFractionDigits: 2 });
      case 'years':
        return cached('compact-years', { ...short, style: 'unit', unit: 'year', unitDisplay: 'short' });
      case 'count':
      case 'days':
      case 'hour':
      case 'months':
      case 'none':
      case 'score':
      case 'square-metres-normalised':
        return plain();
    }
  };

  return {
    number: (value, decimals) =>
      decimals === undefined
        ? upTo(value, 2)
        : cached(`fixed${decimals}`, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value),
    signed: (value, decimals = 1) =>
      withTrueMinus(
        cached(`signed${decimals}`, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, signDisplay: 'exceptZero' }).format(value),
      ),
    money,
    date: (iso) => (isIsoDate(iso) ? (isDay(iso) ? days : dates).format(new Date(iso)) : iso),
    dateTime: (iso) => (isIsoDate(iso) ? dateTimes.format(new Date(iso)) : iso),
    month: (iso) => (isIsoDate(iso) ? months.format(new Date(iso)) : iso),
    quantity: (value, unit, currency) => {
      switch (unit) {
        case 'currency':
          return money(value, currency);
        case 'years':
          return inYears(value);
        case 'months':
          return inUnit(value, 'month', 1);
        case 'days':
          return inUnit(value, 'day', 0);
        case 'share':
          return withTrueMinus(cached('share', { style: 'percent', maximumFractionDigits: 1 }).format(value));
        case 'hour':
          return language === 'fr' ? `${upTo(value, 0)} h` : `${upTo(value, 0)}:00`;
        case 'count':
          return withTrueMinus(upTo(value, 1));
        case 'score':
        case 'square-metres-normalised':
        case 'none':
          // About three figures that say something, whatever the size.
          return withTrueMinus(upTo(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3));
      }
    },
    shortRange: (from, to, unit, currency) => {
      const format = compact(unit, currency);
      // « k€ », as it is written where room is short.
      const write = (text: string): string => text.replaceAll(/(?<=[kM])\s(?=\p{Sc})/gu, '');
      if (from !== null && to !== null) return write(format.formatRange(from, to));
      if (to !== null) return write(`< ${format.format(to)}`);
      return from === null ? '' : write(`≥ ${format.format(from)}`);
    },
  };
};

const byLanguage: Record<Language, Formats> = { fr: createFormats('fr'), en: createFormats('en') };

export const formatsOf = (language: Language): Formats => byLanguage[language];
