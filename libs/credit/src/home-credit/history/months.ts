import { historyMonthsKept } from '@lisible/contracts';
import type { ClientMonth, HistoryMonthKind } from '@lisible/contracts';
import type { MonthsQuery } from '../../lender/index.ts';
import { countIf } from './history-sql.ts';

type Column = Exclude<keyof ClientMonth, 'month' | 'count' | 'lateCount'>;

const types: Record<Column, string> = {
  longestDelayDays: 'integer',
  balanceAmount: 'double',
  limitAmount: 'double',
  dueAmount: 'double',
  paidAmount: 'double',
};

interface Months {
  readonly kind: HistoryMonthKind;
  readonly tables: readonly string[];
  /** SQL of the rows. */
  readonly rows: (source: (table: string) => string) => string;
  /** SQL of a row's month, 0 being that of the application. */
  readonly month: string;
  /** SQL, true of a late row. */
  readonly isLate: string;
  /** Aggregates; what is left out is NULL. */
  readonly columns: Partial<Record<Column, string>>;
}

/** Amounts add up as decimals of three places, so that the order of rows changes no digit. */
const total = (amount: string): string => `cast(sum(cast(${amount} as decimal(18, 3))) as double)`;

const declareMonths = ({ kind, tables, rows, month, isLate, columns }: Months): MonthsQuery => ({
  kind,
  tables,
  sql: (source) => `select
  cast(SK_ID_CURR as varchar) as "clientId",
  cast(${month} as integer) as "month",
  cast(count(*) as integer) as "count",
  cast(${countIf(isLate)} as integer) as "lateCount",
${Object.entries(types)
  .map(([name, type]) => `  cast(${Object.entries(columns).find(([known]) => known === name)?.[1] ?? 'null'} as ${type}) as "${name}"`)
  .join(',\n')}
from (${rows(source)}) as client_rows
where ${month} > -${historyMonthsKept}
group by SK_ID_CURR, ${month}`,
});

/** A month of 30.4 days, as the source counts days only: the day of the application is month 0, the thirty days before it month -1. */
const monthOfDay = (day: string): string => `cast(floor(${day} * 12 / 365.25) as integer)`;

/** Of the same sound rows that the features are computed from. */
export const monthsQueries: readonly MonthsQuery[] = [
  declareMonths({
    kind: 'loans',
    tables: ['POS_CASH_balance'],
    rows: (source) => `select * from ${source('POS_CASH_balance')}`,
    month: 'MONTHS_BALANCE',
    isLate: 'SK_DPD > 0',
    columns: { longestDelayDays: 'max(SK_DPD)' },
  }),
  declareMonths({
    kind: 'cards',
    tables: ['credit_card_balance'],
    rows: (source) => `select * from ${source('credit_card_balance')}`,
    month: 'MONTHS_BALANCE',
    isLate: 'SK_DPD > 0',
    columns: { longestDelayDays: 'max(SK_DPD)', balanceAmount: total('AMT_BALANCE'), limitAmount: total('AMT_CREDIT_LIMIT_ACTUAL') },
  }),
  declareMonths({
    kind: 'instalments',
    tables: ['installments_payments'],
    // One instalment may be paid in several rows; one that was not paid is late to this day.
    rows: (source) => `select SK_ID_CURR, due_day, due_amount, paid_amount,
      case when coalesce(paid_day, 0) > due_day then coalesce(paid_day, 0) - due_day else 0 end as days_late
    from (
      select SK_ID_CURR, min(DAYS_INSTALMENT) as due_day, max(DAYS_ENTRY_PAYMENT) as paid_day, max(AMT_INSTALMENT) as due_amount,
        coalesce(sum(cast(AMT_PAYMENT as decimal(18, 3))), 0) as paid_amount
      from ${source('installments_payments')}
      group by SK_ID_CURR, SK_ID_PREV, NUM_INSTALMENT_VERSION, NUM_INSTALMENT_NUMBER)`,
    month: monthOfDay('due_day'),
    isLate: 'days_late > 0',
    columns: { longestDelayDays: 'max(days_late)', dueAmount: total('due_amount'), paidAmount: total('paid_amount') },
  }),
  declareMonths({
    kind: 'bureau',
    tables: ['bureau', 'bureau_balance'],
    rows: (source) => `select credits.SK_ID_CURR, statements.*
    from (select * from ${source('bureau_balance')} where STATUS in ('0', '1', '2', '3', '4', '5')) as statements
    join (select SK_ID_BUREAU, SK_ID_CURR from ${source('bureau')}) as credits using (SK_ID_BUREAU)`,
    month: 'MONTHS_BALANCE',
    isLate: `STATUS <> '0'`,
    columns: {},
  }),
];
