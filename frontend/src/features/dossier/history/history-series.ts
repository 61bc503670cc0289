import type { ClientHistory, ClientMonth, HistoryMonthKind, Theme } from '@lisible/contracts';

export type HistorySeries = ClientHistory['series'][number];

/** Where each kind stands among the themes of the client's information. */
const themeOf: Record<HistoryMonthKind, Theme> = { cards: 'payments', instalments: 'payments', loans: 'payments', bureau: 'credit-bureau' };

/** Themes under which a past is told. */
export const historyThemes: ReadonlySet<Theme> = new Set(Object.values(themeOf));

export const seriesOfTheme = (history: ClientHistory, theme: Theme): readonly HistorySeries[] =>
  history.series.filter(({ kind }) => themeOf[kind] === theme);

/** What is said of a kind before its chart. */
export interface HistoryFacts {
  /** Months of which something is known. */
  readonly months: number;
  readonly lateMonths: number;
  /** Latest month in which something was late, relative to the application; null where none was. */
  readonly lastLateMonth: number | null;
  /** Null where nothing was late or the source does not tell days. */
  readonly longestDelayDays: number | null;
}

export const factsOf = ({ months }: HistorySeries): HistoryFacts => {
  const late = months.filter(({ lateCount }) => lateCount > 0);
  const delays = late.flatMap(({ longestDelayDays }) => (longestDelayDays === null || longestDelayDays === 0 ? [] : [longestDelayDays]));
  return {
    months: months.length,
    lateMonths: late.length,
    lastLateMonth: late.length === 0 ? null : Math.max(...late.map(({ month }) => month)),
    longestDelayDays: delays.length === 0 ? null : Math.max(...delays),
  };
};

/** Every month between the first and the last known one, oldest first; those without a statement are null. */
export const continuous = ({ months }: HistorySeries): readonly { readonly month: number; readonly known: ClientMonth | null }[] => {
  const byMonth = new Map(months.map((known) => [known.month, known]));
  const first = Math.min(...byMonth.keys());
  const last = Math.max(...byMonth.keys());
  return Array.from({ length: last - first + 1 }, (_, index) => ({ month: first + index, known: byMonth.get(first + index) ?? null }));
};

/** The calendar's month, as ISO 8601 of its first day, so many months from the one of the application. */
export const calendarMonth = (submittedAt: string, month: number): string => {
  const submitted = new Date(submittedAt);
  return new Date(Date.UTC(submitted.getUTCFullYear(), submitted.getUTCMonth() + month, 1)).toISOString().slice(0, 10);
};
