/** Long because it is a list: the table, then each field with its SQL and its words. */
import { check, checkAmount, checkBalance, checkCount, checkKey, checkPast, checkPastDate, checkWord, declareTable } from './declare-table.ts';
import { declareHistory, historyQuery, where } from './declare-history.ts';
import { before, countIf, inLast, maxIf, over, shareIf, since, sumIf, totalIf, yearsSince } from './history-sql.ts';

/** What stands for "no end foreseen": ends up to 85 years ahead, for cards mostly. */
const LONGEST_TERM_DAYS = 14_610;

const amounts = ['AMT_CREDIT_MAX_OVERDUE', 'AMT_CREDIT_SUM', 'AMT_CREDIT_SUM_DEBT', 'AMT_CREDIT_SUM_LIMIT', 'AMT_CREDIT_SUM_OVERDUE', 'AMT_ANNUITY'];

/** Credits of other lenders, as the credit bureau knows them at the application; one row a credit. */
export const bureauTable = declareTable(
  'bureau',
  { clientColumn: 'SK_ID_CURR', key: 'SK_ID_BUREAU', parent: null },
  {
    SK_ID_CURR: 'BIGINT',
    SK_ID_BUREAU: 'BIGINT',
    CREDIT_ACTIVE: 'VARCHAR',
    CREDIT_CURRENCY: 'VARCHAR',
    DAYS_CREDIT: 'INTEGER',
    CREDIT_DAY_OVERDUE: 'INTEGER',
    DAYS_CREDIT_ENDDATE: 'DOUBLE',
    DAYS_ENDDATE_FACT: 'DOUBLE',
    AMT_CREDIT_MAX_OVERDUE: 'DOUBLE',
    CNT_CREDIT_PROLONG: 'INTEGER',
    AMT_CREDIT_SUM: 'DOUBLE',
    AMT_CREDIT_SUM_DEBT: 'DOUBLE',
    AMT_CREDIT_SUM_LIMIT: 'DOUBLE',
    AMT_CREDIT_SUM_OVERDUE: 'DOUBLE',
    CREDIT_TYPE: 'VARCHAR',
    DAYS_CREDIT_UPDATE: 'INTEGER',
    AMT_ANNUITY: 'DOUBLE',
  },
  [
    checkKey('SK_ID_CURR'),
    checkKey('SK_ID_BUREAU'),
    checkPast('DAYS_CREDIT'),
    checkWord('CREDIT_ACTIVE', ['Active', 'Closed', 'Sold', 'Bad debt']),
    checkWord('CREDIT_TYPE', [
      'Consumer credit',
      'Credit card',
      'Car loan',
      'Mortgage',
      'Real estate loan',
      'Microloan',
      'Loan for business development',
      'Loan for working capital replenishment',
      'Loan for the purchase of equipment',
      'Loan for purchase of shares (margin lending)',
      'Cash loan (non-earmarked)',
      'Mobile operator loan',
      'Interbank credit',
      'Another type of loan',
      'Unknown type of loan',
    ]),
    // The source numbers its currencies and gives no rates: amounts in another one cannot be added.
    ...amounts.map((column) =>
      check(column, 'blank', 'the amount is in another currency than the application', `CREDIT_CURRENCY <> 'currency 1' and ${column} is not null`),
    ),
    ...amounts.filter((column) => column !== 'AMT_CREDIT_SUM_DEBT').map(checkAmount),
    checkBalance('AMT_CREDIT_SUM_DEBT'),
    checkCount('CREDIT_DAY_OVERDUE'),
    checkCount('CNT_CREDIT_PROLONG'),
    ...checkPastDate('DAYS_ENDDATE_FACT'),
    ...checkPastDate('DAYS_CREDIT_UPDATE'),
    check('DAYS_CREDIT_ENDDATE', 'blank', 'the end is more than forty years ahead: no end is foreseen', `DAYS_CREDIT_ENDDATE > ${LONGEST_TERM_DAYS}`),
    check('DAYS_CREDIT_ENDDATE', 'blank', 'the end lies before the credit began', 'DAYS_CREDIT_ENDDATE < DAYS_CREDIT'),
    check('DAYS_ENDDATE_FACT', 'blank', 'the end lies before the credit began', 'DAYS_ENDDATE_FACT < DAYS_CREDIT'),
  ],
);

