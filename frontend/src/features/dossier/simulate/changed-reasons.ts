import type { ReasonCode, Simulation } from '@lisible/contracts';

export interface ChangedReason {
  readonly code: string;
  readonly label: ReasonCode['label'];
  /** Points on 100; null where it is not among the reasons told. */
  readonly before: number | null;
  readonly after: number | null;
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** Reasons that a reader would see move, at a tenth of a point; greatest move first. */
export const changedReasons = ({ before, after }: Pick<Simulation, 'before' | 'after'>): readonly ChangedReason[] => {
  const pointsOf = (reasons: readonly ReasonCode[], code: string): number | null => {
    const points = reasons.find((reason) => reason.code === code)?.points;
    return points === undefined ? null : tenth(points);
  };
  const labels = new Map([...before.reasonCodes, ...after.reasonCodes].map(({ code, label }) => [code, label]));
  return [...labels]
    .map(([code, label]) => ({ code, label, before: pointsOf(before.reasonCodes, code), after: pointsOf(after.reasonCodes, code) }))
    .filter((reason) => reason.before !== reason.after)
    .sort((a, b) => Math.abs((b.after ?? 0) - (b.before ?? 0)) - Math.abs((a.after ?? 0) - (a.before ?? 0)));
};
