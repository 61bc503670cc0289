import type { Explanation } from '@lisible/contracts';

/**
 * Rounds values so that the rounded ones add up to the rounded total: each goes down first, then those that lost most
 * gain a unit (largest remainder). No value moves by a whole unit or more as long as the values do sum to the total.
 */
export const roundToTotal = (values: readonly number[], total: number, decimals: number): number[] => {
  const scale = 10 ** decimals;
  const floors = values.map((value) => Math.floor(value * scale));
  const missing = Math.round(total * scale) - floors.reduce((sum, value) => sum + value, 0);
  const byLoss = values
    .map((value, index) => ({ index, loss: value * scale - Math.floor(value * scale) }))
    .sort((a, b) => b.loss - a.loss || a.index - b.index);
  const gains = new Set(byLoss.slice(0, Math.max(0, missing)).map(({ index }) => index));
  return floors.map((value, index) => (value + (gains.has(index) ? 1 : 0)) / scale);
};

/** What a reader can add up: reference + every point = risk, in cases per 100. */
export interface PointsToRead {
  readonly decimals: 1;
  readonly reference: number;
  readonly risk: number;
  /** risk − reference, as shown. */
  readonly gap: number;
  /** In the order of `reasonCodes`. */
  readonly reasons: readonly number[];
  readonly others: number;
}

const decimals = 1;
const tenth = (value: number): number => Math.round(value * 10) / 10;

/**
 * An explanation's points (percentage points) as figures per 100 that add up as shown. Each reason is rounded by itself, as wherever else it is told;
 * what that loses goes to the others, and only where there are none is it spread.
 */
export const pointsToRead = (explanation: Explanation): PointsToRead => {
  const reference = tenth(explanation.reference.probabilityOfDefault * 100);
  const risk = tenth(explanation.probabilityOfDefault * 100);
  const gap = tenth(risk - reference);
  const points = explanation.reasonCodes.map((reason) => reason.points);
  if (explanation.others.features > 0) {
    const reasons = points.map(tenth);
    return { decimals, reference, risk, gap, reasons, others: tenth(gap - reasons.reduce((sum, value) => sum + value, 0)) };
  }
  const rounded = roundToTotal([...points, explanation.others.points], gap, decimals);
  return { decimals, reference, risk, gap, reasons: rounded.slice(0, -1), others: rounded.at(-1) ?? 0 };
};
