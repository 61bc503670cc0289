import {
  formatOf,
  quotientSentences,
  say,
  type FeatureDraft,
  type FeatureFunction,
  type MonotoneDirection,
  type NotApplicable,
} from '../../catalogue/index.ts';
import { where } from './declare-history.ts';
import { themeOf, type HistoryReasonCode } from './reason-groups.ts';

type Pair = readonly [fr: string, en: string];

interface QuotientWords {
  readonly name: string;
  readonly label: Pair;
  readonly definition: Pair;
  /** What is said around the figure: before and after it, in French then in English. */
  readonly claim: readonly [fr: Pair, en: Pair];
  readonly from: readonly string[];
  readonly code: HistoryReasonCode;
  readonly risk?: MonotoneDirection;
  readonly notApplicable?: readonly NotApplicable[];
  readonly compute?: FeatureFunction;
}

const ratio: FeatureFunction = (numerator = Number.NaN, denominator = Number.NaN) => numerator / denominator;

const neverGranted = where(
  'pastApprovedCount',
  0,
  'Le prêteur n’a encore accordé aucun crédit au client.',
  'The lender has granted the client no loan yet.',
);

/** « La dette connue ailleurs vaut 35 % du revenu déclaré, plus que d’habitude … (20 %). » */
const quotient = (words: QuotientWords): FeatureDraft => ({
  name: words.name,
  label: say(...words.label),
  definition: say(...words.definition),
  theme: themeOf(words.code),
  unit: 'share',
  derivedFrom: words.from,
  reasonCode: words.code,
  monotoneDirection: words.risk ?? null,
  format: formatOf('share', 0),
  sentences: quotientSentences(words.label, words.claim, ['', '']),
  ...(words.notApplicable === undefined ? {} : { notApplicable: words.notApplicable }),
  compute: words.compute ?? ratio,
});

