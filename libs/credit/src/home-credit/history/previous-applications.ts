/** Long because it is a list: the table, then each field with its SQL and its words. */
import { check, checkAmount, checkCount, checkKey, checkNever, checkPast, checkPastDate, checkWord, declareTable } from './declare-table.ts';
import { declareHistory, historyQuery, where } from './declare-history.ts';
import { countIf, inLast, maxIf, meanIf, over, shareIf, since, sumIf, yearsSince } from './history-sql.ts';

const amounts = ['AMT_ANNUITY', 'AMT_APPLICATION', 'AMT_CREDIT', 'AMT_DOWN_PAYMENT', 'AMT_GOODS_PRICE'];
const dates = ['DAYS_LAST_DUE', 'DAYS_TERMINATION'];

/**
 * Earlier applications of the client to the lender. NAME_TYPE_SUITE (who came along: spouse, children) tells of the family, which
 * is protected: it is not declared, so nothing reads it. Neither are columns that no field needs.
 */
export const previousApplicationTable = declareTable(
  'previous_application',
  { clientColumn: 'SK_ID_CURR', key: 'SK_ID_PREV', parent: null },
  {
    SK_ID_PREV: 'BIGINT',
    SK_ID_CURR: 'BIGINT',
    NAME_CONTRACT_TYPE: 'VARCHAR',
    AMT_ANNUITY: 'DOUBLE',
    AMT_APPLICATION: 'DOUBLE',
    AMT_CREDIT: 'DOUBLE',
    AMT_DOWN_PAYMENT: 'DOUBLE',
    AMT_GOODS_PRICE: 'DOUBLE',
    FLAG_LAST_APPL_PER_CONTRACT: 'VARCHAR',
    NFLAG_LAST_APPL_IN_DAY: 'INTEGER',
    NAME_CONTRACT_STATUS: 'VARCHAR',
    DAYS_DECISION: 'INTEGER',
    CODE_REJECT_REASON: 'VARCHAR',
    CNT_PAYMENT: 'DOUBLE',
    NAME_YIELD_GROUP: 'VARCHAR',
    DAYS_LAST_DUE_1ST_VERSION: 'DOUBLE',
    DAYS_LAST_DUE: 'DOUBLE',
    DAYS_TERMINATION: 'DOUBLE',
  },
  [
    checkKey('SK_ID_PREV'),
    checkKey('SK_ID_CURR'),
    checkPast('DAYS_DECISION'),
    check(
      'FLAG_LAST_APPL_PER_CONTRACT',
      'leave-out',
      'the same contract was applied for again by mistake: its last application counts',
      `FLAG_LAST_APPL_PER_CONTRACT = 'N'`,
    ),
    check(
      'NFLAG_LAST_APPL_IN_DAY',
      'leave-out',
      'the client applied again on the same day: the last application counts',
      'NFLAG_LAST_APPL_IN_DAY = 0',
    ),
    checkWord('NAME_CONTRACT_STATUS', ['Approved', 'Canceled', 'Refused', 'Unused offer']),
    check(
      'NAME_CONTRACT_TYPE',
      'blank',
      'the type of loan is not known (XNA)',
      `NAME_CONTRACT_TYPE not in ('Cash loans', 'Consumer loans', 'Revolving loans')`,
    ),
    checkWord('CODE_REJECT_REASON', ['XAP', 'XNA', 'HC', 'LIMIT', 'SCO', 'SCOFR', 'CLIENT', 'VERIF', 'SYSTEM']),
    check(
      'NAME_YIELD_GROUP',
      'blank',
      'the class of interest is not known (XNA)',
      `NAME_YIELD_GROUP not in ('high', 'middle', 'low_normal', 'low_action')`,
    ),
    ...amounts.map(checkAmount),
    checkCount('CNT_PAYMENT'),
    ...dates.flatMap((column) => [checkNever(column), ...checkPastDate(column)]),
    checkNever('DAYS_LAST_DUE_1ST_VERSION'),
  ],
);

const isApproved = `NAME_CONTRACT_STATUS = 'Approved'`;
const isRefused = `NAME_CONTRACT_STATUS = 'Refused'`;
const isCancelled = `NAME_CONTRACT_STATUS = 'Canceled'`;
const isGranted = `${isApproved} and AMT_CREDIT > 0`;
const hasTerm = `${isGranted} and CNT_PAYMENT > 0 and AMT_ANNUITY > 0`;
const lastScheduled = maxIf('DAYS_LAST_DUE_1ST_VERSION', isApproved);
const hasGoods = `${isApproved} and AMT_DOWN_PAYMENT is not null and AMT_GOODS_PRICE > 0`;

