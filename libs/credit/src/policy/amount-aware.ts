import type { AmountAwareCost } from '@lisible/contracts';

/** What the two mistakes about one loan cost, in the currency of its amount. */
export interface LoanCosts {
  /** Refusing a loan that would have been repaid; never below 0. */
  readonly falsePositive: number;
  /** Granting a loan that defaults. */
  readonly falseNegative: number;
}

/**
 * The costs of one loan of `amount` (> 0): example-dependent cost matrix of Bahnsen, Aouada and Ottersten, "Example-dependent
 * cost-sensitive logistic regression for credit scoring" (ICMLA 2014). The profit lost by a refusal is that of this loan less what the
 * money earns, or loses, with an average borrower; as in the authors' code it never turns into a gain.
 */
export const amountAwareCosts = (
  { lossGivenDefault, marginRate, averageAmount, averageDefaultRate }: Omit<AmountAwareCost, 'amountField' | 'thresholdBounds'>,
  amount: number,
): LoanCosts => {
  const lostWithAverageBorrower = averageAmount * (averageDefaultRate * lossGivenDefault - (1 - averageDefaultRate) * marginRate);
  return { falsePositive: Math.max(0, amount * marginRate + lostWithAverageBorrower), falseNegative: amount * lossGivenDefault };
};

/** The threshold at which granting and refusing a loan of `amount` (> 0) cost the same, held within the declared bounds; 0..1, both ends excluded. */
export const amountAwareThreshold = (cost: AmountAwareCost, amount: number): number => {
  const { falsePositive, falseNegative } = amountAwareCosts(cost, amount);
  const { lower, upper } = cost.thresholdBounds;
  return Math.min(upper, Math.max(lower, falsePositive / (falsePositive + falseNegative)));
};

/** Bounds where nobody declares others: half and twice the threshold (0..1) of the two costs, and never certainty. */
export const defaultThresholdBounds = (decisionThreshold: number): AmountAwareCost['thresholdBounds'] => ({
  lower: decisionThreshold / 2,
  upper: Math.min(2 * decisionThreshold, (1 + decisionThreshold) / 2),
});
