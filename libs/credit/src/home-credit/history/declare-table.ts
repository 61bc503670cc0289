import type { HistoryCheck, HistoryColumn, HistoryTable } from '../../lender/index.ts';
import { LARGEST_AMOUNT } from './declare-history.ts';

type Treatment = HistoryCheck['treatment'];

/** The source's number for "never", in columns of days. */
const NEVER = 365_243;
/** No date of a living client lies further back; such days are slips of the pen. */
const LONGEST_LIFE_DAYS = 36_525;

/** Conditions read the row as it came, before any cell of it is blanked. */
export const check = (column: string, treatment: Treatment, reason: string, condition: string): HistoryCheck => ({
  column,
  reason,
  condition,
  treatment,
});

export const checkKey = (column: string): HistoryCheck =>
  check(column, 'refuse', 'the key is missing or not above zero', `${column} is null or ${column} <= 0`);

/** A row without its place in time, or from after the application, is no past: learning from it would be learning the future. */
export const checkPast = (column: string): HistoryCheck =>
  check(column, 'leave-out', 'the date is missing or after the application', `${column} is null or ${column} > 0`);

export const checkNever = (column: string): HistoryCheck => check(column, 'blank', 'the source writes 365243 for “never”', `${column} = ${NEVER}`);

/** A date that only the past can have, beside the row's own place in time. */
export const checkPastDate = (column: string): readonly HistoryCheck[] => [
  check(column, 'blank', 'the date is after the application', `${column} > 0 and ${column} <> ${NEVER}`),
  check(column, 'blank', 'the date is more than a century ago', `${column} < -${LONGEST_LIFE_DAYS}`),
];

export const checkAmount = (column: string): HistoryCheck =>
  check(column, 'blank', 'the amount is below zero or impossibly large', `${column} < 0 or ${column} > ${LARGEST_AMOUNT}`);

/** An amount that an overpayment makes negative. */
export const checkBalance = (column: string): HistoryCheck =>
  check(column, 'blank', 'the amount is impossibly large', `abs(${column}) > ${LARGEST_AMOUNT}`);

export const checkCount = (column: string): HistoryCheck => check(column, 'blank', 'the number is below zero', `${column} < 0`);

export const checkWord = (column: string, words: readonly string[]): HistoryCheck =>
  check(
    column,
    'blank',
    'a word that the source’s list does not have',
    `${column} not in (${words.map((word) => `'${word.replaceAll("'", "''")}'`).join(', ')})`,
  );

/** Columns as `NAME: type` in the order of the file. */
export const declareTable = (
  name: string,
  keys: Pick<HistoryTable, 'clientColumn' | 'key' | 'parent'>,
  columns: Readonly<Record<string, HistoryColumn['type']>>,
  checks: readonly HistoryCheck[],
): HistoryTable => ({
  name,
  ...keys,
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, isOptional: false })),
  checks,
});
