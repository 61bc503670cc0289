import { logNormalInterval, normalInterval, wilsonInterval, type Interval } from '../statistics/intervals.ts';
import { calibrationRegression, observedToExpected, rocAucInterval, StatisticsError, type ObservedToExpected } from '../statistics/index.ts';
import { at, checkLabel, checkLengths, checkProbabilities } from '../statistics/labelled-scores.ts';

export interface FairnessSample {
  /** Each row's group (sex, age band, …) by name; null where unknown. */
  readonly groups: ArrayLike<string | null>;
  /** 1 defaulted, 0 repaid. */
  readonly labels: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
  /** 1 approved, 0 declined, by the proposal or the decision that is to be judged. */
  readonly approvals: ArrayLike<number>;
}

export interface FairnessOptions {
  /** Groups with fewer rows are named and not judged. */
  readonly minRows: number;
  /** The group that the others are compared with; the largest when absent. */
  readonly referenceGroup?: string;
}

/** A share among some rows of a group; null where there is no such row. */
export interface GroupShare {
  readonly rows: number;
  readonly rate: Interval | null;
}

/** Against the reference group; null for that group itself, and where a share has no row. */
export interface GroupComparison {
  /**
   * Approval rate over the reference's with the log-normal interval of Katz et al. (Biometrics 34, 1978); null also where either approves
   * nobody. The four-fifths rule (29 CFR 1607.4 D) asks for 0.8.
   */
  readonly approvalRatio: Interval | null;
  /** Of that ratio to 0.8: `unclear` when the interval holds 0.8; null where there is no ratio. */
  readonly fourFifths: 'met' | 'unclear' | 'not-met' | null;
  /** Difference of approval rates. This and the next four: Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10). */
  readonly approvalDifference: Interval | null;
  /** Among those who repaid (Hardt, Price and Srebro, 2016): equal opportunity. */
  readonly equalOpportunityDifference: Interval | null;
  /** Among those who defaulted; with the one above, equalised odds. */
  readonly defaultedApprovalDifference: Interval | null;
  /** Difference of default rates among the approved: predictive parity. */
  readonly approvedDefaultRateDifference: Interval | null;
  /** Difference of default rates whatever the decision: what the outcomes themselves say. */
  readonly defaultRateDifference: Interval | null;
  /** (mean pd − reference's) / √((s² + s²_reference)/2), with the interval of Hedges and Olkin (1985). */
  readonly standardisedMeanDifference: Interval | null;
}

export interface GroupFairness {
  readonly group: string;
  readonly rows: number;
  readonly defaults: number;
  readonly isReference: boolean;
  readonly meanProbability: number;
  /** Shares with Wilson's interval. */
  readonly defaultRate: GroupShare;
  readonly approvalRate: GroupShare;
  readonly approvalRateAmongRepaid: GroupShare;
  readonly approvalRateAmongDefaulted: GroupShare;
  readonly defaultRateAmongApproved: GroupShare;
  readonly observedToExpected: ObservedToExpected | null;
  /** Null where the group has one class only, or its probabilities cannot carry a line. */
  readonly calibrationSlope: Interval | null;
  /** By DeLong; null below two rows of a class. */
  readonly rocAuc: Interval | null;
  readonly comparison: GroupComparison;
}

export interface FairnessReport {
  readonly referenceGroup: string;
  /** Largest first. */
  readonly groups: readonly GroupFairness[];
  readonly notJudged: readonly { readonly group: string; readonly rows: number }[];
  /** Rows whose group is unknown. */
  readonly unknownRows: number;
  /** Greatest less least over the judged groups (fairlearn's definitions); null where a group lacks the rows for it. */
  readonly approvalRateSpread: number;
  /** Least over greatest approval rate; null when nobody is approved. */
  readonly approvalRateRatio: number | null;
  readonly equalOpportunitySpread: number | null;
  /** The greater of the spreads of approval among the repaid and among the defaulted. */
  readonly equalisedOddsSpread: number | null;
}

interface GroupRows {
  readonly labels: number[];
  readonly probabilities: number[];
  approved: number;
  approvedRepaid: number;
  approvedDefaulted: number;
  defaults: number;
}

