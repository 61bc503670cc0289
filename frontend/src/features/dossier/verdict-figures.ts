/** A verdict's figures as they are shown, in cases per 100: what is read adds up. */
export interface VerdictFigures {
  readonly decimals: 0 | 1 | 2;
  readonly risk: number;
  readonly threshold: number;
  /** Between the two figures shown, never negative. */
  readonly gap: number;
  readonly side: 'above' | 'below' | 'at';
}

const roundTo = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;

const figuresAt = (probability: number, threshold: number, decimals: VerdictFigures['decimals']): VerdictFigures => {
  const shownRisk = roundTo(probability * 100, decimals);
  const shownThreshold = roundTo(threshold * 100, decimals);
  const difference = roundTo(shownRisk - shownThreshold, decimals);
  return {
    decimals,
    risk: shownRisk,
    threshold: shownThreshold,
    gap: Math.abs(difference),
    side: difference > 0 ? 'above' : difference < 0 ? 'below' : 'at',
  };
};

/** Furthest that the gap between whole cases may be from the gap itself, in cases. */
const mostGapLost = 0.4;

/**
 * Probability and threshold (0..1) as figures per 100 and the gap between the figures shown.
 * Whole cases, unless they would mislead: within a point of the threshold, below one case, where both roundings add up, or on another side of the
 * grey zone. Then as many decimals as tell the two apart, at most two.
 */
export const verdictFigures = (
  probabilityOfDefault: number,
  decisionThreshold: number,
  greyZone: { readonly lower: number; readonly upper: number } | null = null,
): VerdictFigures => {
  const gap = Math.abs(probabilityOfDefault - decisionThreshold);
  const whole = figuresAt(probabilityOfDefault, decisionThreshold, 0);
  const isInZone = (probability: number): boolean => greyZone !== null && probability >= greyZone.lower && probability <= greyZone.upper;
  const isTold =
    gap >= 0.01 &&
    probabilityOfDefault >= 0.01 &&
    whole.side !== 'at' &&
    Math.abs(whole.gap - gap * 100) <= mostGapLost &&
    isInZone(whole.risk / 100) === isInZone(probabilityOfDefault);
  if (isTold) return whole;
  const tenths = figuresAt(probabilityOfDefault, decisionThreshold, 1);
  return tenths.side === 'at' ? figuresAt(probabilityOfDefault, decisionThreshold, 2) : tenths;
};
