import { check, checkCount, checkKey, checkPast, checkWord, declareTable } from './declare-table.ts';
import { declareHistory, historyQuery, where } from './declare-history.ts';
import { beforeMonth, countIf, inLast, maxIf, over, sinceMonth } from './history-sql.ts';

/** Monthly statements of loans with the lender: point of sale and cash. */
export const loanBalanceTable = declareTable(
  'POS_CASH_balance',
  { clientColumn: 'SK_ID_CURR', key: null, parent: null },
  {
    SK_ID_PREV: 'BIGINT',
    SK_ID_CURR: 'BIGINT',
    MONTHS_BALANCE: 'INTEGER',
    CNT_INSTALMENT: 'DOUBLE',
    CNT_INSTALMENT_FUTURE: 'DOUBLE',
    NAME_CONTRACT_STATUS: 'VARCHAR',
    SK_DPD: 'INTEGER',
    SK_DPD_DEF: 'INTEGER',
  },
  [
    checkKey('SK_ID_PREV'),
    checkKey('SK_ID_CURR'),
    checkPast('MONTHS_BALANCE'),
    checkWord('NAME_CONTRACT_STATUS', [
      'Active',
      'Completed',
      'Signed',
      'Demand',
      'Returned to the store',
      'Approved',
      'Amortized debt',
      'Canceled',
      'XNA',
    ]),
    ...['CNT_INSTALMENT', 'CNT_INSTALMENT_FUTURE', 'SK_DPD', 'SK_DPD_DEF'].map(checkCount),
    check('CNT_INSTALMENT_FUTURE', 'blank', 'more instalments are left than the loan has', 'CNT_INSTALMENT_FUTURE > CNT_INSTALMENT'),
  ],
);

const isLate = 'SK_DPD > 0';
const lateWindows = [6, 12, 24] as const;
/** A statement of the last three months and no end: older ones without an end have only stopped being reported. */
const isRunning = `not is_ended and ${sinceMonth(3, 'last_month')}`;

const noneRunning = where(
  'loanRunningCount',
  0,
  'Le client n’a aucun crédit en cours auprès du prêteur.',
  'The client has no running loan with the lender.',
);
const neverLate = where(
  'loanLateMonthsCount',
  0,
  'Le client n’a eu aucun mois en retard auprès du prêteur.',
  'The client had no month in arrears with the lender.',
);

