/** Probability (0..1) of a log-odds margin; exact at ±Infinity, no overflow in between. */
export function sigmoid(margin: number): number {
  if (margin >= 0) return 1 / (1 + Math.exp(-margin));
  const odds = Math.exp(margin);
  return odds / (1 + odds);
}

/** Log-odds margin of a probability (0..1); -Infinity at 0, Infinity at 1. */
export function logit(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability);
}
