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

/**
 * Probability and threshold (0..1) as figures per 100 and the gap between the figures shown.
 * Whole cases, unless the two lie within a point or the risk below one case: then as many decimals as tell them apart, at most two.
 */
export const verdictFigures = (probabilityOfDefault: number, decisionThreshold: number): VerdictFigures => {
  const isCoarseEnough = Math.abs(probabilityOfDefault - decisionThreshold) >= 0.01 && probabilityOfDefault >= 0.01;
  const whole = figuresAt(probabilityOfDefault, decisionThreshold, 0);
  if (isCoarseEnough && whole.side !== 'at') return whole;
  const tenths = figuresAt(probabilityOfDefault, decisionThreshold, 1);
  return tenths.side === 'at' ? figuresAt(probabilityOfDefault, decisionThreshold, 2) : tenths;
};
