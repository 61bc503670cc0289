/**
 * The term and the rate of a loan, read back from its amounts. Home Credit's application table tells credit, instalment and price of
 * the goods, and neither term nor rate; yet a lender sells few tariffs. Of the usual terms, the likeliest is the one at which the
 * instalment pays a rate of the tariff sheet and at which the insurance, if any is financed, costs a usual share of the price a month.
 *
 * The constants are read off `previous_application` of the shared extract (cash loans decided in the last two years, where the term is
 * known) and off the insurance shares of the application table: amounts only, never an outcome. There the rule finds the term of 91 %
 * of the past loans, 94 % of those of the last year (`implied-terms.real-data.spec.ts`).
 */

/** Months, and how common each term is among recent past loans. */
const usualTerms = [
  { months: 12, weight: 0.16 },
  { months: 18, weight: 0.09 },
  { months: 24, weight: 0.16 },
  { months: 30, weight: 0.01 },
  { months: 36, weight: 0.18 },
  { months: 42, weight: 0.01 },
  { months: 48, weight: 0.15 },
  { months: 54, weight: 0.005 },
  { months: 60, weight: 0.2 },
] as const;

/** Nominal annual rates (twelve monthly ones), and how many recent past loans were sold at each or, for their fees, a little above. */
const tariffs = [
  { rate: 0.178, loans: 42 },
  { rate: 0.198, loans: 293 },
  { rate: 0.218, loans: 446 },
  { rate: 0.228, loans: 127 },
  { rate: 0.238, loans: 398 },
  { rate: 0.248, loans: 480 },
  { rate: 0.2985, loans: 698 },
  { rate: 0.329, loans: 119 },
  { rate: 0.349, loans: 313 },
  { rate: 0.3695, loans: 53 },
  { rate: 0.4, loans: 316 },
  { rate: 0.451, loans: 264 },
  { rate: 0.4715, loans: 228 },
  { rate: 0.502, loans: 194 },
  { rate: 0.5535, loans: 232 },
  { rate: 0.605, loans: 89 },
  { rate: 0.709, loans: 300 },
] as const;
const numLoans = tariffs.reduce((sum, { loans }) => sum + loans, 0);

/** Outside these annual rates nothing was sold. */
const LOWEST_RATE = 0.17;
const HIGHEST_RATE = 0.73;
/** How far a rate may lie from the sheet's and still be it. */
const RATE_TOLERANCE = 0.001;
/** Fees push some loans above the sheet: their share, and the mean distance. */
const ABOVE_SHEET_WEIGHT = 0.3;
const ABOVE_SHEET_SCALE = 0.005;
/** Likelihood of a rate that no tariff explains. */
const OFF_SHEET = 0.0005;

/** Insurance is sold by the month, in multiples of this share of the price. */
const INSURANCE_STEP = 0.0011;
const insuranceMultiples = [1.8, 2.2, 3, 4, 5, 6, 8, 10] as const;
const MULTIPLE_TOLERANCE = 0.03;
/** Likelihood of any other multiple, beside 1 for a usual one. */
const UNUSUAL_INSURANCE = 0.02;
/** Below this share of the price, no insurance is financed. */
const NO_INSURANCE = 0.001;

/** Months of instalments that repay 1 at a monthly rate: (1 − (1 + rate)^−months) / rate. */
const annuityFactor = (monthlyRate: number, months: number): number => -Math.expm1(-months * Math.log1p(monthlyRate)) / monthlyRate;

const termBounds = usualTerms.map(({ months }) => ({
  least: annuityFactor(HIGHEST_RATE / 12, months),
  greatest: annuityFactor(LOWEST_RATE / 12, months),
}));

const PRECISION = 1e-12;
const MAX_STEPS = 50;

/**
 * Nominal annual rate at which `months` equal instalments repay a credit of `creditToAnnuity` instalments, interest paid at each
 * month's end. NaN where no positive rate does: the instalments do not add up to the credit.
 */
export const annualRateOf = (creditToAnnuity: number, months: number): number => {
  if (!(creditToAnnuity > 0) || creditToAnnuity >= months) return Number.NaN;
  // The factor falls and is convex in the rate: from the left of the root, Newton's steps never overshoot. The factor is at least
  // months / (1 + rate)^((months + 1) / 2) (Jensen), which gives a start on the left.
  let rate = Math.expm1((2 / (months + 1)) * Math.log(months / creditToAnnuity));
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const discount = Math.exp(-months * Math.log1p(rate));
    const factor = (1 - discount) / rate;
    const slope = ((months * discount) / (1 + rate) - factor) / rate;
    const change = (creditToAnnuity - factor) / slope;
    rate += change;
    if (Math.abs(change) < PRECISION) break;
  }
  return rate * 12;
};

const likelihoodOfRate = (annualRate: number): number => {
  let likelihood = 0;
  for (const { rate, loans } of tariffs) {
    const above = annualRate - rate;
    if (above < -RATE_TOLERANCE) break;
    const onSheet = above < RATE_TOLERANCE ? 1 : 0;
    likelihood += (loans / numLoans) * (onSheet + ABOVE_SHEET_WEIGHT * Math.exp(-Math.max(above, 0) / ABOVE_SHEET_SCALE));
  }
  return likelihood + OFF_SHEET;
};

const likelihoodOfInsurance = (insuranceToPrice: number, months: number): number => {
  if (!(insuranceToPrice >= NO_INSURANCE)) return 1;
  const multiple = insuranceToPrice / INSURANCE_STEP / months;
  return insuranceMultiples.some((usual) => Math.abs(multiple - usual) < MULTIPLE_TOLERANCE) ? 1 : UNUSUAL_INSURANCE;
};

export interface ImpliedTerms {
  /** The likeliest of the usual terms. */
  readonly termMonths: number;
  /** Nominal annual rate, the mean over the terms that are possible, weighted by how likely each is: 0.17 to 0.73. */
  readonly annualRate: number;
}

const unknownTerms: ImpliedTerms = { termMonths: Number.NaN, annualRate: Number.NaN };

/**
 * Term and rate that the amounts of a loan repaid in equal monthly instalments imply; both NaN where credit or instalment is missing
 * or no usual term fits. A missing price of the goods is taken as no insurance.
 */
export const impliedTerms = (creditAmount: number, annuityAmount: number, goodsPriceAmount: number): ImpliedTerms => {
  const creditToAnnuity = creditAmount / annuityAmount;
  const insuranceToPrice = creditAmount / goodsPriceAmount - 1;
  let sum = 0;
  let rateSum = 0;
  let best = 0;
  let termMonths = Number.NaN;
  for (const [index, { months, weight }] of usualTerms.entries()) {
    const bounds = termBounds[index];
    if (bounds === undefined || !(creditToAnnuity > bounds.least && creditToAnnuity < bounds.greatest)) continue;
    const annualRate = annualRateOf(creditToAnnuity, months);
    const likelihood = weight * likelihoodOfRate(annualRate) * likelihoodOfInsurance(insuranceToPrice, months);
    sum += likelihood;
    rateSum += likelihood * annualRate;
    if (likelihood > best) {
      best = likelihood;
      termMonths = months;
    }
  }
  return sum === 0 ? unknownTerms : { termMonths, annualRate: rateSum / sum };
};
