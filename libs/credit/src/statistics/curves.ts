import { checkBothClasses, groupByScore } from './labelled-scores.ts';
import { spreadAlong, stepsDown } from './score-bins.ts';
import { StatisticsError } from './statistics-error.ts';

/** Declining rows whose score is at or above `threshold`. The first point declines nobody: its threshold is Infinity. */
export interface RocPoint {
  readonly threshold: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly recall: number;
  readonly precision: number;
}

export interface GainsPoint {
  /** Riskiest share of the rows, 0..1. */
  readonly shareOfRows: number;
  /** Share of all defaults found there, 0..1. */
  readonly shareOfDefaults: number;
  /** Default rate there over that of all rows; at 0 rows that of the riskiest score. */
  readonly lift: number;
}

const checkMaxPoints = (maxPoints: number): void => {
  if (!(maxPoints >= 2)) throw new StatisticsError('argument-out-of-range', 'a curve needs at least two points');
};

/** Positions on the upper convex hull of points that go right and up; both ends are on it. */
const hullPositions = (points: readonly RocPoint[]): readonly number[] => {
  const hull: number[] = [];
  for (const [index, point] of points.entries()) {
    while (hull.length >= 2) {
      const last = points[hull.at(-1) ?? 0];
      const before = points[hull.at(-2) ?? 0];
      if (last === undefined || before === undefined) break;
      const turn =
        (last.falsePositiveRate - before.falsePositiveRate) * (point.truePositiveRate - before.truePositiveRate) -
        (last.truePositiveRate - before.truePositiveRate) * (point.falsePositiveRate - before.falsePositiveRate);
      if (turn < 0) break;
      hull.pop();
    }
    hull.push(index);
  }
  return hull;
};

/**
 * ROC curve from (0, 0) to (1, 1), a point a distinct score (scikit-learn's `roc_curve` with `drop_intermediate=False`), or thinned
 * to about `maxPoints`: the whole upper convex hull, which holds every optimum of a cost, and points evenly spread between.
 * @throws StatisticsError as rocAuc, and argument-out-of-range below two points
 */
export const rocCurve = (labels: ArrayLike<number>, scores: ArrayLike<number>, maxPoints = Infinity): readonly RocPoint[] => {
  checkMaxPoints(maxPoints);
  const sample = groupByScore(labels, scores);
  checkBothClasses(sample);
  const points: RocPoint[] = [
    { threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 },
    ...stepsDown(sample).map(({ positives, rows, threshold }) => ({
      threshold,
      falsePositiveRate: (rows - positives) / sample.negatives,
      truePositiveRate: positives / sample.positives,
    })),
  ];
  if (points.length <= maxPoints) return points;
  const kept = new Set(hullPositions(points));
  const lengths = Float64Array.from(points, ({ falsePositiveRate, truePositiveRate }) => falsePositiveRate + truePositiveRate);
  for (const position of spreadAlong(lengths, Math.max(2, maxPoints - kept.size))) kept.add(position);
  return points.filter((_, index) => kept.has(index));
};

/**
 * Precision and recall at every distinct score from the highest down (scikit-learn's `precision_recall_curve`, in the other order
 * and without its closing point at recall 0), or at most `maxPoints` of them, evenly spread along the recall.
 * @throws StatisticsError as rocCurve
 */
export const precisionRecallCurve = (labels: ArrayLike<number>, scores: ArrayLike<number>, maxPoints = Infinity): readonly PrecisionRecallPoint[] => {
  checkMaxPoints(maxPoints);
  const sample = groupByScore(labels, scores);
  checkBothClasses(sample);
  const points = stepsDown(sample).map(({ positives, rows, threshold }) => ({
    threshold,
    recall: positives / sample.positives,
    precision: positives / rows,
  }));
  const kept = spreadAlong(
    Float64Array.from(points, ({ recall }) => recall),
    maxPoints,
  );
  return kept.flatMap((position) => points[position] ?? []);
};

/**
 * Cumulative gains and lift: of the riskiest share of rows, which share of the defaults, by distinct score or at most `maxPoints` of
 * them, evenly spread along the rows; from (0, 0) to (1, 1).
 * @throws StatisticsError as rocCurve
 */
export const cumulativeGains = (labels: ArrayLike<number>, scores: ArrayLike<number>, maxPoints = Infinity): readonly GainsPoint[] => {
  checkMaxPoints(maxPoints);
  const sample = groupByScore(labels, scores);
  checkBothClasses(sample);
  const points = stepsDown(sample).map(({ positives, rows }) => ({
    shareOfRows: rows / sample.rows,
    shareOfDefaults: positives / sample.positives,
    lift: (positives * sample.rows) / (rows * sample.positives),
  }));
  const all = [{ shareOfRows: 0, shareOfDefaults: 0, lift: points[0]?.lift ?? Number.NaN }, ...points];
  const kept = spreadAlong(
    Float64Array.from(all, ({ shareOfRows }) => shareOfRows),
    maxPoints,
  );
  return kept.flatMap((position) => all[position] ?? []);
};