/** What the client owes or has had, beside what is earned and asked for now. */
export const historyAndApplicationFeatures: readonly FeatureDraft[] = [
  quotient({
    name: 'bureauDebtToIncome',
    label: ['Dette connue ailleurs rapportée au revenu', 'Debt known elsewhere over income'],
    definition: [
      'Montant restant dû sur les crédits en cours ailleurs, divisé par le revenu déclaré.',
      'The amount still owed on running credits elsewhere over the declared income.',
    ],
    claim: [
      ['La dette connue du fichier de crédit vaut', ' du revenu déclaré'],
      ['The debt known to the credit bureau is', ' of the declared income'],
    ],
    from: ['bureauActiveDebtAmount', 'incomeAmount'],
    code: 'BUREAU_DEBT',
    risk: 'increases-risk',
  }),
  quotient({
    name: 'bureauDebtToCreditAmount',
    label: ['Dette connue ailleurs rapportée au crédit demandé', 'Debt known elsewhere over the credit asked for'],
    definition: [
      'Montant restant dû sur les crédits en cours ailleurs, divisé par le montant du crédit demandé.',
      'The amount still owed on running credits elsewhere over the amount of the credit asked for.',
    ],
    claim: [
      ['La dette connue du fichier de crédit vaut', ' du crédit demandé'],
      ['The debt known to the credit bureau is', ' of the credit asked for'],
    ],
    from: ['bureauActiveDebtAmount', 'creditAmount'],
    code: 'BUREAU_DEBT',
  }),
  quotient({
    name: 'bureauCreditToIncome',
    label: ['Crédits en cours ailleurs rapportés au revenu', 'Running credits elsewhere over income'],
    definition: [
      'Montant accordé des crédits en cours ailleurs, divisé par le revenu déclaré.',
      'The amount granted on running credits elsewhere over the declared income.',
    ],
    claim: [
      ['Les crédits en cours ailleurs ont été accordés pour', ' du revenu déclaré'],
      ['The credits that run elsewhere were granted for', ' of the declared income'],
    ],
    from: ['bureauActiveCreditAmount', 'incomeAmount'],
    code: 'BUREAU_DEBT',
  }),
  quotient({
    name: 'allAnnuitiesToIncome',
    label: ['Part du revenu prise par toutes les échéances', 'Share of income taken by all instalments'],
    definition: [
      'Échéance du crédit demandé et échéances connues des crédits en cours ailleurs, divisées par le revenu déclaré.',
      'The instalment of the credit asked for and the known ones of running credits elsewhere, over the declared income.',
    ],
    claim: [
      ['Toutes les échéances, celle du crédit demandé comprise, prennent', ' du revenu déclaré'],
      ['All instalments, that of the credit asked for included, take', ' of the declared income'],
    ],
    from: ['annuityAmount', 'bureauAnnuityAmount', 'incomeAmount'],
    code: 'BUREAU_DEBT',
    risk: 'increases-risk',
    compute: (annuity = Number.NaN, elsewhere = Number.NaN, income = Number.NaN) => (annuity + elsewhere) / income,
  }),
  quotient({
    name: 'creditToLargestPastCredit',
    label: ['Crédit demandé rapporté au plus grand crédit passé', 'Credit asked for over the largest past loan'],
    definition: [
      'Montant du crédit demandé, divisé par le plus grand montant que le prêteur a accordé au client.',
      'The amount asked for over the largest amount that the lender has granted the client.',
    ],
    claim: [
      ['Le crédit demandé vaut', ' du plus grand crédit accordé par le passé'],
      ['The credit asked for is', ' of the largest loan granted in the past'],
    ],
    from: ['creditAmount', 'pastLargestGrantedAmount'],
    code: 'PAST_LOAN_TERMS',
    notApplicable: [neverGranted],
  }),
  quotient({
    name: 'creditToMeanPastAsked',
    label: ['Crédit demandé rapporté aux montants demandés par le passé', 'Credit asked for over the amounts asked for in the past'],
    definition: [
      'Montant du crédit demandé, divisé par le montant moyen demandé par le passé.',
      'The amount asked for over the mean amount asked for in the past.',
    ],
    claim: [
      ['Le crédit demandé vaut', ' de ce que le client demandait en moyenne'],
      ['The credit asked for is', ' of what the client asked for on average'],
    ],
    from: ['creditAmount', 'pastMeanAskedAmount'],
    code: 'PAST_LOAN_TERMS',
  }),
  quotient({
    name: 'annuityToLargestPastAnnuity',
    label: ['Échéance demandée rapportée à la plus grande échéance passée', 'Instalment asked for over the largest past one'],
    definition: [
      'Échéance du crédit demandé, divisée par la plus grande échéance des crédits accordés par le passé.',
      'The instalment of the credit asked for over the largest instalment of loans granted in the past.',
    ],
    claim: [
      ['L’échéance du crédit demandé vaut', ' de la plus grande échéance d’un crédit passé'],
      ['The instalment asked for is', ' of the largest instalment of a past loan'],
    ],
    from: ['annuityAmount', 'pastLargestAnnuityAmount'],
    code: 'PAST_LOAN_TERMS',
    notApplicable: [neverGranted],
  }),
  quotient({
    name: 'annuityToMeanPastInstalment',
    label: ['Échéance demandée rapportée aux échéances passées', 'Instalment asked for over past instalments'],
    definition: [
      'Échéance du crédit demandé, divisée par le montant moyen des échéances passées.',
      'The instalment of the credit asked for over the mean amount of past instalments.',
    ],
    claim: [
      ['L’échéance du crédit demandé vaut', ' de celles que le client payait en moyenne'],
      ['The instalment asked for is', ' of those that the client paid on average'],
    ],
    from: ['annuityAmount', 'instalmentsMeanDueAmount'],
    code: 'PAYMENT_VOLUME',
  }),
  quotient({
    name: 'pastInstalmentsToIncome',
    label: ['Échéances des 12 derniers mois rapportées au revenu', 'Instalments of the last 12 months over income'],
    definition: [
      'Montant des échéances des 12 derniers mois auprès du prêteur, divisé par le revenu déclaré.',
      'The amount due to the lender over the last 12 months, over the declared income.',
    ],
    claim: [
      ['Les échéances des 12 derniers mois auprès du prêteur valent', ' du revenu déclaré'],
      ['The instalments due to the lender over the last 12 months are', ' of the declared income'],
    ],
    from: ['instalmentsDueLast12MonthsAmount', 'incomeAmount'],
    code: 'PAYMENT_VOLUME',
  }),
  quotient({
    name: 'cardBalanceToIncome',
    label: ['Solde de la carte rapporté au revenu', 'Card balance over income'],
    definition: [
      'Solde dû moyen de la carte sur les 3 derniers mois, divisé par le revenu déclaré.',
      'The mean balance owed on the card over the last 3 months, over the declared income.',
    ],
    claim: [
      ['Le solde dû de la carte vaut', ' du revenu déclaré'],
      ['The balance owed on the card is', ' of the declared income'],
    ],
    from: ['cardMeanBalanceLast3MonthsAmount', 'incomeAmount'],
    code: 'CARD_UTILISATION',
    risk: 'increases-risk',
  }),
];