const neverGranted = where(
  'pastApprovedCount',
  0,
  'Le prêteur n’a encore accordé aucun crédit au client.',
  'The lender has granted the client no loan yet.',
);
const neverRefused = where(
  'pastRefusedCount',
  0,
  'Le prêteur n’a jamais refusé de crédit au client.',
  'The lender has never refused the client a loan.',
);

/** The source gives its reasons of refusal as codes without explaining them; HC, the most frequent, is taken for its hard criteria. */
const refusalReasons = [
  ['pastRefusedByCriteriaCount', ['HC'], 'par un critère éliminatoire', 'for a knock-out criterion'],
  ['pastRefusedByLimitCount', ['LIMIT'], 'pour plafond atteint', 'because a limit was reached'],
  ['pastRefusedByScoreCount', ['SCO', 'SCOFR'], 'pour score insuffisant', 'for an insufficient score'],
] as const;

const listed = (codes: readonly string[]): string => codes.map((code) => `'${code}'`).join(', ');

const contractTypes = [
  ['pastCashLoansShare', 'Cash loans', 'de prêts en espèces', 'for cash loans'],
  ['pastRevolvingLoansShare', 'Revolving loans', 'de crédits renouvelables', 'for revolving loans'],
] as const;

export const previousApplicationItems = declareHistory(
  ['previous_application'],
  ['Les demandes précédentes ne le disent pas pour ce client', 'Earlier applications do not tell this of the client'],
  [
    {
      name: 'pastApplicationsCount',
      kind: 'count',
      is: ['m', 'le nombre de demandes précédentes', 'the number of earlier applications'],
      means: [
        'Demandes de crédit déjà faites au prêteur ; de plusieurs demandes du même contrat ou du même jour, la dernière compte.',
        'Applications already made to the lender; of several for one contract or on one day, the last counts.',
      ],
      sql: 'count(*)',
      code: 'PAST_APPLICATIONS',
    },
    {
      name: 'pastApprovedCount',
      kind: 'count',
      is: ['m', 'le nombre de demandes précédentes acceptées', 'the number of earlier applications approved'],
      sql: countIf(isApproved),
      code: 'PAST_APPLICATIONS',
    },
    {
      name: 'pastRefusedCount',
      kind: 'count',
      is: ['m', 'le nombre de demandes précédentes refusées', 'the number of earlier applications refused'],
      sql: countIf(isRefused),
      code: 'PAST_REFUSALS',
      risk: 'increases-risk',
    },
    {
      name: 'pastCancelledCount',
      kind: 'count',
      is: ['m', 'le nombre de demandes précédentes annulées', 'the number of earlier applications cancelled'],
      sql: countIf(isCancelled),
      code: 'PAST_APPLICATIONS',
    },
    {
      name: 'pastRefusedShare',
      kind: 'share',
      is: ['f', 'la part des demandes précédentes refusées', 'the share of earlier applications refused'],
      means: ['Demandes refusées, parmi celles qui ont été acceptées ou refusées.', 'Applications refused among those approved or refused.'],
      sql: shareIf(isRefused, `NAME_CONTRACT_STATUS in ('Approved', 'Refused')`),
      code: 'PAST_REFUSALS',
      risk: 'increases-risk',
    },
    ...([3, 12, 24] as const).map((months) => ({
      name: `pastApplicationsLast${months}Months`,
      kind: 'count' as const,
      is: ['m' as const, `le nombre de demandes faites ${inLast(months)[0]}`, `the number of applications made ${inLast(months)[1]}`] as const,
      sql: countIf(since('DAYS_DECISION', months)),
      code: 'PAST_APPLICATIONS' as const,
      risk: 'increases-risk' as const,
    })),
    ...([12, 24] as const).map((months) => ({
      name: `pastRefusedLast${months}Months`,
      kind: 'count' as const,
      is: ['m' as const, `le nombre de refus ${inLast(months)[0]}`, `the number of refusals ${inLast(months)[1]}`] as const,
      sql: countIf(`${isRefused} and ${since('DAYS_DECISION', months)}`),
      code: 'PAST_REFUSALS' as const,
      risk: 'increases-risk' as const,
    })),
    ...refusalReasons.map(([name, codes, fr, en]) => ({
      name,
      kind: 'count' as const,
      is: ['m' as const, `le nombre de refus ${fr}`, `the number of refusals ${en}`] as const,
      means: [
        `Demandes refusées ${fr} (code ${codes.join(' ou ')} de la source).`,
        `Applications refused ${en} (the source’s code ${codes.join(' or ')}).`,
      ] as const,
      sql: countIf(`${isRefused} and CODE_REJECT_REASON in (${listed(codes)})`),
      code: 'PAST_REFUSALS' as const,
      risk: 'increases-risk' as const,
    })),
    {
      name: 'pastYearsSinceFirstApplication',
      kind: 'recency',
      is: ['f', 'la première demande au prêteur', 'the first application to the lender'],
      sql: 'cast(0 - min(DAYS_DECISION) as double) / 365.25',
      code: 'PAST_APPLICATIONS',
      risk: 'decreases-risk',
    },
    {
      name: 'pastYearsSinceLastApplication',
      kind: 'recency',
      is: ['f', 'la dernière demande au prêteur', 'the latest application to the lender'],
      sql: yearsSince('DAYS_DECISION'),
      code: 'PAST_APPLICATIONS',
    },
    {
      name: 'pastYearsSinceLastApproval',
      kind: 'recency',
      is: ['m', 'le dernier accord du prêteur', 'the lender’s latest approval'],
      sql: yearsSince('DAYS_DECISION', isApproved),
      code: 'PAST_APPLICATIONS',
      notApplicable: [neverGranted],
    },
    {
      name: 'pastYearsSinceLastRefusal',
      kind: 'recency',
      is: ['m', 'le dernier refus du prêteur', 'the lender’s latest refusal'],
      sql: yearsSince('DAYS_DECISION', isRefused),
      code: 'PAST_REFUSALS',
      risk: 'decreases-risk',
      notApplicable: [neverRefused],
    },
    {
      name: 'pastLastApplicationRefused',
      kind: 'flag',
      is: ['f', 'dernière demande refusée', 'latest application refused'],
      means: ['Oui si une demande du jour le plus récent a été refusée.', 'Yes if an application of the most recent day was refused.'],
      sql: `coalesce(${maxIf('DAYS_DECISION', isRefused)} = max(DAYS_DECISION), false)`,
      code: 'PAST_REFUSALS',
      risk: 'increases-risk',
    },
    ...contractTypes.map(([name, type, fr, en]) => ({
      name,
      kind: 'share' as const,
      is: ['f' as const, `la part ${fr} dans les demandes précédentes`, `the share of earlier applications that were ${en}`] as const,
      sql: shareIf(`NAME_CONTRACT_TYPE = '${type}'`, 'NAME_CONTRACT_TYPE is not null'),
      code: 'PAST_APPLICATIONS' as const,
    })),
    {
      name: 'pastMeanAskedAmount',
      kind: 'amount',
      is: ['m', 'le montant moyen demandé par le passé', 'the mean amount asked for in the past'],
      means: [
        'Moyenne des montants demandés, sans les demandes qui n’en avaient pas encore.',
        'Mean of the amounts asked for, leaving out applications that had none yet.',
      ],
      sql: meanIf('AMT_APPLICATION', 'AMT_APPLICATION > 0'),
      code: 'PAST_LOAN_TERMS',
    },
    {
      name: 'pastLargestGrantedAmount',
      kind: 'amount',
      is: ['m', 'le plus grand montant accordé par le passé', 'the largest amount granted in the past'],
      sql: maxIf('AMT_CREDIT', isGranted),
      code: 'PAST_LOAN_TERMS',
      notApplicable: [neverGranted],
    },
    {
      name: 'pastGrantedToAsked',
      kind: 'percentage',
      is: ['m', 'le montant accordé rapporté au montant demandé par le passé', 'the amount granted over the amount asked for in the past'],
      means: [
        'Montants accordés divisés par les montants demandés, sur les demandes acceptées ; au-delà de 100 % quand une assurance s’y ajoute.',
        'Amounts granted over amounts asked for, on approved applications; over 100% where insurance was added.',
      ],
      sql: over(sumIf('AMT_CREDIT', `${isGranted} and AMT_APPLICATION > 0`), sumIf('AMT_APPLICATION', `${isGranted} and AMT_APPLICATION > 0`)),
      code: 'PAST_LOAN_TERMS',
      notApplicable: [neverGranted],
    },
    {
      name: 'pastLargestAnnuityAmount',
      kind: 'amount',
      is: ['f', 'la plus grande échéance des crédits accordés par le passé', 'the largest instalment of loans granted in the past'],
      sql: maxIf('AMT_ANNUITY', `${isGranted} and AMT_ANNUITY > 0`),
      code: 'PAST_LOAN_TERMS',
      notApplicable: [neverGranted],
    },
    {
      name: 'pastDownPaymentShare',
      kind: 'share',
      is: ['f', 'la part du prix payée d’avance par le passé', 'the share of the price paid down in the past'],
      means: [
        'Versements initiaux divisés par les prix des biens, sur les demandes acceptées où les deux sont connus.',
        'Down payments over prices of the goods, on approved applications of which both are known.',
      ],
      sql: over(sumIf('AMT_DOWN_PAYMENT', hasGoods), sumIf('AMT_GOODS_PRICE', hasGoods)),
      code: 'PAST_LOAN_TERMS',
      risk: 'decreases-risk',
      max: 100,
      notApplicable: [neverGranted],
    },
    {
      name: 'pastMeanTermMonths',
      kind: 'months',
      is: ['f', 'la durée moyenne des crédits accordés par le passé', 'the mean term of loans granted in the past'],
      sql: over(`sum(CNT_PAYMENT) filter (where ${isGranted} and CNT_PAYMENT > 0)`, countIf(`${isGranted} and CNT_PAYMENT > 0`)),
      code: 'PAST_LOAN_TERMS',
      notApplicable: [neverGranted],
    },
    {
      name: 'pastImpliedTermMonths',
      kind: 'months',
      is: ['f', 'la durée, hors intérêts, des crédits accordés par le passé', 'the term, interest aside, of loans granted in the past'],
      means: [
        'Montants accordés divisés par les échéances : le nombre d’échéances, hors intérêts.',
        'Amounts granted over instalments: how many instalments, interest aside.',
      ],
      sql: over(sumIf('AMT_CREDIT', `${isGranted} and AMT_ANNUITY > 0`), sumIf('AMT_ANNUITY', `${isGranted} and AMT_ANNUITY > 0`)),
      code: 'PAST_LOAN_TERMS',
      max: 1e7,
      notApplicable: [neverGranted],
    },
    {
      name: 'pastRepaymentToCredit',
      kind: 'percentage',
      is: ['m', 'le total à rembourser rapporté au montant accordé par le passé', 'the total to repay over the amount granted in the past'],
      means: [
        'Échéances multipliées par leur nombre, divisées par les montants accordés : le coût des crédits passés.',
        'Instalments times their number, over the amounts granted: the cost of past loans.',
      ],
      sql: over(sumIf('AMT_ANNUITY * CNT_PAYMENT', hasTerm), sumIf('AMT_CREDIT', hasTerm)),
      code: 'PAST_LOAN_TERMS',
      risk: 'increases-risk',
      max: 1e9,
      notApplicable: [neverGranted],
    },
    {
      name: 'pastHighInterestShare',
      kind: 'share',
      is: ['f', 'la part des crédits passés à taux élevé', 'the share of past loans at a high rate'],
      means: [
        'Crédits accordés dans la classe de taux la plus élevée, parmi ceux dont la classe est connue.',
        'Loans granted in the highest class of interest, among those whose class is known.',
      ],
      sql: shareIf(`NAME_YIELD_GROUP = 'high'`, `${isGranted} and NAME_YIELD_GROUP is not null`),
      code: 'PAST_LOAN_TERMS',
      risk: 'increases-risk',
      notApplicable: [neverGranted],
    },
    {
      name: 'pastScheduledRemainingYears',
      kind: 'span',
      is: ['f', 'la durée qui restait prévue pour le plus long crédit passé', 'the time still scheduled for the longest past loan'],
      means: [
        'Temps entre la demande et la dernière échéance prévue par le premier échéancier d’un crédit accordé ; zéro si toutes sont passées.',
        'Time from the application to the last instalment foreseen by the first schedule of a loan; zero where all are past.',
      ],
      sql: `case when ${lastScheduled} > 0 then cast(${lastScheduled} as double) / 365.25 when ${lastScheduled} is not null then 0 end`,
      code: 'PAST_LOAN_TERMS',
      notApplicable: [neverGranted],
    },
    {
      name: 'pastEarlyTerminationShare',
      kind: 'share',
      is: ['f', 'la part des crédits passés soldés avant leur terme', 'the share of past loans paid off before term'],
      means: [
        'Crédits accordés dont la dernière échéance est venue avant celle du premier échéancier, parmi ceux dont les deux sont connues.',
        'Loans whose last instalment came before that of the first schedule, among those of which both are known.',
      ],
      sql: shareIf(
        'DAYS_LAST_DUE < DAYS_LAST_DUE_1ST_VERSION',
        `${isApproved} and DAYS_LAST_DUE is not null and DAYS_LAST_DUE_1ST_VERSION is not null`,
      ),
      code: 'PAST_LOAN_TERMS',
      notApplicable: [neverGranted],
    },
    {
      name: 'pastYearsSinceLastTermination',
      kind: 'recency',
      is: ['f', 'la fin du dernier crédit soldé auprès du prêteur', 'the end of the latest loan paid off with the lender'],
      sql: yearsSince('DAYS_TERMINATION', isApproved),
      code: 'PAST_LOAN_TERMS',
      notApplicable: [neverGranted],
    },
  ],
);

export const previousApplicationQuery = historyQuery(
  ['previous_application'],
  previousApplicationItems,
  (source) => `select * from ${source('previous_application')}`,
);
