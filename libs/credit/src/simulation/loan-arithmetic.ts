import type { LoanChange, LoanTerms } from '@lisible/contracts';

/** The price at which a loan is offered, held fixed while its amount and term change. */
export interface LoanPrice {
  /** Nominal annual rate: twelve monthly ones. */
  readonly annualRate: number;
  /** What each instalment holds beside interest and repayment: fees, rounding. */
  readonly monthlyFee: number;
}

export interface PricedLoan {
  readonly terms: LoanTerms;
  readonly price: LoanPrice;
}

const MONTHS_PER_YEAR = 12;

/** Monthly instalment of an amount at a nominal annual rate: A · i / (1 − (1 + i)^−n), i the monthly rate. */
export const instalmentOf = (amount: number, annualRate: number, termMonths: number): number => {
  const monthly = annualRate / MONTHS_PER_YEAR;
  return monthly === 0 ? amount / termMonths : (amount * monthly) / -Math.expm1(-termMonths * Math.log1p(monthly));
};

/** Months, not whole, in which instalments of this size repay the amount; infinite where they never do. */
const termOf = (amount: number, annualRate: number, instalment: number): number => {
  const monthly = annualRate / MONTHS_PER_YEAR;
  const interestShare = (amount * monthly) / instalment;
  if (instalment <= 0 || interestShare >= 1) return Number.POSITIVE_INFINITY;
  return monthly === 0 ? amount / instalment : -Math.log1p(-interestShare) / Math.log1p(monthly);
};

const nearest = (values: readonly number[], wanted: number): number =>
  values.reduce(
    (best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best),
    values.at(wanted === Number.POSITIVE_INFINITY ? -1 : 0) ?? wanted,
  );

const roundToCents = (amount: number): number => Math.round(amount * 100) / 100;

/** The loan's own term and those on offer, shortest first. */
export const termsOnOffer = ({ terms }: PricedLoan, offered: readonly number[]): readonly number[] =>
  [...new Set([...offered, terms.termMonths])].sort((a, b) => a - b);

/**
 * The loan with some of its terms changed at the same price: the instalment follows amount and term; a term or an instalment that was
 * asked for is met as nearly as the terms on offer allow; the price of the goods follows the amount. Nothing changed gives the same
 * loan back, to the last digit.
 */
export const changeLoan = (loan: PricedLoan, change: LoanChange, offered: readonly number[]): LoanTerms => {
  const { terms, price } = loan;
  const creditAmount = change.creditAmount ?? terms.creditAmount;
  const asked = change.annuityAmount;
  const wanted = asked === undefined ? (change.termMonths ?? terms.termMonths) : termOf(creditAmount, price.annualRate, asked - price.monthlyFee);
  const termMonths = nearest(termsOnOffer(loan, offered), wanted);
  if (creditAmount === terms.creditAmount && termMonths === terms.termMonths) return terms;
  const goodsPriceAmount = terms.goodsPriceAmount === null ? null : roundToCents((terms.goodsPriceAmount * creditAmount) / terms.creditAmount);
  return {
    creditAmount,
    goodsPriceAmount,
    termMonths,
    annuityAmount: roundToCents(instalmentOf(creditAmount, price.annualRate, termMonths) + price.monthlyFee),
  };
};