const share = (successes: number, rows: number): GroupShare => ({ rows, rate: rows === 0 ? null : wilsonInterval(successes, rows) });

/** Newcombe's method 10: the two Wilson intervals combined. */
const differenceOf = ({ rate: first }: GroupShare, { rate: second }: GroupShare): Interval | null => {
  if (first === null || second === null) return null;
  const value = first.value - second.value;
  return {
    value,
    lower: value - Math.hypot(first.value - first.lower, second.upper - second.value),
    upper: value + Math.hypot(first.upper - first.value, second.value - second.lower),
  };
};

const ratioOf = (first: GroupShare, second: GroupShare): Interval | null => {
  const a = first.rate?.value ?? 0;
  const b = second.rate?.value ?? 0;
  if (a === 0 || b === 0) return null;
  return logNormalInterval(a / b, Math.sqrt((1 - a) / (first.rows * a) + (1 - b) / (second.rows * b)));
};

const fourFifths = 0.8;

const judgeRatio = (ratio: Interval | null): GroupComparison['fourFifths'] => {
  if (ratio === null) return null;
  if (ratio.lower >= fourFifths) return 'met';
  return ratio.upper < fourFifths ? 'not-met' : 'unclear';
};

const momentsOf = (values: readonly number[]): { readonly mean: number; readonly variance: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
};

const standardisedMeanDifference = (group: readonly number[], reference: readonly number[]): Interval | null => {
  const a = momentsOf(group);
  const b = momentsOf(reference);
  const spread = Math.sqrt((a.variance + b.variance) / 2);
  if (!(spread > 0)) return null;
  const value = (a.mean - b.mean) / spread;
  const [n, m] = [group.length, reference.length];
  return normalInterval(value, Math.sqrt((n + m) / (n * m) + (value * value) / (2 * (n + m))));
};

/** Null for what these rows cannot carry; anything else is a mistake of ours and is thrown. */
const orNull = <Value>(measure: () => Value): Value | null => {
  try {
    return measure();
  } catch (error) {
    if (error instanceof StatisticsError) return null;
    throw error;
  }
};

const calibrationSlopeOf = ({ labels, probabilities }: GroupRows): Interval | null =>
  orNull(() => {
    const margins = probabilities.map((probability) => Math.log(probability) - Math.log1p(-probability));
    return calibrationRegression(labels, margins).slope;
  });

const sharesOf = ({ approved, approvedDefaulted, approvedRepaid, defaults, labels }: GroupRows) => ({
  defaultRate: share(defaults, labels.length),
  approvalRate: share(approved, labels.length),
  approvalRateAmongRepaid: share(approvedRepaid, labels.length - defaults),
  approvalRateAmongDefaulted: share(approvedDefaulted, defaults),
  defaultRateAmongApproved: share(approvedDefaulted, approved),
});

const describe = (group: string, rows: GroupRows, reference: GroupRows): GroupFairness => {
  const shares = sharesOf(rows);
  const ofReference = sharesOf(reference);
  const isReference = rows === reference;
  const compare = (name: keyof typeof shares): Interval | null => (isReference ? null : differenceOf(shares[name], ofReference[name]));
  const approvalRatio = isReference ? null : ratioOf(shares.approvalRate, ofReference.approvalRate);
  return {
    group,
    rows: rows.labels.length,
    defaults: rows.defaults,
    isReference,
    meanProbability: momentsOf(rows.probabilities).mean,
    ...shares,
    observedToExpected: observedToExpected(rows.labels, rows.probabilities),
    calibrationSlope: calibrationSlopeOf(rows),
    rocAuc: orNull(() => rocAucInterval(rows.labels, rows.probabilities)),
    comparison: {
      approvalRatio,
      fourFifths: judgeRatio(approvalRatio),
      approvalDifference: compare('approvalRate'),
      equalOpportunityDifference: compare('approvalRateAmongRepaid'),
      defaultedApprovalDifference: compare('approvalRateAmongDefaulted'),
      approvedDefaultRateDifference: compare('defaultRateAmongApproved'),
      defaultRateDifference: compare('defaultRate'),
      standardisedMeanDifference: isReference ? null : standardisedMeanDifference(rows.probabilities, reference.probabilities),
    },
  };
};

