import type { SeededRandom } from '@lisible/credit';
import { encodeCell } from './byte-table.ts';
import type { SyntheticClient } from './client.ts';
import { chance, clamp } from './draws.ts';
import { daysPerMonth, monthOfDay, oldestMonth, type HistoryTables } from './history-tables.ts';
import { drawDaysLate, trendWeight, type PaymentHabit } from './payment-habit.ts';

const active = encodeCell('Active');
const completed = encodeCell('Completed');
const signed = encodeCell('Signed');

const none = Number.NaN;
const monthlyInterest = 0.019;
/** Share of what is owed that must be paid each month. */
const minimumShare = 0.05;

export interface Card {
  readonly key: number;
  /** In thousandths, as are all amounts here. */
  readonly limit: number;
  readonly decisionDay: number;
}

/** How a client uses a card. */
interface CardHabit {
  /** First month with a drawing; 1 for a card that is never used. */
  readonly firstUse: number;
  readonly drawChance: number;
  /** Share of the room left that one month's drawings take. */
  readonly drawShare: number;
  readonly atmShare: number;
  /** Share of the balance paid back each month. */
  readonly paidShare: number;
}

const drawCardHabit = (first: number, months: number, indebtedness: number, random: SeededRandom): CardHabit => {
  const isUsed = chance(clamp(0.8 + 0.15 * indebtedness, 0.15, 0.99), random);
  const isRevolving = chance(clamp(0.45 + 0.3 * indebtedness, 0.02, 0.98), random);
  return {
    firstUse: isUsed ? first + Math.floor(Math.min(months * random.uniform() * 0.5, 12 * random.uniform())) : 1,
    drawChance: clamp(0.2 + 0.07 * indebtedness + 0.12 * random.normal(), 0.03, 0.8),
    drawShare: clamp(0.35 + 0.18 * indebtedness, 0.04, 0.9),
    atmShare: random.uniform(),
    paidShare: isRevolving ? 0.07 + 0.06 * random.uniform() : 0.35 + 0.6 * random.uniform(),
  };
};

const toCents = (amount: number): number => Math.round(amount / 5) * 5;

interface CardMonth {
  month: number;
  balance: number;
  atm: number;
  pos: number;
  minimum: number;
  paid: number;
  atmCount: number;
  posCount: number;
  matured: number;
  daysPastDue: number;
}

const writeMonth = (
  card: Card,
  clientId: number,
  limit: number,
  state: Readonly<CardMonth>,
  isDrawnYet: boolean,
  status: Uint8Array,
  tables: HistoryTables,
): void => {
  const table = tables.credit_card_balance;
  const { balance, atm, pos, atmCount, posCount } = state;
  const isQuiet = state.paid === 0 && balance === 0;
  const principal = toCents(balance * 0.965);
  table.integer(card.key);
  table.integer(clientId);
  table.integer(state.month);
  table.thousandths(balance);
  table.integer(limit / 1000);
  table.thousandths(isDrawnYet ? atm : none);
  table.thousandths(atm + pos);
  table.thousandths(isDrawnYet ? 0 : none);
  table.thousandths(isDrawnYet ? pos : none);
  table.thousandths(state.minimum);
  table.thousandths(isQuiet && !isDrawnYet ? none : state.paid);
  table.thousandths(state.paid);
  table.thousandths(principal);
  table.thousandths(balance);
  table.thousandths(balance);
  table.float(isDrawnYet ? atmCount : none);
  table.integer(atmCount + posCount);
  table.float(isDrawnYet ? 0 : none);
  table.float(isDrawnYet ? posCount : none);
  table.float(state.matured);
  table.word(status);
  table.integer(state.daysPastDue);
  table.integer(state.daysPastDue > 20 || state.matured % 2 === 1 ? state.daysPastDue : 0);
  table.endRow();
};

/** A payment or two or three for the month's minimum, each a row with instalment version 0. */
const writePayments = (
  card: Card,
  clientId: number,
  month: { readonly number: number; readonly dueDay: number; readonly paid: number; readonly late: number },
  tables: HistoryTables,
  random: SeededRandom,
): void => {
  const table = tables.installments_payments;
  const parts = 1 + (chance(0.75, random) ? 1 : 0) + random.integer(3);
  let left = month.paid;
  for (let part = parts; part > 0; part--) {
    const amount = part === 1 ? left : toCents((left * (0.4 + 0.6 * random.uniform())) / part);
    left -= amount;
    table.integer(card.key);
    table.integer(clientId);
    table.float(0);
    table.integer(month.number);
    table.float(month.dueDay);
    table.float(Math.min(-1, month.dueDay + month.late - (part - 1) * random.integer(5)));
    // Each payment stands beside what of the bill it settles; a few bring more.
    table.thousandths(chance(0.02, random) ? toCents(amount * 0.7) : amount);
    table.thousandths(amount);
    table.endRow();
  }
};

