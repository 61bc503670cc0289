import type { SeededRandom } from '@lisible/credit';
import { encodeCell } from './byte-table.ts';
import { chance } from './draws.ts';
import { daysPerMonth, monthOfDay, oldestMonth, type HistoryTables } from './history-tables.ts';
import { drawDaysLate, type PaymentHabit } from './payment-habit.ts';

const active = encodeCell('Active');
const completed = encodeCell('Completed');
const signed = encodeCell('Signed');
const demand = encodeCell('Demand');
const returned = encodeCell('Returned to the store');
const amortized = encodeCell('Amortized debt');

const none = Number.NaN;
const daysBetweenInstalments = 30;

/** An approved loan and how it is meant to be paid back; days before the application are negative. */
export interface PlannedLoan {
  readonly key: number;
  readonly decisionDay: number;
  /** Number of instalments agreed. */
  readonly term: number;
  /** In thousandths. */
  readonly annuity: number;
  readonly firstDueDay: number;
  readonly plannedLastDueDay: number;
  /** The number of the instalment that ends it: below `term` when it is paid back early. */
  readonly lastNumber: number;
  /** When that one is due; it may lie ahead. */
  readonly lastDueDay: number;
  readonly isReturned: boolean;
}

export const planLoan = (
  loan: { readonly key: number; readonly isCash: boolean; readonly decisionDay: number; readonly term: number; readonly annuity: number },
  random: SeededRandom,
): PlannedLoan => {
  const { key, isCash, decisionDay, term, annuity } = loan;
  const firstDueDay = decisionDay + 30 + (chance(0.35, random) ? random.integer(isCash ? 2 : 16) : 0);
  const isReturned = !isCash && chance(0.007, random);
  const isEarly = isReturned || chance(isCash ? 0.58 : 0.3, random);
  const lastNumber = isReturned ? 1 : isEarly ? 1 + random.integer(term) : term;
  return {
    key,
    decisionDay,
    term,
    annuity,
    firstDueDay,
    plannedLastDueDay: firstDueDay + daysBetweenInstalments * (term - 1),
    lastNumber,
    lastDueDay: firstDueDay + daysBetweenInstalments * (lastNumber - 1),
    isReturned,
  };
};

/** Days late of each instalment that fell due, by its index; one buffer for all loans: none has more instalments. */
const daysLate = new Int32Array(128);

/** Instalments that fell due by a day. */
const dueBy = ({ firstDueDay, lastNumber }: PlannedLoan, day: number): number =>
  day < firstDueDay ? 0 : Math.min(lastNumber, Math.floor((day - firstDueDay) / daysBetweenInstalments) + 1);

const writeInstalments = (loan: PlannedLoan, clientId: number, habit: PaymentHabit, tables: HistoryTables, random: SeededRandom): void => {
  const table = tables.installments_payments;
  const fallenDue = dueBy(loan, -1);
  const firstIndex = Math.max(0, Math.ceil((-2922 - loan.firstDueDay) / daysBetweenInstalments));
  const isEarly = loan.lastNumber < loan.term;
  for (let index = firstIndex; index < fallenDue; index++) {
    const dueDay = loan.firstDueDay + daysBetweenInstalments * index;
    const late = drawDaysLate(habit, -dueDay / daysPerMonth, random);
    daysLate[index] = late;
    const isSettlement = isEarly && index === loan.lastNumber - 1;
    // What is left, less the interest that is not due any more.
    const amount = isSettlement ? Math.round((loan.annuity * (1 + 0.85 * (loan.term - loan.lastNumber))) / 5) * 5 : loan.annuity;
    const paidDay = Math.max(dueDay + late, loan.decisionDay);
    const isPaid = paidDay <= -1;
    const parts = isPaid && random.uniform() < habit.splitShare ? 2 : 1;
    const firstPart = parts === 2 ? Math.round((amount * (random.uniform() < 0.5 ? random.uniform() * 0.1 : random.uniform())) / 5) * 5 : amount;
    for (let part = 0; part < parts; part++) {
      table.integer(loan.key);
      table.integer(clientId);
      table.float(isSettlement ? 2 : 1);
      table.integer(index + 1);
      table.float(dueDay);
      table.float(isPaid ? (part === parts - 1 ? paidDay : Math.max(loan.decisionDay, paidDay - random.integer(6))) : none);
      table.thousandths(amount);
      table.thousandths(isPaid ? (part === 0 ? firstPart : amount - firstPart) : none);
      table.endRow();
    }
  }
};

const writeMonths = (loan: PlannedLoan, clientId: number, tables: HistoryTables, random: SeededRandom): void => {
  const table = tables.POS_CASH_balance;
  const first = Math.max(oldestMonth, monthOfDay(loan.decisionDay));
  const lastMonth = loan.lastDueDay < 0 ? monthOfDay(loan.lastDueDay) : -1;
  // A few cents that were never paid count as days late for years, but not once small debts are left aside.
  const forgottenFrom = chance(0.004, random) ? first + 1 + random.integer(Math.max(1, lastMonth - first)) : 1;
  const isSignedFirst = chance(0.09, random);
  let forgottenDays = 0;
  for (let month = first; month <= lastMonth; month++) {
    const monthEnd = (month + 1) * daysPerMonth;
    const fallenDue = dueBy(loan, monthEnd);
    const isLast = month === lastMonth && loan.lastDueDay < 0;
    let dpd = 0;
    if (fallenDue > 0 && !isLast) {
      const late = daysLate[fallenDue - 1] ?? 0;
      const sinceDue = Math.floor(monthEnd - (loan.firstDueDay + daysBetweenInstalments * (fallenDue - 1)));
      if (late > 0) dpd = Math.min(late, Math.max(1, sinceDue));
      // The longest delays are still there a month later.
      const before = fallenDue > 1 ? (daysLate[fallenDue - 2] ?? 0) - daysBetweenInstalments : 0;
      if (before > dpd) dpd = before;
    }
    const isSeen = dpd > 0 && (dpd > 20 || random.uniform() < 0.25);
    if (month >= forgottenFrom) forgottenDays += 30;
    const isUnknown = random.uniform() < 0.003;
    table.integer(loan.key);
    table.integer(clientId);
    table.integer(month);
    table.float(isUnknown ? none : isLast ? loan.lastNumber : loan.term);
    table.float(isUnknown ? none : isLast ? 0 : Math.max(0, loan.term - fallenDue));
    table.word(
      isLast
        ? loan.isReturned
          ? returned
          : completed
        : month === first && isSignedFirst
          ? signed
          : isSeen && dpd > 360
            ? amortized
            : isSeen && dpd > 75
              ? demand
              : active,
    );
    table.integer(Math.max(isSeen ? dpd : 0, isLast ? 0 : forgottenDays));
    table.integer(isSeen && (dpd > 20 || random.uniform() < 0.55) ? dpd : 0);
    table.endRow();
  }
};

/** Writes how a loan was paid back so far: each instalment that fell due, and each month up to its end or the application. */
export const drawLoanHistory = (loan: PlannedLoan, clientId: number, habit: PaymentHabit, tables: HistoryTables, random: SeededRandom): void => {
  daysLate.fill(0, 0, Math.min(daysLate.length, loan.term));
  writeInstalments(loan, clientId, habit, tables, random);
  writeMonths(loan, clientId, tables, random);
};