const spreadOf = (shares: readonly GroupShare[]): number | null => {
  const rates = shares.flatMap(({ rate }) => (rate === null ? [] : [rate.value]));
  return rates.length < shares.length ? null : Math.max(...rates) - Math.min(...rates);
};

const collect = ({ approvals, groups, labels, probabilities }: FairnessSample) => {
  const byGroup = new Map<string, GroupRows>();
  let unknownRows = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = at(labels, row);
    const approval = at(approvals, row);
    checkLabel(label, row);
    if (approval !== 0 && approval !== 1) throw new StatisticsError('label-not-binary', `the approval of row ${row} is neither 0 nor 1`);
    const group = groups[row];
    if (group === null || group === undefined) {
      unknownRows++;
      continue;
    }
    let rows = byGroup.get(group);
    if (rows === undefined) {
      rows = { labels: [], probabilities: [], approved: 0, approvedRepaid: 0, approvedDefaulted: 0, defaults: 0 };
      byGroup.set(group, rows);
    }
    rows.labels.push(label);
    rows.probabilities.push(at(probabilities, row));
    rows.defaults += label;
    rows.approved += approval;
    rows.approvedDefaulted += approval * label;
    rows.approvedRepaid += approval * (1 - label);
  }
  return { byGroup, unknownRows };
};

/**
 * How a model and its decisions treat groups of clients: approval, equal opportunity, equalised odds, predictive parity, calibration and
 * ranking within each group, with 95 % intervals and comparisons with a reference group. Groups under `minRows` are named, not judged.
 * @throws StatisticsError lengths-differ, empty, label-not-binary (a label or an approval), probability-out-of-range,
 * argument-out-of-range (minRows under 2; no group reaches it; the reference group does not)
 */
export const measureFairness = (sample: FairnessSample, { minRows, referenceGroup }: FairnessOptions): FairnessReport => {
  const { approvals, groups, labels, probabilities } = sample;
  checkLengths(labels, probabilities);
  checkLengths(labels, approvals);
  if (groups.length !== labels.length) throw new StatisticsError('lengths-differ', `${groups.length} groups for ${labels.length} labels`);
  checkProbabilities(probabilities);
  if (!(Number.isInteger(minRows) && minRows >= 2)) throw new StatisticsError('argument-out-of-range', 'minRows must be an integer, at least 2');
  const { byGroup, unknownRows } = collect(sample);
  const bySize = [...byGroup].sort(([a, left], [b, right]) => right.labels.length - left.labels.length || (a < b ? -1 : 1));
  const judged = bySize.filter(([, rows]) => rows.labels.length >= minRows);
  const [referenceName, reference] = judged.find(([group]) => referenceGroup === undefined || group === referenceGroup) ?? [];
  if (referenceName === undefined || reference === undefined) {
    const who = referenceGroup === undefined ? 'the largest group' : `the reference group ${referenceGroup}`;
    throw new StatisticsError('argument-out-of-range', `${who} does not reach ${minRows} rows`);
  }
  const described = judged.map(([group, rows]) => describe(group, rows, reference));
  const approvalRates = described.flatMap(({ approvalRate }) => approvalRate.rate?.value ?? []);
  const amongRepaid = spreadOf(described.map(({ approvalRateAmongRepaid }) => approvalRateAmongRepaid));
  const amongDefaulted = spreadOf(described.map(({ approvalRateAmongDefaulted }) => approvalRateAmongDefaulted));
  const greatest = Math.max(...approvalRates);
  return {
    referenceGroup: referenceName,
    groups: described,
    notJudged: bySize.filter(([, rows]) => rows.labels.length < minRows).map(([group, rows]) => ({ group, rows: rows.labels.length })),
    unknownRows,
    approvalRateSpread: greatest - Math.min(...approvalRates),
    approvalRateRatio: greatest === 0 ? null : Math.min(...approvalRates) / greatest,
    equalOpportunitySpread: amongRepaid,
    equalisedOddsSpread: amongRepaid === null || amongDefaulted === null ? null : Math.max(amongRepaid, amongDefaulted),
  };
};