/** How a lender's applications tell a loan; a catalogue without it offers no simulation. */
export interface LoanReading {
  /** Names of the catalogue's fields. */
  readonly fields: { readonly creditAmount: string; readonly annuityAmount: string; readonly goodsPriceAmount: string | null };
  /** Terms on offer, in months. */
  readonly terms: readonly number[];
  /** Term and nominal annual rate that the model's features read in the amounts; NaN where they cannot be told. */
  readonly impliedTerms: (
    creditAmount: number,
    annuityAmount: number,
    goodsPriceAmount: number,
  ) => { readonly termMonths: number; readonly annualRate: number };
  readonly impliedPrice: (creditAmount: number, annuityAmount: number, termMonths: number) => LoanPrice;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

/** Null where the application does not tell amount, instalment and term. */
export const readLoan = ({ fields, impliedTerms, impliedPrice }: LoanReading, application: Readonly<Record<string, unknown>>): PricedLoan | null => {
  const creditAmount = numberOf(application[fields.creditAmount]);
  const annuityAmount = numberOf(application[fields.annuityAmount]);
  const goodsPrice = fields.goodsPriceAmount === null ? Number.NaN : numberOf(application[fields.goodsPriceAmount]);
  const { termMonths } = impliedTerms(creditAmount, annuityAmount, goodsPrice);
  const { annualRate, monthlyFee } = impliedPrice(creditAmount, annuityAmount, termMonths);
  if (!Number.isFinite(termMonths) || !Number.isFinite(annualRate)) return null;
  const goodsPriceAmount = Number.isNaN(goodsPrice) ? null : goodsPrice;
  return { terms: { creditAmount, annuityAmount, goodsPriceAmount, termMonths }, price: { annualRate, monthlyFee } };
};

/** How far the rate read in the amounts may lie from the one held fixed. */
const rateTolerance = 0.04;

/**
 * Whether the model's features read these amounts as the loan that is meant. Where they would see another term or rate, an estimate
 * would be of another loan, and says nothing of this one.
 */
export const isReadAsMeant = ({ impliedTerms }: LoanReading, { price }: PricedLoan, terms: LoanTerms): boolean => {
  const read = impliedTerms(terms.creditAmount, terms.annuityAmount, terms.goodsPriceAmount ?? Number.NaN);
  return read.termMonths === terms.termMonths && Math.abs(read.annualRate - price.annualRate) <= rateTolerance;
};

/** The application with these terms in its fields. */
export const withTerms = <A extends Readonly<Record<string, unknown>>>({ fields }: LoanReading, application: A, terms: LoanTerms): A => ({
  ...application,
  [fields.creditAmount]: terms.creditAmount,
  [fields.annuityAmount]: terms.annuityAmount,
  ...(fields.goodsPriceAmount === null || terms.goodsPriceAmount === null ? {} : { [fields.goodsPriceAmount]: terms.goodsPriceAmount }),
});

/** Amounts that a person would name: one, two or five times a power of ten, about fifty of them from nothing to the whole. */
export const amountStep = (amount: number): number => {
  const wanted = amount / 50;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([5, 2, 1].find((multiple) => multiple * power <= wanted) ?? 1) * power;
};

/** A smaller or longer loan and how much it asks of the client, 0 for the same one. */
export interface LoanCandidate {
  readonly terms: LoanTerms;
  readonly cost: number;
}

/** Below this share of what was asked, it is another project. */
const leastAmountShare = 0.4;
/** A tenth less money is a greater change than a tenth more months. */
const termWeight = 0.5;

/**
 * Every loan that could be advised: amounts a person would name, from what was asked downwards, at every term on offer, where the model
 * reads them as meant and no month costs the client more than was asked for: whoever was refused is not told to pay more. Sorted by cost:
 * share of the amount given up plus half of the share by which the term changes.
 */
export const loanCandidates = (loan: PricedLoan, reading: LoanReading): readonly LoanCandidate[] => {
  const { terms } = loan;
  const step = amountStep(terms.creditAmount);
  const least = terms.creditAmount * leastAmountShare;
  const rounded = Array.from({ length: 100 }, (_, index) => Math.floor(terms.creditAmount / step) * step - index * step);
  const amounts = [...new Set([terms.creditAmount, ...rounded.filter((amount) => amount >= least && amount <= terms.creditAmount)])];
  const candidates = amounts.flatMap((creditAmount) =>
    termsOnOffer(loan, reading.terms).map((termMonths): LoanCandidate => ({
      terms: changeLoan(loan, { creditAmount, termMonths }, reading.terms),
      cost: 1 - creditAmount / terms.creditAmount + termWeight * Math.abs(termMonths / terms.termMonths - 1),
    })),
  );
  return candidates
    .filter(({ terms: changed, cost }) => cost > 0 && changed.annuityAmount <= terms.annuityAmount && isReadAsMeant(reading, loan, changed))
    .sort((a, b) => a.cost - b.cost);
};
