import { say, type FeatureDraft, type FeatureFunction, type NotApplicable } from '../../catalogue/index.ts';
import { loanFields } from '../fields/loan-requested.ts';
import { quotientSentences, subjectSentences } from '../sentences.ts';
import { feature } from './feature.ts';
import { impliedTerms, type ImpliedTerms } from './implied-terms.ts';

const contractTypes = loanFields.find(({ field }) => field.name === 'contractType')?.field.categories ?? [];
const codeOf = (value: string): number => contractTypes.findIndex((category) => category.value === value);
const CASH_LOAN = codeOf('cash-loan');

const revolving: NotApplicable = {
  feature: 'contractType',
  value: codeOf('revolving-loan'),
  statement: say(
    'Le crédit demandé est renouvelable : il n’a ni durée ni échéancier fixes.',
    'The credit asked for is revolving: it has no fixed term or schedule.',
  ),
};

/** Not « missing from the file »: the amounts are there as a rule, and fit no usual term. */
const withoutEstimate = {
  missing: say(
    'Ni le taux ni la durée du crédit ne peuvent être estimés d’après ses montants.',
    'Neither rate nor term of the loan can be estimated from its amounts.',
  ),
};

const amounts = ['contractType', 'creditAmount', 'annuityAmount', 'goodsPriceAmount'] as const;

/**
 * Several features read the terms of one application, one right after the other, or each of some thousand applications in their order:
 * those sought last are kept, each in the place that its amounts lead to, where other amounts take it over.
 */
const createTermsSeeker = (): typeof impliedTerms => {
  const numPlaces = 4096;
  const sought = new Float64Array(3 * numPlaces).fill(Number.NaN);
  const found = new Array<ImpliedTerms>(numPlaces).fill(impliedTerms(Number.NaN, Number.NaN, Number.NaN));
  return (creditAmount, annuityAmount, goodsPriceAmount) => {
    // Whatever is not finite leads to place 0.
    const place = Math.trunc(creditAmount * 31 + annuityAmount * 17 + goodsPriceAmount) & (numPlaces - 1);
    const at = 3 * place;
    if (!Object.is(sought[at], creditAmount) || !Object.is(sought[at + 1], annuityAmount) || !Object.is(sought[at + 2], goodsPriceAmount)) {
      sought[at] = creditAmount;
      sought[at + 1] = annuityAmount;
      sought[at + 2] = goodsPriceAmount;
      found[place] = impliedTerms(creditAmount, annuityAmount, goodsPriceAmount);
    }
    return found[place] ?? impliedTerms(creditAmount, annuityAmount, goodsPriceAmount);
  };
};
const seekTerms = createTermsSeeker();

/** A reading of the implied terms; NaN for whatever is no cash loan. */
const ofTerms =
  (read: (terms: ImpliedTerms, annuityAmount: number, goodsPriceAmount: number) => number): FeatureFunction =>
  (contractType = Number.NaN, creditAmount = Number.NaN, annuityAmount = Number.NaN, goodsPriceAmount = Number.NaN) =>
    contractType === CASH_LOAN ? read(seekTerms(creditAmount, annuityAmount, goodsPriceAmount), annuityAmount, goodsPriceAmount) : Number.NaN;

/** What the loan costs: the table tells neither rate nor term, the amounts imply both. */
export const loanPriceFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'impliedAnnualRate',
    label: ['Taux d’intérêt annuel estimé', 'Estimated annual interest rate'],
    definition: [
      'Taux nominal annuel auquel l’échéance, hors frais mensuels, rembourse le crédit : moyenne sur les durées usuelles, pondérée par leur vraisemblance.',
      'Nominal annual rate at which the instalment, monthly fee aside, repays the credit: the mean over the usual terms, weighted by how likely each is.',
    ],
    theme: 'loan-requested',
    unit: 'share',
    decimals: 1,
    from: amounts,
    reasonCode: 'LOAN_PRICE',
    monotoneDirection: 'increases-risk',
    sentences: {
      ...subjectSentences(
        ['Taux d’intérêt annuel estimé', 'Estimated annual interest rate'],
        ['Le taux d’intérêt annuel estimé d’après les montants du crédit', 'The annual interest rate estimated from the loan’s amounts'],
        {
          higher: ['est plus élevé', 'is higher'],
          lower: ['est moins élevé', 'is lower'],
          same: ['est habituel', 'is usual'],
        },
      ),
      ...withoutEstimate,
    },
    notApplicable: [revolving],
    compute: ofTerms(({ annualRate }) => annualRate),
  }),
  feature({
    name: 'impliedTermMonths',
    label: ['Durée estimée du crédit', 'Estimated term of the loan'],
    definition: [
      'Durée usuelle, de 12 à 60 mois, à laquelle montant, échéance et prix du bien s’accordent le mieux aux tarifs du prêteur.',
      'The usual term, 12 to 60 months, at which credit, instalment and price of the goods agree best with the lender’s tariffs.',
    ],
    theme: 'loan-requested',
    unit: 'months',
    from: amounts,
    reasonCode: 'LOAN_TERM',
    sentences: {
      ...subjectSentences(
        ['Durée estimée du crédit', 'Estimated term of the loan'],
        ['La durée estimée d’après les montants du crédit', 'The term estimated from the loan’s amounts'],
        {
          higher: ['est plus longue', 'is longer'],
          lower: ['est plus courte', 'is shorter'],
          same: ['est habituelle', 'is usual'],
        },
      ),
      ...withoutEstimate,
    },
    notApplicable: [revolving],
    compute: ofTerms(({ termMonths }) => termMonths),
  }),
  feature({
    name: 'repaidToGoodsPrice',
    label: ['Somme à rembourser rapportée au prix du bien', 'Amount to repay over the price of the goods'],
    definition: [
      'Total des échéances sur la durée estimée, divisé par le prix du bien : intérêts, frais et assurance compris.',
      'All instalments over the estimated term, divided by the price of the goods: interest, fees and insurance included.',
    ],
    theme: 'loan-requested',
    unit: 'none',
    decimals: 2,
    from: amounts,
    reasonCode: 'LOAN_PRICE',
    sentences: {
      ...quotientSentences(
        ['Somme à rembourser rapportée au prix du bien', 'Amount to repay over the price of the goods'],
        [
          ['Sur la durée estimée, les échéances totalisent', ' le prix du bien'],
          ['Over the estimated term, the instalments add up to', ' the price of the goods'],
        ],
        ['fois', 'times'],
      ),
      ...withoutEstimate,
    },
    notApplicable: [revolving],
    compute: ofTerms(({ termMonths }, annuityAmount, goodsPriceAmount) => (annuityAmount * termMonths) / goodsPriceAmount),
  }),
];