const isActive = `CREDIT_ACTIVE = 'Active'`;
const isClosed = `CREDIT_ACTIVE = 'Closed'`;
const isLost = `CREDIT_ACTIVE in ('Sold', 'Bad debt')`;
const isCard = `CREDIT_TYPE = 'Credit card'`;
/** An overpaid credit is no debt. */
const debt = 'case when AMT_CREDIT_SUM_DEBT < 0 then 0 else AMT_CREDIT_SUM_DEBT end';
const hasDebtAndAmount = 'AMT_CREDIT_SUM_DEBT is not null and AMT_CREDIT_SUM > 0';

const typeFamilies = [
  ['Consumer credit', 'Cash loan (non-earmarked)'],
  ['Credit card'],
  ['Car loan'],
  ['Mortgage', 'Real estate loan'],
  ['Microloan'],
  [
    'Loan for business development',
    'Loan for working capital replenishment',
    'Loan for the purchase of equipment',
    'Loan for purchase of shares (margin lending)',
    'Interbank credit',
  ],
] as const;
const isOfFamily = (family: readonly string[]): string => `CREDIT_TYPE in (${family.map((word) => `'${word}'`).join(', ')})`;

const noActive = where(
  'bureauActiveCreditsCount',
  0,
  'Le client n’a aucun crédit en cours au fichier de crédit.',
  'The credit bureau knows of no running credit of the client.',
);
const noClosed = where(
  'bureauClosedCreditsCount',
  0,
  'Le client n’a aucun crédit clos au fichier de crédit.',
  'The credit bureau knows of no closed credit of the client.',
);
const noCard = where(
  'bureauActiveCardsCount',
  0,
  'Le client n’a aucune carte de crédit en cours au fichier de crédit.',
  'The credit bureau knows of no running credit card of the client.',
);

