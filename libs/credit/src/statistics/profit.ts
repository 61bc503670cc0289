import { at, checkLengths, checkProbabilities, createGroupFinder, groupByScore } from './labelled-scores.ts';
import { spreadAlong } from './score-bins.ts';
import { StatisticsError } from './statistics-error.ts';

export interface ProfitPoint {
  readonly threshold: number;
  readonly approvalRate: number;
  /** Gains of approved rows that repaid less losses of those that defaulted, over all rows, in the amounts' unit. */
  readonly profitPerApplication: number;
}

/**
 * Profit per application over thresholds when every row has its own amounts: `gains` if it repays, `losses` if it defaults (both at
 * least 0). At most about `maxPoints` thresholds, evenly spread along the ranks, the most profitable always among them.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, argument-out-of-range
 */
export const profitCurve = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { gains, losses }: { readonly gains: ArrayLike<number>; readonly losses: ArrayLike<number> },
  maxPoints = 200,
): { readonly points: readonly ProfitPoint[]; readonly best: ProfitPoint } => {
  if (!(maxPoints >= 2)) throw new StatisticsError('argument-out-of-range', 'a curve needs at least two points');
  checkLengths(labels, probabilities);
  checkLengths(labels, gains);
  checkLengths(labels, losses);
  checkProbabilities(probabilities);
  const sample = groupByScore(labels, probabilities);
  const { groups, rows } = sample;
  const find = createGroupFinder(sample);
  const profits = new Float64Array(groups.length);
  for (let row = 0; row < rows; row++) {
    const amount = at(labels, row) === 1 ? -at(losses, row) : at(gains, row);
    if (!Number.isFinite(amount)) throw new StatisticsError('argument-out-of-range', `an amount of row ${row} is not finite`);
    const group = find(at(probabilities, row));
    profits[group] = at(profits, group) + amount;
  }
  let profit = 0;
  let approved = 0;
  const all: ProfitPoint[] = [{ threshold: 0, approvalRate: 0, profitPerApplication: 0 }];
  for (const [index, { negatives, positives, score }] of groups.entries()) {
    if (score === 1) break;
    profit += at(profits, index);
    approved += negatives + positives;
    const next = groups[index + 1]?.score ?? 1;
    all.push({ threshold: next, approvalRate: approved / rows, profitPerApplication: profit / rows });
  }
  let bestPosition = 0;
  for (const [position, point] of all.entries()) {
    if (point.profitPerApplication > (all[bestPosition]?.profitPerApplication ?? Infinity)) bestPosition = position;
  }
  const kept = new Set([
    ...spreadAlong(
      Float64Array.from(all, ({ approvalRate }) => approvalRate),
      maxPoints,
    ),
    bestPosition,
  ]);
  return {
    points: all.filter((_, position) => kept.has(position)),
    best: all[bestPosition] ?? { threshold: 0, approvalRate: 0, profitPerApplication: 0 },
  };
};
