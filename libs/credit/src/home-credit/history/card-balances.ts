import { checkAmount, checkBalance, checkCount, checkKey, checkPast, checkWord, declareTable } from './declare-table.ts';
import { declareHistory, historyQuery, where } from './declare-history.ts';
import { beforeMonth, countIf, inLast, meanIf, over, shareIf, sinceMonth, sumIf, totalIf, yearsSinceMonth } from './history-sql.ts';

/** Monthly statements of credit cards with the lender. */
export const cardBalanceTable = declareTable(
  'credit_card_balance',
  { clientColumn: 'SK_ID_CURR', key: null, parent: null },
  {
    SK_ID_PREV: 'BIGINT',
    SK_ID_CURR: 'BIGINT',
    MONTHS_BALANCE: 'INTEGER',
    AMT_BALANCE: 'DOUBLE',
    AMT_CREDIT_LIMIT_ACTUAL: 'DOUBLE',
    AMT_DRAWINGS_ATM_CURRENT: 'DOUBLE',
    AMT_DRAWINGS_CURRENT: 'DOUBLE',
    AMT_INST_MIN_REGULARITY: 'DOUBLE',
    AMT_PAYMENT_TOTAL_CURRENT: 'DOUBLE',
    CNT_DRAWINGS_ATM_CURRENT: 'DOUBLE',
    CNT_DRAWINGS_CURRENT: 'DOUBLE',
    NAME_CONTRACT_STATUS: 'VARCHAR',
    SK_DPD: 'INTEGER',
    SK_DPD_DEF: 'INTEGER',
  },
  [
    checkKey('SK_ID_PREV'),
    checkKey('SK_ID_CURR'),
    checkPast('MONTHS_BALANCE'),
    checkBalance('AMT_BALANCE'),
    ...['AMT_CREDIT_LIMIT_ACTUAL', 'AMT_DRAWINGS_ATM_CURRENT', 'AMT_DRAWINGS_CURRENT', 'AMT_INST_MIN_REGULARITY', 'AMT_PAYMENT_TOTAL_CURRENT'].map(
      checkAmount,
    ),
    ...['CNT_DRAWINGS_ATM_CURRENT', 'CNT_DRAWINGS_CURRENT', 'SK_DPD', 'SK_DPD_DEF'].map(checkCount),
    checkWord('NAME_CONTRACT_STATUS', ['Active', 'Completed', 'Signed', 'Demand', 'Sent proposal', 'Refused', 'Approved']),
  ],
);

const isLate = 'SK_DPD > 0';
const hasLimit = 'AMT_CREDIT_LIMIT_ACTUAL > 0 and AMT_BALANCE is not null';
const hasMinimum = 'AMT_INST_MIN_REGULARITY > 0 and AMT_PAYMENT_TOTAL_CURRENT is not null';
/** An overpaid card is not used. */
const balance = 'case when AMT_BALANCE < 0 then 0 else AMT_BALANCE end';
const utilisation = (months: string): string =>
  over(sumIf(balance, `${hasLimit} and ${months}`), sumIf('AMT_CREDIT_LIMIT_ACTUAL', `${hasLimit} and ${months}`));
const always = 'true';

const neverDrawn = where(
  'cardDrawingsCount',
  0,
  'Le client ne s’est jamais servi de sa carte de crédit.',
  'The client has never used the credit card.',
);
const neverLate = where(
  'cardLateMonthsCount',
  0,
  'Le client n’a eu aucun mois en retard sur sa carte de crédit.',
  'The client had no month in arrears on the credit card.',
);