/** Credits of other lenders. Amounts are in the application's currency. */
export const bureauItems = declareHistory(
  ['bureau'],
  ['Le fichier de crédit ne le dit pas pour ce client', 'The credit bureau does not tell this of the client'],
  [
    {
      name: 'bureauCreditsCount',
      kind: 'count',
      is: ['m', 'le nombre de crédits connus du fichier de crédit', 'the number of credits known to the credit bureau'],
      sql: 'count(*)',
      code: 'BUREAU_CREDITS',
    },
    {
      name: 'bureauActiveCreditsCount',
      kind: 'count',
      is: ['m', 'le nombre de crédits en cours au fichier de crédit', 'the number of running credits at the credit bureau'],
      sql: countIf(isActive),
      code: 'BUREAU_CREDITS',
      risk: 'increases-risk',
    },
    {
      name: 'bureauClosedCreditsCount',
      kind: 'count',
      is: ['m', 'le nombre de crédits clos au fichier de crédit', 'the number of closed credits at the credit bureau'],
      sql: countIf(isClosed),
      code: 'BUREAU_CREDITS',
    },
    {
      name: 'bureauActiveShare',
      kind: 'share',
      is: ['f', 'la part des crédits du fichier de crédit encore en cours', 'the share of the bureau’s credits that still run'],
      means: [
        'Crédits en cours divisés par tous les crédits connus du fichier de crédit.',
        'Running credits over all credits that the credit bureau knows.',
      ],
      sql: shareIf(isActive, 'CREDIT_ACTIVE is not null'),
      code: 'BUREAU_CREDITS',
      risk: 'increases-risk',
    },
    {
      name: 'bureauLostCreditsCount',
      kind: 'count',
      is: [
        'm',
        'le nombre de crédits cédés ou passés en perte au fichier de crédit',
        'the number of credits sold or written off at the credit bureau',
      ],
      sql: countIf(isLost),
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
    },
    {
      name: 'bureauActiveCardsCount',
      kind: 'count',
      is: ['m', 'le nombre de cartes de crédit en cours au fichier de crédit', 'the number of running credit cards at the credit bureau'],
      sql: countIf(`${isActive} and ${isCard}`),
      code: 'BUREAU_CREDITS',
    },
    {
      name: 'bureauPropertyLoansCount',
      kind: 'count',
      is: ['m', 'le nombre de crédits immobiliers au fichier de crédit', 'the number of property loans at the credit bureau'],
      sql: countIf(isOfFamily(typeFamilies[3])),
      code: 'BUREAU_CREDITS',
    },
    {
      name: 'bureauCarLoansCount',
      kind: 'count',
      is: ['m', 'le nombre de crédits automobiles au fichier de crédit', 'the number of car loans at the credit bureau'],
      sql: countIf(isOfFamily(typeFamilies[2])),
      code: 'BUREAU_CREDITS',
    },
    {
      name: 'bureauMicroloansCount',
      kind: 'count',
      is: ['m', 'le nombre de microcrédits au fichier de crédit', 'the number of microloans at the credit bureau'],
      sql: countIf(isOfFamily(typeFamilies[4])),
      code: 'BUREAU_CREDITS',
      risk: 'increases-risk',
    },
    {
      name: 'bureauYearsSinceFirstCredit',
      kind: 'recency',
      is: ['m', 'le premier crédit connu du fichier de crédit', 'the first credit known to the credit bureau'],
      sql: 'cast(0 - min(DAYS_CREDIT) as double) / 365.25',
      code: 'BUREAU_RECENCY',
      risk: 'decreases-risk',
    },
    {
      name: 'bureauYearsSinceLastCredit',
      kind: 'recency',
      is: ['m', 'le dernier crédit connu du fichier de crédit', 'the latest credit known to the credit bureau'],
      sql: yearsSince('DAYS_CREDIT'),
      code: 'BUREAU_RECENCY',
      risk: 'decreases-risk',
    },
    {
      name: 'bureauYearsSinceLastClosure',
      kind: 'recency',
      is: ['f', 'la dernière clôture d’un crédit au fichier de crédit', 'the latest closure of a credit at the credit bureau'],
      sql: yearsSince('DAYS_ENDDATE_FACT'),
      code: 'BUREAU_RECENCY',
      notApplicable: [noClosed],
    },
    {
      name: 'bureauYearsSinceLastUpdate',
      kind: 'recency',
      is: ['f', 'la dernière nouvelle reçue du fichier de crédit', 'the latest news from the credit bureau'],
      means: [
        'Temps écoulé depuis la dernière mise à jour d’un crédit du client par le fichier de crédit.',
        'Time since the credit bureau last updated a credit of the client.',
      ],
      sql: yearsSince('DAYS_CREDIT_UPDATE'),
      code: 'BUREAU_RECENCY',
    },
    ...([3, 12, 24] as const).map((months) => ({
      name: `bureauNewCreditsLast${months}Months`,
      kind: 'count' as const,
      is: [
        'm' as const,
        `le nombre de crédits ouverts ailleurs ${inLast(months)[0]}`,
        `the number of credits opened elsewhere ${inLast(months)[1]}`,
      ] as const,
      sql: countIf(since('DAYS_CREDIT', months)),
      code: 'BUREAU_RECENCY' as const,
      risk: 'increases-risk' as const,
    })),
    {
      name: 'bureauNewCreditsTrend',
      kind: 'change',
      is: ['f', 'l’évolution du nombre de crédits ouverts ailleurs', 'the change in credits opened elsewhere'],
      means: [
        'Crédits ouverts ailleurs sur les 12 derniers mois, moins ceux des 12 mois d’avant.',
        'Credits opened elsewhere over the last 12 months, less those of the 12 months before.',
      ],
      sql: `${countIf(since('DAYS_CREDIT', 12))} - ${countIf(before('DAYS_CREDIT', 12))}`,
      code: 'BUREAU_RECENCY',
      risk: 'increases-risk',
    },
    {
      name: 'bureauActiveCreditAmount',
      kind: 'amount',
      is: ['m', 'le montant accordé des crédits en cours ailleurs', 'the amount granted on running credits elsewhere'],
      sql: totalIf('AMT_CREDIT_SUM', isActive),
      code: 'BUREAU_DEBT',
    },
    {
      name: 'bureauLargestCreditAmount',
      kind: 'amount',
      is: ['m', 'le montant du plus grand crédit connu du fichier de crédit', 'the amount of the largest credit known to the credit bureau'],
      sql: 'max(AMT_CREDIT_SUM)',
      code: 'BUREAU_CREDITS',
    },
    {
      name: 'bureauActiveDebtAmount',
      kind: 'amount',
      is: ['m', 'le montant restant dû sur les crédits en cours ailleurs', 'the amount still owed on running credits elsewhere'],
      means: [
        'Somme des dettes connues des crédits en cours ; un crédit trop payé n’est pas une dette.',
        'Sum of the known debts of running credits; an overpaid credit is no debt.',
      ],
      sql: totalIf(debt, isActive),
      code: 'BUREAU_DEBT',
      risk: 'increases-risk',
    },
    {
      name: 'bureauDebtShareOfCredit',
      kind: 'percentage',
      is: ['f', 'la part encore due des crédits en cours ailleurs', 'the share still owed of running credits elsewhere'],
      means: [
        'Dette divisée par le montant accordé, sur les crédits en cours dont les deux sont connus.',
        'Debt over the amount granted, on running credits of which both are known.',
      ],
      sql: over(sumIf(debt, `${isActive} and ${hasDebtAndAmount}`), sumIf('AMT_CREDIT_SUM', `${isActive} and ${hasDebtAndAmount}`)),
      code: 'BUREAU_DEBT',
      risk: 'increases-risk',
      notApplicable: [noActive],
    },
    {
      name: 'bureauCardUtilisation',
      kind: 'percentage',
      is: ['f', 'l’utilisation des cartes de crédit d’autres prêteurs', 'the utilisation of credit cards elsewhere'],
      means: ['Dette des cartes de crédit en cours, divisée par le montant accordé.', 'Debt on running credit cards over the amount granted.'],
      sql: over(
        sumIf(debt, `${isActive} and ${isCard} and ${hasDebtAndAmount}`),
        sumIf('AMT_CREDIT_SUM', `${isActive} and ${isCard} and ${hasDebtAndAmount}`),
      ),
      code: 'BUREAU_DEBT',
      risk: 'increases-risk',
      notApplicable: [noCard],
    },
    {
      name: 'bureauAnnuityAmount',
      kind: 'amount',
      is: ['m', 'le montant des échéances des crédits en cours ailleurs', 'the amount of the instalments on running credits elsewhere'],
      means: [
        'Somme des échéances connues des crédits en cours, telles que le fichier de crédit les donne.',
        'Sum of the known instalments of running credits, as the credit bureau gives them.',
      ],
      sql: totalIf('AMT_ANNUITY', isActive),
      code: 'BUREAU_DEBT',
    },
    {
      name: 'bureauLongestRemainingYears',
      kind: 'span',
      is: ['f', 'la durée restante du plus long crédit en cours ailleurs', 'the time left on the longest running credit elsewhere'],
      sql: `cast(${maxIf('DAYS_CREDIT_ENDDATE', `${isActive} and DAYS_CREDIT_ENDDATE >= 0`)} as double) / 365.25`,
      code: 'BUREAU_DEBT',
      notApplicable: [noActive],
    },
    {
      name: 'bureauOverdueAmount',
      kind: 'amount',
      is: ['m', 'le montant en retard sur les crédits d’autres prêteurs', 'the amount overdue on credits elsewhere'],
      sql: 'sum(cast(AMT_CREDIT_SUM_OVERDUE as decimal(18, 3)))',
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
    },
    {
      name: 'bureauMaxDaysOverdue',
      kind: 'days',
      is: ['m', 'le plus long retard en cours sur un crédit d’un autre prêteur', 'the longest delay now running on a credit elsewhere'],
      sql: 'max(CREDIT_DAY_OVERDUE)',
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
      decimals: 0,
    },
    {
      name: 'bureauMaxOverdueAmount',
      kind: 'amount',
      is: ['m', 'le plus grand montant jamais en retard sur un crédit d’un autre prêteur', 'the largest amount ever overdue on a credit elsewhere'],
      sql: 'max(AMT_CREDIT_MAX_OVERDUE)',
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
    },
    {
      name: 'bureauEverOverdueShare',
      kind: 'share',
      is: ['f', 'la part des crédits d’autres prêteurs déjà payés en retard', 'the share of credits elsewhere that were ever overdue'],
      means: [
        'Crédits ayant déjà eu un montant en retard, parmi ceux dont le plus grand retard est connu.',
        'Credits that ever had an amount overdue, among those whose largest overdue amount is known.',
      ],
      sql: shareIf('AMT_CREDIT_MAX_OVERDUE > 0', 'AMT_CREDIT_MAX_OVERDUE is not null'),
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
    },
    {
      name: 'bureauProlongationsCount',
      kind: 'count',
      is: ['m', 'le nombre de prolongations de crédits d’autres prêteurs', 'the number of prolongations of credits elsewhere'],
      sql: 'sum(CNT_CREDIT_PROLONG)',
      code: 'BUREAU_OVERDUE',
      risk: 'increases-risk',
    },
  ],
);

export const bureauQuery = historyQuery(['bureau'], bureauItems, (source) => `select * from ${source('bureau')}`);