/** Writes a card's months, from its opening (at most 96 months back) to the last before the application, and the payments on it. */
export const drawCard = (card: Card, client: SyntheticClient, habit: PaymentHabit, tables: HistoryTables, random: SeededRandom): void => {
  const first = Math.max(oldestMonth, monthOfDay(card.decisionDay));
  const last = -1 - (chance(0.25, random) ? random.integer(3) : 0);
  const use = drawCardHabit(first, last - first + 1, client.traits.indebtedness, random);
  const isOlder = monthOfDay(card.decisionDay) <= oldestMonth + 1;
  const completedFrom = chance(0.09, random) ? last - random.integer(Math.max(1, Math.floor((last - first) / 1.3))) : 1;
  // A minimum is only known once a first bill was written.
  const firstBill = first + (isOlder ? 0 : 1 + random.integer(3));
  const state: CardMonth = {
    month: first,
    balance: 0,
    atm: 0,
    pos: 0,
    minimum: 0,
    paid: 0,
    atmCount: 0,
    posCount: 0,
    matured: isOlder ? random.integer(30) : 0,
    daysPastDue: 0,
  };
  for (let month = first; month <= last; month++) {
    const isCompleted = month >= completedFrom;
    const limit = isCompleted ? 0 : card.limit;
    const isDrawnYet = use.firstUse <= 0 && month >= use.firstUse;
    state.month = month;
    state.atm = 0;
    state.pos = 0;
    state.atmCount = 0;
    state.posCount = 0;
    const owed = state.balance;
    state.minimum = month < firstBill ? none : owed > 0 ? Math.max(toCents(owed * minimumShare), Math.min(owed, 2_250_000)) : 0;
    state.paid = 0;
    if (owed > 0 && month >= firstBill) {
      const dueDay = Math.round((month + 0.7) * daysPerMonth);
      const late = drawDaysLate(habit, -month, random);
      const trend = habit.worsening * trendWeight(-month);
      const isMissed = late > 25 || chance(clamp(0.035 * Math.exp(-0.8 * client.traits.discipline + 0.7 * trend), 0, 0.6), random);
      state.matured++;
      if (isMissed) {
        state.daysPastDue = Math.min(state.daysPastDue + 30, 3000);
      } else {
        const share = isCompleted ? 1 : use.paidShare * (0.7 + 0.6 * random.uniform());
        state.paid = Math.min(owed, Math.max(Number.isNaN(state.minimum) ? 0 : state.minimum, toCents(owed * share)));
        if (owed - state.paid < 450_000) state.paid = owed;
        state.daysPastDue = late > 5 ? late : 0;
        writePayments(card, client.identifier, { number: state.matured, dueDay, paid: state.paid, late }, tables, random);
      }
    } else if (month >= firstBill) {
      state.daysPastDue = 0;
      if (isDrawnYet && chance(0.6, random)) state.matured++;
    }
    const room = Math.max(0, limit - owed + state.paid);
    if (isDrawnYet && limit > 0 && room > 1_000_000 && (month === use.firstUse || chance(use.drawChance, random))) {
      const drawn = room * clamp(use.drawShare * (0.4 + 1.2 * random.uniform()), 0.02, 1);
      if (chance(use.atmShare, random)) {
        state.atm = Math.max(1, Math.round((drawn * (0.5 + 0.5 * use.atmShare)) / 2_250_000)) * 2_250_000;
        state.atmCount = 1 + random.integer(4);
      }
      if (!chance(0.75 * use.atmShare, random) || state.atmCount === 0) {
        state.pos = toCents(Math.max(100_000, drawn - state.atm));
        state.posCount = 1 + random.integer(9);
      }
    }
    state.balance = toCents((owed - state.paid) * (1 + monthlyInterest) + state.atm + state.pos);
    const status = isCompleted && state.balance === 0 ? completed : month === first && !isOlder && chance(0.12, random) ? signed : active;
    writeMonth(card, client.identifier, limit, state, isDrawnYet, status, tables);
  }
};