/** Loans with the lender as their monthly statements tell them. */
export const loanBalanceItems = declareHistory(
  ['POS_CASH_balance'],
  ['Les relevés de crédits ne le disent pas pour ce client', 'Loan statements do not tell this of the client'],
  [
    {
      name: 'loanCount',
      kind: 'count',
      is: ['m', 'le nombre de crédits suivis auprès du prêteur', 'the number of loans followed with the lender'],
      sql: 'count(*)',
      code: 'RUNNING_LOANS',
    },
    {
      name: 'loanCompletedCount',
      kind: 'count',
      is: ['m', 'le nombre de crédits menés à terme auprès du prêteur', 'the number of loans completed with the lender'],
      sql: countIf('is_completed'),
      code: 'RUNNING_LOANS',
      risk: 'decreases-risk',
    },
    {
      name: 'loanRunningCount',
      kind: 'count',
      is: ['m', 'le nombre de crédits en cours auprès du prêteur', 'the number of running loans with the lender'],
      means: [
        'Crédits sans fin connue, dont un relevé date des 3 derniers mois.',
        'Loans without a known end, with a statement of the last 3 months.',
      ],
      sql: countIf(isRunning),
      code: 'RUNNING_LOANS',
    },
    {
      name: 'loanRemainingInstalmentsCount',
      kind: 'count',
      is: ['m', 'le nombre d’échéances restant à payer auprès du prêteur', 'the number of instalments left to pay to the lender'],
      means: ['Échéances restantes des crédits en cours, à leur dernier relevé.', 'Instalments left on running loans, by their latest statement.'],
      sql: `case when ${countIf(isRunning)} = 0 then 0 else sum(remaining) filter (where ${isRunning}) end`,
      code: 'RUNNING_LOANS',
    },
    {
      name: 'loanRemainingInstalmentsShare',
      kind: 'percentage',
      is: ['f', 'la part des échéances restant à payer auprès du prêteur', 'the share of instalments left to pay to the lender'],
      means: [
        'Échéances restantes des crédits en cours, divisées par leur durée, à leur dernier relevé.',
        'Instalments left on running loans over their term, by their latest statement.',
      ],
      sql: over(
        `sum(remaining) filter (where ${isRunning} and term > 0 and remaining is not null)`,
        `sum(term) filter (where ${isRunning} and term > 0 and remaining is not null)`,
      ),
      code: 'RUNNING_LOANS',
      risk: 'increases-risk',
      notApplicable: [noneRunning],
    },
    {
      name: 'loanClaimedCount',
      kind: 'count',
      is: ['m', 'le nombre de crédits réclamés ou amortis par le prêteur', 'the number of loans claimed or written down by the lender'],
      sql: countIf('is_claimed'),
      code: 'LOAN_ARREARS',
      risk: 'increases-risk',
    },
    {
      name: 'loanLateMonthsCount',
      kind: 'count',
      is: ['m', 'le nombre de mois en retard auprès du prêteur', 'the number of months in arrears with the lender'],
      means: [
        'Relevés mensuels en retard d’au moins un jour, tous crédits additionnés.',
        'Monthly statements at least a day in arrears, all loans added.',
      ],
      sql: 'sum(late)',
      code: 'LOAN_ARREARS',
      risk: 'increases-risk',
    },
    {
      name: 'loanLateMonthsShare',
      kind: 'share',
      is: ['f', 'la part des mois en retard auprès du prêteur', 'the share of months in arrears with the lender'],
      means: ['Relevés mensuels en retard, divisés par tous les relevés.', 'Monthly statements in arrears over all statements.'],
      sql: over('sum(late)', 'sum(months)'),
      code: 'LOAN_ARREARS',
      risk: 'increases-risk',
    },
    ...lateWindows.map((months) => ({
      name: `loanLateMonthsLast${months}Months`,
      kind: 'count' as const,
      is: [
        'm' as const,
        `le nombre de mois en retard auprès du prêteur ${inLast(months)[0]}`,
        `the number of months in arrears with the lender ${inLast(months)[1]}`,
      ] as const,
      sql: `sum(late_${months})`,
      code: 'LOAN_ARREARS' as const,
      risk: 'increases-risk' as const,
    })),
    {
      name: 'loanLateMonthsTrend',
      kind: 'change',
      is: ['f', 'l’évolution des mois en retard auprès du prêteur', 'the change in months in arrears with the lender'],
      means: [
        'Mois en retard sur les 6 derniers mois, moins ceux des 6 mois d’avant.',
        'Months in arrears over the last 6 months, less those of the 6 months before.',
      ],
      sql: 'sum(late_6) - sum(late_6_before)',
      code: 'LOAN_ARREARS',
      risk: 'increases-risk',
    },
    {
      name: 'loanLateShare',
      kind: 'share',
      is: [
        'f',
        'la part des crédits auprès du prêteur qui ont eu un mois en retard',
        'the share of loans with the lender that had a month in arrears',
      ],
      sql: over(countIf('late > 0'), 'count(*)'),
      code: 'LOAN_ARREARS',
      risk: 'increases-risk',
    },
    {
      name: 'loanMaxDaysPastDue',
      kind: 'days',
      is: ['m', 'le plus long retard auprès du prêteur', 'the longest delay with the lender'],
      means: [
        'Plus grand nombre de jours de retard d’un relevé, sans les dettes de faible montant.',
        'Most days past due of a statement, small debts ignored.',
      ],
      sql: 'max(days_past_due)',
      code: 'LOAN_ARREARS',
      risk: 'increases-risk',
      decimals: 0,
    },
    {
      name: 'loanMaxDaysPastDueLast12Months',
      kind: 'days',
      is: ['m', 'le plus long retard auprès du prêteur sur les 12 derniers mois', 'the longest delay with the lender over the last 12 months'],
      means: [
        'Plus grand nombre de jours de retard d’un des 12 derniers mois, sans les dettes de faible montant.',
        'Most days past due in one of the last 12 months, small debts ignored.',
      ],
      sql: 'max(days_past_due_12)',
      code: 'LOAN_ARREARS',
      risk: 'increases-risk',
      decimals: 0,
    },
    {
      name: 'loanYearsSinceLastLateMonth',
      kind: 'recency',
      is: ['m', 'le dernier mois en retard auprès du prêteur', 'the latest month in arrears with the lender'],
      sql: 'cast(0 - max(last_late) as double) / 12',
      code: 'LOAN_ARREARS',
      risk: 'decreases-risk',
      notApplicable: [neverLate],
    },
  ],
);

/** By loan first (one statement a loan and month), then by client. */
export const loanBalanceQuery = historyQuery(
  ['POS_CASH_balance'],
  loanBalanceItems,
  (source) => `
  select SK_ID_CURR, SK_ID_PREV,
    count(*) as months,
    ${countIf(isLate)} as late,
${lateWindows.map((months) => `    ${countIf(`${isLate} and ${sinceMonth(months)}`)} as late_${months},`).join('\n')}
    ${countIf(`${isLate} and ${beforeMonth(6)}`)} as late_6_before,
    max(SK_DPD_DEF) as days_past_due,
    ${maxIf('SK_DPD_DEF', sinceMonth(12))} as days_past_due_12,
    ${maxIf('MONTHS_BALANCE', isLate)} as last_late,
    max(MONTHS_BALANCE) as last_month,
    coalesce(bool_or(NAME_CONTRACT_STATUS = 'Completed'), false) as is_completed,
    coalesce(bool_or(NAME_CONTRACT_STATUS in ('Demand', 'Amortized debt')), false) as is_claimed,
    coalesce(bool_or(NAME_CONTRACT_STATUS in ('Completed', 'Demand', 'Amortized debt', 'Returned to the store', 'Canceled')), false) as is_ended,
    arg_max(CNT_INSTALMENT_FUTURE, MONTHS_BALANCE) as remaining,
    arg_max(CNT_INSTALMENT, MONTHS_BALANCE) as term
  from ${source('POS_CASH_balance')}
  group by SK_ID_CURR, SK_ID_PREV`,
);
