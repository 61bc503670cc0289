import type { SeededRandom } from '@lisible/credit';
import type { BureauProvider } from './bureau-marginals.ts';
import { encodeCell, type ByteTable } from './byte-table.ts';
import { clamp } from './draws.ts';
import { daysPerMonth, monthBegunOn, oldestMonth } from './history-tables.ts';
import { trendWeight } from './payment-habit.ts';
import type { Traits } from './traits.ts';

const paidOff = encodeCell('C');
const unknown = encodeCell('X');
/** Months late, 0 to 5, as the bureau grades them. */
const grades = ['0', '1', '2', '3', '4', '5'].map(encodeCell);

export interface ReportedCredit {
  readonly key: number;
  readonly openedDay: number;
  /** NaN while it runs. */
  readonly endedDay: number;
  readonly provider: BureauProvider;
  readonly daysOverdue: number;
}

/**
 * Writes one row a month from the credit's opening (at most 96 months back) to the application, oldest first here, C once it is paid off.
 * Months late rise by one at a time, fall back to none when the client catches up, and agree with the days overdue at the end.
 */
export const drawMonths = (credit: ReportedCredit, traits: Traits, table: ByteTable, random: SeededRandom): void => {
  const { key, provider, daysOverdue } = credit;
  const first = Math.max(oldestMonth, monthBegunOn(credit.openedDay));
  const isClosed = credit.endedDay === credit.endedDay;
  const closedFrom = isClosed ? Math.max(first, monthBegunOn(credit.endedDay)) : 1;
  // Some providers stop reporting a credit that is over, some never do.
  const last = isClosed && random.uniform() < 0.24 ? Math.min(0, closedFrom + random.integer(12)) : 0;
  const slipBase = 0.011 * Math.exp(-0.85 * traits.discipline);
  const catchUp = clamp(0.8 + 0.08 * traits.discipline, 0.35, 0.97);
  const finalGrade = daysOverdue > 0 ? Math.min(5, Math.ceil(daysOverdue / daysPerMonth)) : 0;
  let grade = 0;
  let isUnknown = random.uniform() < provider.unknownMonths;

  for (let month = first; month <= last; month++) {
    table.integer(key);
    table.integer(month);
    if (month >= closedFrom) {
      table.word(paidOff);
    } else {
      if (random.uniform() < 0.06) isUnknown = random.uniform() < provider.unknownMonths;
      if (finalGrade > 0 && month >= 1 - finalGrade) grade = Math.max(grade, finalGrade + month);
      else if (grade > 0) grade = random.uniform() < catchUp ? 0 : Math.min(5, grade + 1);
      else if (random.uniform() < slipBase * Math.exp(0.7 * traits.worsening * trendWeight(-month))) grade = 1;
      table.word(isUnknown && grade === 0 ? unknown : (grades[grade] ?? unknown));
    }
    table.endRow();
  }
};
