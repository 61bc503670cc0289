/** Ends a line of risk may have, 0..1: few and round, so that two dossiers look alike. */
const ends = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1] as const;

export interface RiskScale {
  readonly max: number;
  /** From 0 to `max`, both included. */
  readonly ticks: readonly number[];
}

/** The shortest round line on which every given probability (0..1) stands with some air to its right. */
export const riskScale = (probabilities: readonly number[]): RiskScale => {
  const needed = Math.max(...probabilities) * 1.15;
  const max = ends.find((end) => end >= needed) ?? 1;
  const step = max <= 0.1 ? 0.02 : max <= 0.3 ? 0.05 : max <= 0.6 ? 0.1 : 0.2;
  return { max, ticks: Array.from({ length: Math.round(max / step) + 1 }, (_, index) => Math.round(index * step * 100) / 100) };
};