/** Credit cards with the lender; the cards of one client are taken together, month by month. */
export const cardBalanceItems = declareHistory(
  ['credit_card_balance'],
  ['Les relevés de carte ne le disent pas pour ce client', 'Card statements do not tell this of the client'],
  [
    {
      name: 'cardLargestLimitAmount',
      kind: 'amount',
      is: ['m', 'le plus haut plafond de la carte', 'the highest limit of the card'],
      sql: 'max(AMT_CREDIT_LIMIT_ACTUAL)',
      code: 'CARD_UTILISATION',
    },
    {
      name: 'cardMeanBalanceLast3MonthsAmount',
      kind: 'amount',
      is: ['m', 'le solde dû moyen de la carte sur les 3 derniers mois', 'the mean balance owed on the card over the last 3 months'],
      sql: meanIf(balance, `AMT_BALANCE is not null and ${sinceMonth(3)}`),
      code: 'CARD_UTILISATION',
      risk: 'increases-risk',
    },
    {
      name: 'cardUtilisation',
      kind: 'percentage',
      is: ['f', 'l’utilisation du plafond de la carte', 'the utilisation of the card’s limit'],
      means: [
        'Soldes dus divisés par les plafonds, sur tous les relevés où la carte en avait un.',
        'Balances owed over limits, on all statements in which the card had one.',
      ],
      sql: utilisation(always),
      code: 'CARD_UTILISATION',
      risk: 'increases-risk',
    },
    ...([3, 12] as const).map((months) => ({
      name: `cardUtilisationLast${months}Months`,
      kind: 'percentage' as const,
      is: [
        'f' as const,
        `l’utilisation du plafond de la carte ${inLast(months)[0]}`,
        `the utilisation of the card’s limit ${inLast(months)[1]}`,
      ] as const,
      sql: utilisation(sinceMonth(months)),
      code: 'CARD_UTILISATION' as const,
      risk: 'increases-risk' as const,
    })),
    {
      name: 'cardMaxUtilisation',
      kind: 'percentage',
      is: ['f', 'la plus forte utilisation du plafond de la carte', 'the highest utilisation of the card’s limit'],
      sql: `max(AMT_BALANCE / AMT_CREDIT_LIMIT_ACTUAL) filter (where ${hasLimit} and AMT_BALANCE >= 0)`,
      code: 'CARD_UTILISATION',
      risk: 'increases-risk',
    },
    {
      name: 'cardUtilisationTrend',
      kind: 'share-change',
      is: ['f', 'l’évolution de l’utilisation du plafond de la carte', 'the change in utilisation of the card’s limit'],
      means: [
        'Utilisation sur les 6 derniers mois, moins celle des 6 mois d’avant.',
        'Utilisation over the last 6 months, less that of the 6 months before.',
      ],
      sql: `${utilisation(sinceMonth(6))} - ${utilisation(beforeMonth(6))}`,
      code: 'CARD_UTILISATION',
      risk: 'increases-risk',
    },
    {
      name: 'cardOverLimitMonthsLast12Months',
      kind: 'count',
      is: [
        'm',
        'le nombre de mois au-dessus du plafond de la carte sur les 12 derniers',
        'the number of months over the card’s limit in the last 12',
      ],
      sql: countIf(`${hasLimit} and AMT_BALANCE > AMT_CREDIT_LIMIT_ACTUAL and ${sinceMonth(12)}`),
      code: 'CARD_UTILISATION',
      risk: 'increases-risk',
    },
    {
      name: 'cardDrawingsCount',
      kind: 'count',
      is: ['m', 'le nombre de retraits et d’achats par carte', 'the number of card drawings'],
      sql: 'sum(CNT_DRAWINGS_CURRENT)',
      code: 'CARD_DRAWINGS',
    },
    {
      name: 'cardDrawingsLast12MonthsAmount',
      kind: 'amount',
      is: ['m', 'le montant des retraits et des achats par carte sur les 12 derniers mois', 'the amount of card drawings over the last 12 months'],
      sql: totalIf('AMT_DRAWINGS_CURRENT', sinceMonth(12)),
      code: 'CARD_DRAWINGS',
    },
    {
      name: 'cardCashDrawingsLast12Months',
      kind: 'count',
      is: [
        'm',
        'le nombre de retraits d’espèces par carte sur les 12 derniers mois',
        'the number of cash withdrawals by card over the last 12 months',
      ],
      sql: `coalesce(sum(CNT_DRAWINGS_ATM_CURRENT) filter (where ${sinceMonth(12)}), 0)`,
      code: 'CARD_DRAWINGS',
      risk: 'increases-risk',
    },
    {
      name: 'cardCashDrawingsShare',
      kind: 'share',
      is: ['f', 'la part des retraits d’espèces dans l’usage de la carte', 'the share of cash withdrawals in the use of the card'],
      means: [
        'Montant des retraits d’espèces divisé par celui de tous les retraits et achats.',
        'Amount of cash withdrawals over that of all drawings.',
      ],
      sql: over(
        sumIf('AMT_DRAWINGS_ATM_CURRENT', 'AMT_DRAWINGS_CURRENT is not null'),
        sumIf('AMT_DRAWINGS_CURRENT', 'AMT_DRAWINGS_ATM_CURRENT is not null'),
      ),
      code: 'CARD_DRAWINGS',
      risk: 'increases-risk',
      max: 10,
      notApplicable: [neverDrawn],
    },
    {
      name: 'cardYearsSinceLastDrawing',
      kind: 'recency',
      is: ['m', 'le dernier retrait ou achat par carte', 'the latest card drawing'],
      sql: yearsSinceMonth('MONTHS_BALANCE', 'CNT_DRAWINGS_CURRENT > 0'),
      code: 'CARD_DRAWINGS',
      notApplicable: [neverDrawn],
    },
    {
      name: 'cardMinimumPaidShare',
      kind: 'share',
      is: ['f', 'la part des mois où le minimum de la carte a été payé', 'the share of months in which the card’s minimum was paid'],
      means: [
        'Relevés dont le paiement atteint le minimum demandé, parmi ceux qui en demandaient un.',
        'Statements whose payment reached the minimum asked for, among those that asked for one.',
      ],
      sql: shareIf('AMT_PAYMENT_TOTAL_CURRENT >= AMT_INST_MIN_REGULARITY', hasMinimum),
      code: 'CARD_PAYMENTS',
      risk: 'decreases-risk',
    },
    {
      name: 'cardMinimumPaidShareLast12Months',
      kind: 'share',
      is: [
        'f',
        'la part des 12 derniers mois où le minimum de la carte a été payé',
        'the share of the last 12 months in which the card’s minimum was paid',
      ],
      sql: shareIf('AMT_PAYMENT_TOTAL_CURRENT >= AMT_INST_MIN_REGULARITY', `${hasMinimum} and ${sinceMonth(12)}`),
      code: 'CARD_PAYMENTS',
      risk: 'decreases-risk',
    },
    {
      name: 'cardPaymentToBalance',
      kind: 'percentage',
      is: ['f', 'la part du solde de la carte remboursée chaque mois', 'the share of the card’s balance repaid each month'],
      means: [
        'Paiements divisés par les soldes dus, sur les relevés où un solde est dû.',
        'Payments over balances owed, on statements with a balance owed.',
      ],
      sql: over(
        sumIf('AMT_PAYMENT_TOTAL_CURRENT', 'AMT_BALANCE > 0'),
        sumIf('AMT_BALANCE', 'AMT_BALANCE > 0 and AMT_PAYMENT_TOTAL_CURRENT is not null'),
      ),
      code: 'CARD_PAYMENTS',
      risk: 'decreases-risk',
      max: 1e9,
      notApplicable: [neverDrawn],
    },
    {
      name: 'cardLateMonthsCount',
      kind: 'count',
      is: ['m', 'le nombre de mois en retard sur la carte', 'the number of months in arrears on the card'],
      means: ['Relevés mensuels en retard d’au moins un jour.', 'Monthly statements at least a day in arrears.'],
      sql: countIf(isLate),
      code: 'CARD_PAYMENTS',
      risk: 'increases-risk',
    },
    {
      name: 'cardLateMonthsLast12Months',
      kind: 'count',
      is: ['m', 'le nombre de mois en retard sur la carte sur les 12 derniers', 'the number of months in arrears on the card in the last 12'],
      sql: countIf(`${isLate} and ${sinceMonth(12)}`),
      code: 'CARD_PAYMENTS',
      risk: 'increases-risk',
    },
    {
      name: 'cardMaxDaysPastDue',
      kind: 'days',
      is: ['m', 'le plus long retard sur la carte', 'the longest delay on the card'],
      means: [
        'Plus grand nombre de jours de retard d’un relevé, sans les dettes de faible montant.',
        'Most days past due of a statement, small debts ignored.',
      ],
      sql: 'max(SK_DPD_DEF)',
      code: 'CARD_PAYMENTS',
      risk: 'increases-risk',
      decimals: 0,
    },
    {
      name: 'cardYearsSinceLastLateMonth',
      kind: 'recency',
      is: ['m', 'le dernier mois en retard sur la carte', 'the latest month in arrears on the card'],
      sql: yearsSinceMonth('MONTHS_BALANCE', isLate),
      code: 'CARD_PAYMENTS',
      risk: 'decreases-risk',
      notApplicable: [neverLate],
    },
  ],
);

export const cardBalanceQuery = historyQuery(['credit_card_balance'], cardBalanceItems, (source) => `select * from ${source('credit_card_balance')}`);
