import type { HistorySource, RawSource } from '@lisible/credit';
import { homeCreditLender } from '@lisible/credit';
import type { Cells } from './raw-tables.ts';

/** A made-up past, small enough to be reckoned by hand: loans, and the months of each loan. */
const history: HistorySource = {
  tables: [
    {
      name: 'loans',
      columns: [
        { name: 'CLIENT', type: 'BIGINT', isOptional: false },
        { name: 'LOAN', type: 'BIGINT', isOptional: false },
        { name: 'DAYS', type: 'INTEGER', isOptional: false },
        { name: 'AMOUNT', type: 'DOUBLE', isOptional: false },
        { name: 'KIND', type: 'VARCHAR', isOptional: true },
      ],
      clientColumn: 'CLIENT',
      key: 'LOAN',
      parent: null,
      checks: [
        { column: 'CLIENT', reason: 'the key is missing', condition: 'CLIENT is null', treatment: 'refuse' },
        { column: 'DAYS', reason: 'the loan is younger than the application', condition: 'DAYS > 0', treatment: 'leave-out' },
        { column: 'AMOUNT', reason: 'the amount is below zero', condition: 'AMOUNT < 0', treatment: 'blank' },
      ],
    },
    {
      name: 'months',
      columns: [
        { name: 'LOAN', type: 'BIGINT', isOptional: false },
        { name: 'LATE', type: 'INTEGER', isOptional: false },
      ],
      clientColumn: null,
      key: null,
      parent: { table: 'loans', column: 'LOAN' },
      checks: [],
    },
  ],
  queries: [
    {
      tables: ['loans'],
      fields: ['loansCount', 'loansAmount'],
      sql: (source) =>
        `select cast(CLIENT as varchar) as "clientId", cast(count(*) as double) as "loansCount", cast(sum(AMOUNT) as double) as "loansAmount" from ${source('loans')} group by CLIENT`,
    },
    {
      tables: ['loans', 'months'],
      fields: ['lateMonthsCount'],
      sql: (source) =>
        `select cast(CLIENT as varchar) as "clientId", cast(sum(LATE) as double) as "lateMonthsCount" from ${source('months')} join (select CLIENT, LOAN from ${source('loans')}) using (LOAN) group by CLIENT`,
    },
  ],
  months: [
    {
      kind: 'loans',
      tables: ['loans', 'months'],
      sql: (source) =>
        `select cast(CLIENT as varchar) as "clientId", -1 as month, cast(count(*) as integer) as "count", cast(sum(LATE) as integer) as "lateCount", null::integer as "longestDelayDays", sum(AMOUNT) as "balanceAmount", null::double as "limitAmount", null::double as "dueAmount", null::double as "paidAmount" from ${source('months')} join (select CLIENT, LOAN, AMOUNT from ${source('loans')}) using (LOAN) group by CLIENT`,
    },
  ],
};

export const madeUpFields = ['loansCount', 'loansAmount', 'lateMonthsCount'] as const;

/** Home Credit's applications with the made-up past. */
export const madeUpSource: RawSource = { ...homeCreditLender.source, history };

/** Two loans a client, of 100 and 50, each of two months of which one was late. */
export const drawLoans = (clients: readonly number[]): { readonly loans: Cells[]; readonly months: Cells[] } => {
  const loans = clients.flatMap((client) =>
    [100, 50].map((amount, position): Cells => ({
      CLIENT: client,
      LOAN: client * 10 + position,
      DAYS: -30 - position,
      AMOUNT: amount,
      KIND: 'cash',
    })),
  );
  return { loans, months: loans.flatMap(({ LOAN: loan = null }): Cells[] => [1, 0].map((late) => ({ LOAN: loan, LATE: late }))) };
};
