import { check, checkAmount, checkCount, checkKey, checkPast, declareTable } from './declare-table.ts';
import { declareHistory, historyQuery, where } from './declare-history.ts';
import { before, countIf, inLast, over, shareIf, since, sumIf, totalIf, yearsSince } from './history-sql.ts';

const isFuturePayment = 'DAYS_ENTRY_PAYMENT > 0';

/** What was due and what was paid; one instalment may be paid in several rows, and one without a payment is unpaid. */
export const instalmentTable = declareTable(
  'installments_payments',
  { clientColumn: 'SK_ID_CURR', key: null, parent: null },
  {
    SK_ID_PREV: 'BIGINT',
    SK_ID_CURR: 'BIGINT',
    NUM_INSTALMENT_VERSION: 'DOUBLE',
    NUM_INSTALMENT_NUMBER: 'INTEGER',
    DAYS_INSTALMENT: 'DOUBLE',
    DAYS_ENTRY_PAYMENT: 'DOUBLE',
    AMT_INSTALMENT: 'DOUBLE',
    AMT_PAYMENT: 'DOUBLE',
  },
  [
    checkKey('SK_ID_PREV'),
    checkKey('SK_ID_CURR'),
    checkPast('DAYS_INSTALMENT'),
    checkCount('NUM_INSTALMENT_VERSION'),
    checkCount('NUM_INSTALMENT_NUMBER'),
    check('DAYS_ENTRY_PAYMENT', 'blank', 'the payment came after the application', isFuturePayment),
    check('AMT_PAYMENT', 'blank', 'the payment came after the application', `${isFuturePayment} and AMT_PAYMENT is not null`),
    checkAmount('AMT_INSTALMENT'),
    checkAmount('AMT_PAYMENT'),
  ],
);

const due = (months: number): string => since('due_day', months);
const isLate = 'days_late > 0';
/** Below a hundredth of the instalment, a shortfall is rounding. */
const isShort = 'shortfall > due_amount / 100';

const neverLate = where('instalmentsLateCount', 0, 'Le client n’a payé aucune échéance en retard.', 'The client paid no instalment late.');

const paidLate: readonly [string, string] = [
  'une échéance payée en plusieurs fois l’est quand son dernier paiement arrive, une échéance impayée est en retard depuis sa date',
  'an instalment paid in parts is paid when its last part arrives, one that is unpaid has been late since it fell due',
];

