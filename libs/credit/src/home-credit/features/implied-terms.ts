/**
 * The term and the rate of a loan, read back from its amounts. Home Credit's application table tells credit, instalment and price of
 * the goods, and neither term nor rate; yet a lender sells few tariffs. Of the usual terms, the likeliest is the one at which the
 * instalment, less a monthly fee if it holds one, pays a rate of the tariff sheet, and at which the insurance, if any is financed,
 * costs a usual share of the price a month.
 *
 * The constants are read off `previous_application` of the shared extract (cash loans decided in the last two years, where the term is
 * told; 97.6 % of them lie on this sheet) and off the insurance shares of the application table: amounts only, never an outcome. The
 * rule finds the term of 95 % of the past loans, 96 % of those of the last year (`implied-terms.real-data.spec.ts`).
 */

/** Nominal annual rates (twelve monthly ones), and how many recent past loans were sold at each. */
const tariffs = [
  { rate: 0.17791, loans: 43 },
  { rate: 0.19795, loans: 296 },
  { rate: 0.21801, loans: 380 },
  { rate: 0.22808, loans: 102 },
  { rate: 0.23814, loans: 83 },
  { rate: 0.2481, loans: 488 },
  { rate: 0.29852, loans: 728 },
  { rate: 0.32888, loans: 152 },
  { rate: 0.34908, loans: 315 },
  { rate: 0.36938, loans: 50 },
  { rate: 0.39989, loans: 340 },
  { rate: 0.45099, loans: 235 },
  { rate: 0.47145, loans: 282 },
  { rate: 0.50211, loans: 206 },
  { rate: 0.55354, loans: 245 },
  { rate: 0.60517, loans: 87 },
  { rate: 0.70901, loans: 339 },
] as const;
const numLoans = tariffs.reduce((sum, { loans }) => sum + loans, 0);

/** What some instalments hold beside interest and repayment, whatever the loan: a monthly fee, in the source's currency. */
const monthlyFees = [0, 129.5] as const;

/** Outside these annual rates nothing was sold. */
const LOWEST_RATE = 0.17;
const HIGHEST_RATE = 0.73;
/** How far a rate may lie from the sheet's and still be it. */
const RATE_TOLERANCE = 0.0007;
/** Likelihood of a rate that no tariff explains. */
const OFF_SHEET = 0.0005;

/** Insurance is sold by the month, in multiples of this share of the price. */
const INSURANCE_STEP = 0.0011;
const insuranceMultiples = [1.8, 2.2, 3, 4, 5, 6, 8, 10] as const;
const MULTIPLE_TOLERANCE = 0.03;
/** Likelihood of any other multiple, beside 1 for a usual one. */
const UNUSUAL_INSURANCE = 0.05;
/** Below this share of the price, no insurance is financed. */
const NO_INSURANCE = 0.001;

const MONTHS_PER_YEAR = 12;

/** Present value of as many monthly instalments of 1 at a monthly rate: (1 − (1 + rate)^−months) / rate. */
const annuityFactor = (monthlyRate: number, months: number): number => -Math.expm1(-months * Math.log1p(monthlyRate)) / monthlyRate;

/** Months, how common each term is among recent past loans, and between how many instalments of credit its rates lie. */
const usualTerms = (
  [
    [12, 0.16],
    [18, 0.09],
    [24, 0.16],
    [30, 0.01],
    [36, 0.18],
    [42, 0.01],
    [48, 0.15],
    [54, 0.005],
    [60, 0.2],
  ] as const
).map(([months, weight]) => ({
  months,
  weight,
  least: annuityFactor(HIGHEST_RATE / MONTHS_PER_YEAR, months),
  greatest: annuityFactor(LOWEST_RATE / MONTHS_PER_YEAR, months),
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
  return rate * MONTHS_PER_YEAR;
};

const likelihoodOfRate = (annualRate: number): number => {
  const tariff = tariffs.find(({ rate }) => Math.abs(annualRate - rate) < RATE_TOLERANCE);
  return (tariff === undefined ? 0 : tariff.loans / numLoans) + OFF_SHEET;
};

const likelihoodOfInsurance = (insuranceToPrice: number, months: number): number => {
  if (!(insuranceToPrice >= NO_INSURANCE)) return 1;
  const multiple = insuranceToPrice / INSURANCE_STEP / months;
  return insuranceMultiples.some((usual) => Math.abs(multiple - usual) < MULTIPLE_TOLERANCE) ? 1 : UNUSUAL_INSURANCE;
};

export interface ImpliedTerms {
  /** The likeliest of the usual terms. */
  readonly termMonths: number;
  /**
   * Nominal annual rate, 0.17 to 0.73: the mean over the terms that are possible, weighted by how likely each is. Where the amounts lie
   * on the tariff sheet that is the sheet's rate; where they fit several terms (as typed in a simulation) it moves without jumps.
   */
  readonly annualRate: number;
}

/** The price of a loan whose term is known: the fee at which its rate lies nearest to one of the sheet, and that rate. */
export const impliedPrice = (
  creditAmount: number,
  annuityAmount: number,
  termMonths: number,
): { readonly annualRate: number; readonly monthlyFee: number } => {
  const [nearest] = monthlyFees
    .map((monthlyFee) => {
      const annualRate = annualRateOf(creditAmount / (annuityAmount - monthlyFee), termMonths);
      return { monthlyFee, annualRate, distance: Math.min(...tariffs.map(({ rate }) => Math.abs(annualRate - rate))) };
    })
    .filter(({ annualRate }) => !Number.isNaN(annualRate))
    .sort((a, b) => a.distance - b.distance);
  return nearest ?? { annualRate: Number.NaN, monthlyFee: 0 };
};

const unknownTerms: ImpliedTerms = { termMonths: Number.NaN, annualRate: Number.NaN };

/**
 * Term and rate that the amounts of a loan repaid in equal monthly instalments imply; both NaN where credit or instalment is missing
 * or no usual term fits. A missing price of the goods is taken as no insurance.
 */
export const impliedTerms = (creditAmount: number, annuityAmount: number, goodsPriceAmount: number): ImpliedTerms => {
  const insuranceToPrice = creditAmount / goodsPriceAmount - 1;
  let sum = 0;
  let rateSum = 0;
  let best = 0;
  let termMonths = Number.NaN;
  for (const { months, weight, least, greatest } of usualTerms) {
    for (const fee of monthlyFees) {
      const creditToAnnuity = creditAmount / (annuityAmount - fee);
      if (!(creditToAnnuity > least && creditToAnnuity < greatest)) continue;
      const annualRate = annualRateOf(creditToAnnuity, months);
      const likelihood = weight * likelihoodOfRate(annualRate) * likelihoodOfInsurance(insuranceToPrice, months);
      sum += likelihood;
      rateSum += likelihood * annualRate;
      if (likelihood > best) {
        best = likelihood;
        termMonths = months;
      }
    }
  }
  return sum === 0 ? unknownTerms : { termMonths, annualRate: rateSum / sum };
};
