/**
 * Fragments of DuckDB SQL. Everything is a hash aggregation of fixed-size states, so that a table larger than memory spills; and
 * amounts are added as decimals of three places (all that the source has), so that the order of rows and the number of
 * threads change no digit.
 */

export const countIf = (condition: string): string => `count(*) filter (where ${condition})`;

export const maxIf = (value: string, condition: string): string => `max(${value}) filter (where ${condition})`;

const exact = (amount: string): string => `cast(${amount} as decimal(18, 3))`;

/** Known amounts of the rows that meet the condition: 0 where no row does, NULL where some do and none is known. */
export const totalIf = (amount: string, condition: string): string =>
  `case when ${countIf(condition)} = 0 then 0 else sum(${exact(amount)}) filter (where ${condition}) end`;

/** NULL where no row meets the condition. */
export const sumIf = (amount: string, condition: string): string => `sum(${exact(amount)}) filter (where ${condition})`;

/** Mean amount; NULL where none is known. */
export const meanIf = (amount: string, condition: string): string =>
  over(sumIf(amount, condition), countIf(`${condition} and ${amount} is not null`));

/** Quotient; NULL where the divisor is 0 or either is unknown. */
export const over = (numerator: string, denominator: string): string => `cast(${numerator} as double) / nullif(cast(${denominator} as double), 0)`;

/** Share of the rows in the second condition that meet the first too. */
export const shareIf = (condition: string, among: string): string => over(countIf(`${condition} and ${among}`), countIf(among));

const DAYS_PER_YEAR = 365.25;
const MONTHS_PER_YEAR = 12;

/** Years before the application of the latest day that meets the condition; days are negative. */
export const yearsSince = (day: string, condition = 'true'): string => `cast(0 - ${maxIf(day, condition)} as double) / ${DAYS_PER_YEAR}`;

/** Years before the application of the latest month that meets the condition; months are negative. */
export const yearsSinceMonth = (month: string, condition = 'true'): string => `cast(0 - ${maxIf(month, condition)} as double) / ${MONTHS_PER_YEAR}`;

export const windows = [3, 6, 12, 24] as const;

/** Whole days in so many months: 91, 183, 365, 731. */
export const daysOf = (months: number): number => Math.round((months * DAYS_PER_YEAR) / MONTHS_PER_YEAR);

/** Not longer ago than so many months, for a column of days. */
export const since = (day: string, months: number): string => `${day} >= -${daysOf(months)}`;

/** Between twice so many months ago and so many months ago. */
export const before = (day: string, months: number): string => `${day} < -${daysOf(months)} and ${day} >= -${daysOf(2 * months)}`;

/** Statements of the last so many months, for a column of months (0 or -1 is the freshest). */
export const sinceMonth = (months: number, month = 'MONTHS_BALANCE'): string => `${month} >= -${months}`;

export const beforeMonth = (months: number, month = 'MONTHS_BALANCE'): string => `${month} < -${months} and ${month} >= -${2 * months}`;

/** French and English words for a window. */
export const inLast = (months: number): readonly [string, string] => [`sur les ${months} derniers mois`, `over the last ${months} months`];
