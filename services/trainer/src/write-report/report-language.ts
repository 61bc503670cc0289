import type { EvidenceInterval, Language, LocalizedText } from '@lisible/contracts';
import { say } from '@lisible/credit';

const locales: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };

/** Everything that a report says, said in one language: words, numbers, intervals, dates. */
export interface ReportLanguage {
  readonly language: Language;
  /** One text of the two; French gets its no-break spaces. */
  readonly t: (fr: string, en: string) => string;
  readonly pick: (text: LocalizedText) => string;
  /** `digits` decimals, always that many. */
  readonly num: (value: number, digits: number) => string;
  /** With its sign, plus or minus. */
  readonly signed: (value: number, digits: number) => string;
  readonly int: (value: number) => string;
  /** A share 0..1 in per cent. */
  readonly pct: (share: number, digits?: number) => string;
  /** `0.762 (0.753 to 0.771)`. */
  readonly interval: (interval: EvidenceInterval, write: (value: number) => string) => string;
  readonly list: (items: readonly string[]) => string;
  readonly date: (iso: string) => string;
  readonly seconds: (seconds: number) => string;
}

const formatters = new Map<string, Intl.NumberFormat>();
const formatNumber = (locale: string, value: number, options: Intl.NumberFormatOptions): string => {
  const key = `${locale} ${JSON.stringify(options)}`;
  const formatter = formatters.get(key) ?? new Intl.NumberFormat(locale, options);
  formatters.set(key, formatter);
  // A minus sign, not a hyphen.
  return formatter.format(value).replace('-', '−');
};

export const reportLanguage = (language: Language): ReportLanguage => {
  const locale = locales[language];
  const fixed = (digits: number): Intl.NumberFormatOptions => ({
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'negative',
  });
  const num = (value: number, digits: number): string => formatNumber(locale, value, fixed(digits));
  const t = (fr: string, en: string): string => (language === 'fr' ? say(fr, en).fr : en);
  return {
    language,
    t,
    pick: (text) => text[language],
    num,
    signed: (value, digits) => formatNumber(locale, value, { ...fixed(digits), signDisplay: 'exceptZero' }),
    int: (value) => formatNumber(locale, value, { maximumFractionDigits: 0 }),
    pct: (share, digits = 1) => formatNumber(locale, share, { ...fixed(digits), style: 'percent' }),
    // Broken before the parenthesis at most.
    interval: ({ value, lower, upper }, write) => `${write(value)} (${write(lower)}\u00a0${t('à', 'to')}\u00a0${write(upper)})`,
    list: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
    date: (iso) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso)),
    seconds: (seconds) => (seconds < 90 ? `${num(seconds, seconds < 10 ? 1 : 0)} s` : `${num(seconds / 60, 1)} min`),
  };
};