/** Payments on loans and cards with the lender. */
export const instalmentItems = declareHistory(
  ['installments_payments'],
  ['Les paiements passés ne le disent pas pour ce client', 'Past payments do not tell this of the client'],
  [
    {
      name: 'instalmentsCount',
      kind: 'count',
      is: ['m', 'le nombre d’échéances passées', 'the number of past instalments'],
      sql: 'count(*)',
      code: 'PAYMENT_VOLUME',
    },
    {
      name: 'instalmentsMeanDueAmount',
      kind: 'amount',
      is: ['m', 'le montant moyen des échéances passées', 'the mean amount of past instalments'],
      sql: over(sumIf('due_amount', 'true'), 'count(due_amount)'),
      code: 'PAYMENT_VOLUME',
    },
    {
      name: 'instalmentsDueLast12MonthsAmount',
      kind: 'amount',
      is: ['m', 'le montant des échéances des 12 derniers mois', 'the amount due over the last 12 months'],
      sql: totalIf('due_amount', due(12)),
      code: 'PAYMENT_VOLUME',
    },
    {
      name: 'instalmentsYearsSinceLastPayment',
      kind: 'recency',
      is: ['m', 'le dernier paiement d’une échéance', 'the latest payment of an instalment'],
      sql: yearsSince('paid_day'),
      code: 'PAYMENT_VOLUME',
    },
    {
      name: 'instalmentsLateCount',
      kind: 'count',
      is: ['m', 'le nombre d’échéances payées en retard', 'the number of instalments paid late'],
      means: [`Échéances payées après leur date : ${paidLate[0]}.`, `Instalments paid after they fell due: ${paidLate[1]}.`],
      sql: countIf(isLate),
      code: 'PAYMENT_LATENESS',
      risk: 'increases-risk',
    },
    {
      name: 'instalmentsLateShare',
      kind: 'share',
      is: ['f', 'la part des échéances payées en retard', 'the share of instalments paid late'],
      sql: shareIf(isLate, 'true'),
      code: 'PAYMENT_LATENESS',
      risk: 'increases-risk',
    },
    ...([3, 6, 12, 24] as const).map((months) => ({
      name: `instalmentsLateShareLast${months}Months`,
      kind: 'share' as const,
      is: [
        'f' as const,
        `la part des échéances payées en retard ${inLast(months)[0]}`,
        `the share of instalments paid late ${inLast(months)[1]}`,
      ] as const,
      sql: shareIf(isLate, due(months)),
      code: 'PAYMENT_LATENESS' as const,
      risk: 'increases-risk' as const,
    })),
    {
      name: 'instalmentsLateTrend',
      kind: 'share-change',
      is: ['f', 'l’évolution de la part des échéances payées en retard', 'the change in the share of instalments paid late'],
      means: [
        'Part des échéances payées en retard sur les 6 derniers mois, moins celle des 6 mois d’avant.',
        'Share of instalments paid late over the last 6 months, less that of the 6 months before.',
      ],
      sql: `${shareIf(isLate, due(6))} - ${shareIf(isLate, before('due_day', 6))}`,
      code: 'PAYMENT_LATENESS',
      risk: 'increases-risk',
    },
    {
      name: 'instalmentsMeanDaysLate',
      kind: 'days',
      is: ['m', 'le retard moyen des paiements', 'the mean delay of payments'],
      means: [
        'Moyenne des jours de retard des échéances, celles payées à l’heure comptant pour zéro.',
        'Mean days late of the instalments, those paid on time counting as zero.',
      ],
      sql: over('sum(days_late)', 'count(days_late)'),
      code: 'PAYMENT_LATENESS',
      risk: 'increases-risk',
    },
    {
      name: 'instalmentsMeanDaysLateLast12Months',
      kind: 'days',
      is: ['m', 'le retard moyen des paiements sur les 12 derniers mois', 'the mean delay of payments over the last 12 months'],
      sql: over(`sum(days_late) filter (where ${due(12)})`, countIf(due(12))),
      code: 'PAYMENT_LATENESS',
      risk: 'increases-risk',
    },
    {
      name: 'instalmentsMaxDaysLate',
      kind: 'days',
      is: ['m', 'le plus long retard de paiement', 'the longest delay of a payment'],
      sql: 'max(days_late)',
      code: 'PAYMENT_LATENESS',
      risk: 'increases-risk',
      decimals: 0,
    },
    {
      name: 'instalmentsOver30DaysLateCount',
      kind: 'count',
      is: ['m', 'le nombre d’échéances payées avec plus de 30 jours de retard', 'the number of instalments paid over 30 days late'],
      sql: countIf('days_late > 30'),
      code: 'PAYMENT_LATENESS',
      risk: 'increases-risk',
    },
    {
      name: 'instalmentsYearsSinceLastLate',
      kind: 'recency',
      is: ['f', 'la dernière échéance payée en retard', 'the latest instalment paid late'],
      sql: yearsSince('due_day', isLate),
      code: 'PAYMENT_LATENESS',
      risk: 'decreases-risk',
      notApplicable: [neverLate],
    },
    {
      name: 'instalmentsMeanDaysEarly',
      kind: 'days',
      is: ['f', 'l’avance moyenne des paiements', 'the mean lead of payments'],
      means: [
        'Moyenne des jours d’avance des échéances payées, celles payées en retard comptant pour zéro.',
        'Mean days early of the instalments paid, those paid late counting as zero.',
      ],
      sql: over('sum(days_early)', 'count(days_early)'),
      code: 'PAYMENT_LATENESS',
      risk: 'decreases-risk',
    },
    {
      name: 'instalmentsShortCount',
      kind: 'count',
      is: ['m', 'le nombre d’échéances payées en partie seulement', 'the number of instalments paid in part only'],
      means: [
        'Échéances dont il manque plus d’un centième, impayées comprises.',
        'Instalments of which more than a hundredth is missing, unpaid ones included.',
      ],
      sql: countIf(isShort),
      code: 'PAYMENT_SHORTFALL',
      risk: 'increases-risk',
    },
    {
      name: 'instalmentsShortfallAmount',
      kind: 'amount',
      is: ['m', 'le montant qui manque aux échéances passées', 'the amount missing from past instalments'],
      means: [
        'Somme de ce qui a été payé en moins sur chaque échéance ; un trop-payé ne compense rien.',
        'Sum of what was paid short on each instalment; what was overpaid makes up for nothing.',
      ],
      sql: sumIf('shortfall', 'true'),
      code: 'PAYMENT_SHORTFALL',
      risk: 'increases-risk',
    },
    {
      name: 'instalmentsShortfallShare',
      kind: 'share',
      is: ['f', 'la part qui manque aux échéances passées', 'the share missing from past instalments'],
      means: ['Ce qui a été payé en moins, divisé par ce qui était dû.', 'What was paid short over what was due.'],
      sql: over(sumIf('shortfall', 'true'), sumIf('due_amount', 'true')),
      code: 'PAYMENT_SHORTFALL',
      risk: 'increases-risk',
    },
    {
      name: 'instalmentsShortfallShareLast12Months',
      kind: 'share',
      is: ['f', 'la part qui manque aux échéances des 12 derniers mois', 'the share missing from the instalments of the last 12 months'],
      sql: over(sumIf('shortfall', due(12)), sumIf('due_amount', due(12))),
      code: 'PAYMENT_SHORTFALL',
      risk: 'increases-risk',
    },
  ],
);

/** By instalment first: of its rows, the amount due stands once, the payments add up and the last one settles. */
export const instalmentQuery = historyQuery(
  ['installments_payments'],
  instalmentItems,
  (source) => `
  select *,
    case when coalesce(paid_day, 0) > due_day then coalesce(paid_day, 0) - due_day else 0 end as days_late,
    case when paid_day < due_day then due_day - paid_day when paid_day is not null then 0 end as days_early,
    case when due_amount > coalesce(paid_amount, 0) then due_amount - coalesce(paid_amount, 0) when due_amount is not null then 0 end as shortfall
  from (
    select SK_ID_CURR, SK_ID_PREV, NUM_INSTALMENT_VERSION, NUM_INSTALMENT_NUMBER,
      min(DAYS_INSTALMENT) as due_day,
      max(DAYS_ENTRY_PAYMENT) as paid_day,
      max(cast(AMT_INSTALMENT as decimal(18, 3))) as due_amount,
      sum(cast(AMT_PAYMENT as decimal(18, 3))) as paid_amount
    from ${source('installments_payments')}
    group by SK_ID_CURR, SK_ID_PREV, NUM_INSTALMENT_VERSION, NUM_INSTALMENT_NUMBER
  ) as instalments`,
);
