import { checkKey, checkPast, checkWord, declareTable } from './declare-table.ts';
import { declareHistory, historyQuery } from './declare-history.ts';
import { beforeMonth, inLast, over, sinceMonth } from './history-sql.ts';

/** The state of a bureau credit month by month; rows hang on their credit. */
export const bureauBalanceTable = declareTable(
  'bureau_balance',
  { clientColumn: null, key: null, parent: { table: 'bureau', column: 'SK_ID_BUREAU' } },
  { SK_ID_BUREAU: 'BIGINT', MONTHS_BALANCE: 'INTEGER', STATUS: 'VARCHAR' },
  [checkKey('SK_ID_BUREAU'), checkPast('MONTHS_BALANCE'), checkWord('STATUS', ['0', '1', '2', '3', '4', '5', 'C', 'X'])],
);

const isReported = `STATUS in ('0', '1', '2', '3', '4', '5')`;
/** The bureau hears of a month weeks later: three months would be one or none. */
const lateWindows = [6, 12, 24] as const;
const isLate = `STATUS in ('1', '2', '3', '4', '5')`;
const count = (condition: string): string => `count(*) filter (where ${condition})`;
/** Month 0 is the month of the application, so the last six are 0 to -5. */
const month = 'MONTHS_BALANCE - 1';
const last = (months: number): string => sinceMonth(months, month);

const latenessScale: readonly [string, string] = [
  'de 0 (aucun retard) à 5 (plus de 120 jours, cédé ou passé en perte) : 1 à 30 jours, 31 à 60, 61 à 90, 91 à 120 entre les deux',
  'from 0 (none) to 5 (over 120 days, sold or written off), by 1–30, 31–60, 61–90 and 91–120 days',
];

/** Months in which the credit bureau called a credit late. */
export const bureauBalanceItems = declareHistory(
  ['bureau', 'bureau_balance'],
  ['Le fichier de crédit ne dit rien des paiements du client', 'The credit bureau tells nothing of the client’s payments'],
  [
    {
      name: 'bureauLateMonthsCount',
      kind: 'count',
      is: ['m', 'le nombre de mois en retard au fichier de crédit', 'the number of months in arrears at the credit bureau'],
      means: [
        'Mois pendant lesquels un crédit était en retard, tous crédits additionnés.',
        'Months in which a credit was in arrears, all credits added.',
      ],
      sql: 'sum(late)',
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
    },
    {
      name: 'bureauLateMonthsShare',
      kind: 'share',
      is: ['f', 'la part des mois en retard au fichier de crédit', 'the share of months in arrears at the credit bureau'],
      means: ['Mois en retard divisés par les mois suivis.', 'Months in arrears over months followed.'],
      sql: over('sum(late)', 'sum(reported)'),
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
    },
    ...lateWindows.map((months) => ({
      name: `bureauLateMonthsLast${months}Months`,
      kind: 'count' as const,
      is: [
        'm' as const,
        `le nombre de mois en retard au fichier de crédit ${inLast(months)[0]}`,
        `the number of months in arrears at the credit bureau ${inLast(months)[1]}`,
      ] as const,
      means: [
        `Mois en retard ${inLast(months)[0]}, tous crédits additionnés.`,
        `Months in arrears ${inLast(months)[1]}, all credits added.`,
      ] as const,
      sql: `sum(late_${months})`,
      code: 'BUREAU_OVERDUE' as const,
      risk: 'increases-risk' as const,
    })),
    {
      name: 'bureauLateMonthsTrend',
      kind: 'change',
      is: ['f', 'l’évolution des mois en retard au fichier de crédit', 'the change in months in arrears at the credit bureau'],
      means: [
        'Mois en retard sur les 6 derniers mois, moins ceux des 6 mois d’avant.',
        'Months in arrears over the last 6 months, less those of the 6 months before.',
      ],
      sql: 'sum(late_6) - sum(late_6_before)',
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
    },
    {
      name: 'bureauWorstLateness',
      kind: 'count',
      is: ['f', 'la plus forte classe de retard, de 0 à 5, au fichier de crédit', 'the worst class of arrears, from 0 to 5, at the credit bureau'],
      means: [`La plus forte classe de retard d’un mois, ${latenessScale[0]}.`, `The worst class of arrears of a month, ${latenessScale[1]}.`],
      sql: 'max(worst)',
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
      max: 5,
    },
    {
      name: 'bureauWorstLatenessLast12Months',
      kind: 'count',
      is: [
        'f',
        'la plus forte classe de retard, de 0 à 5, au fichier de crédit sur les 12 derniers mois',
        'the worst class of arrears, from 0 to 5, at the credit bureau over the last 12 months',
      ],
      means: [
        `La plus forte classe de retard d’un des 12 derniers mois, ${latenessScale[0]}.`,
        `The worst class of arrears of one of the last 12 months, ${latenessScale[1]}.`,
      ],
      sql: 'max(worst_12)',
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
      max: 5,
    },
    {
      name: 'bureauYearsSinceLastLateMonth',
      kind: 'recency',
      is: ['m', 'le dernier mois en retard au fichier de crédit', 'the latest month in arrears at the credit bureau'],
      sql: 'cast(0 - max(last_late) as double) / 12',
      code: 'BUREAU_OVERDUE',
      risk: 'decreases-risk',
      notApplicable: [
        {
          feature: 'bureauLateMonthsCount',
          value: 0,
          statement: {
            fr: 'Le fichier de crédit ne connaît aucun mois en retard du client.',
            en: 'The credit bureau knows of no month in arrears of the client.',
          },
        },
      ],
    },
    {
      name: 'bureauLateCreditsShare',
      kind: 'share',
      is: ['f', 'la part des crédits suivis qui ont eu un mois en retard', 'the share of credits followed that had a month in arrears'],
      means: [
        'Crédits du fichier de crédit ayant eu au moins un mois en retard, parmi ceux qui sont suivis par mois.',
        'Credits of the credit bureau with at least one month in arrears, among those followed by month.',
      ],
      sql: over('count(*) filter (where late > 0)', 'count(*) filter (where reported > 0)'),
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
    },
  ],
);

/** Months are counted by credit first, the large table being read once, then brought to clients by way of `bureau`. */
export const bureauBalanceQuery = historyQuery(
  ['bureau', 'bureau_balance'],
  bureauBalanceItems,
  (source) => `
  select credits.SK_ID_CURR, months.*
  from (
    select SK_ID_BUREAU,
      ${count(isReported)} as reported,
      ${count(isLate)} as late,
${lateWindows.map((months) => `      ${count(`${isLate} and ${last(months)}`)} as late_${months},`).join('\n')}
      ${count(`${isLate} and ${beforeMonth(6, month)}`)} as late_6_before,
      max(try_cast(STATUS as tinyint)) as worst,
      max(try_cast(STATUS as tinyint)) filter (where ${last(12)}) as worst_12,
      max(MONTHS_BALANCE) filter (where ${isLate}) as last_late
    from ${source('bureau_balance')}
    group by SK_ID_BUREAU
  ) as months
  join (select SK_ID_BUREAU, SK_ID_CURR from ${source('bureau')}) as credits using (SK_ID_BUREAU)`,
);
