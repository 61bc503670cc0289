import type { DecisionOutcome, Policy } from '@lisible/contracts';
import type { Interval } from '../statistics/index.ts';
import { amountAwareCosts } from './amount-aware.ts';
import { amountOf } from './application-threshold.ts';
import { decide, isInGreyZone, type PolicyOutcome } from './decide.ts';
import { PolicyError } from './policy-error.ts';
import type { PolicyRow } from './recommend-policy.ts';

/** `count` of some rows, as a share (0..1) with Wilson's interval. */
export interface CountedShare extends Interval {
  readonly count: number;
}

export interface RuleEffect {
  readonly code: string;
  readonly effect: 'decline' | 'refer';
  /** Of all rows. */
  readonly hits: CountedShare;
  /** Rows whose decision would be another without this rule. */
  readonly decisive: number;
  /** Of the rows that meet it; null without any. */
  readonly defaultRate: CountedShare | null;
}

export interface DecisionFlip {
  readonly from: DecisionOutcome;
  readonly to: DecisionOutcome;
  /** Of all rows. */
  readonly rows: CountedShare;
  /** Of the rows that change. */
  readonly defaultRate: CountedShare;
}

/** What a policy does to labelled rows. Shares are of all rows and add to 1. */
export interface PolicyEffect {
  readonly rows: number;
  readonly approved: CountedShare;
  readonly referred: CountedShare;
  readonly declined: CountedShare;
  /** Referred by the grey zone alone, no rule having been met. */
  readonly referredByGreyZone: CountedShare;
  readonly declinedByRule: CountedShare;
  /** Null where nobody is approved. */
  readonly defaultRateAmongApproved: CountedShare | null;
  /** Mean cost of the model's own proposals, in the unit of the judging costs: what a good client refused costs is `falsePositive` of it. */
  readonly costPerApplication: Interval;
  /** The same in the currency of the amounts, over the rows that have one; null without amount-aware costs to judge by. */
  readonly amountAwareCostPerApplication: Interval | null;
  /** Least, middle and greatest threshold of a row. */
  readonly thresholds: { readonly least: number; readonly median: number; readonly greatest: number };
  /** In declared order. */
  readonly rules: readonly RuleEffect[];
}

/** How decisions change from one policy to another, on the same rows. */
export interface PolicyComparison {
  /** Decisions that stay. */
  readonly agreement: CountedShare;
  /** Kinds of change that occur, the most frequent first. */
  readonly flips: readonly DecisionFlip[];
  /** Cost of the second less that of the first, row by row, in the judging costs' unit. */
  readonly costDifference: Interval;
  readonly amountAwareCostDifference: Interval | null;
}

/** The costs that proposals are judged by: those of either policy. */
export type JudgingCosts = Pick<Policy, 'misclassificationCost' | 'amountAwareCost'>;

/** Two-sided 95 % of the standard normal distribution. */
const normalQuantile = 1.959963984540054;

/** Wilson, Journal of the American Statistical Association 22 (1927). `total` above 0. */
const shareOf = (count: number, total: number): CountedShare => {
  const value = count / total;
  const square = normalQuantile ** 2;
  const centre = (value + square / (2 * total)) / (1 + square / total);
  const half = (normalQuantile * Math.sqrt((value * (1 - value)) / total + square / (4 * total ** 2))) / (1 + square / total);
  // At 0 and at all the closed form misses the end by rounding only.
  return { count, value, lower: count === 0 ? 0 : centre - half, upper: count === total ? 1 : centre + half };
};

/** Mean with the normal approximation of its sampling error; a single value has no spread. */
const meanOf = (values: readonly number[]): Interval => {
  const value = values.reduce((sum, next) => sum + next, 0) / values.length;
  const squares = values.reduce((sum, next) => sum + (next - value) ** 2, 0);
  const half = values.length < 2 ? 0 : normalQuantile * Math.sqrt(squares / (values.length - 1) / values.length);
  return { value, lower: value - half, upper: value + half };
};

interface DecidedRow {
  readonly row: PolicyRow;
  readonly outcome: PolicyOutcome;
}

const decideAll = (policy: Policy, rows: readonly PolicyRow[]): readonly DecidedRow[] => {
  if (rows.length === 0) throw new PolicyError('no-probability', 'no row to judge a policy by');
  return rows.map((row) => ({ row, outcome: decide(policy, row) }));
};

const costOf = ({ row: { defaulted }, outcome: { proposal } }: DecidedRow, costs: { falsePositive: number; falseNegative: number }): number => {
  if (proposal === 'approved') return defaulted === 1 ? costs.falseNegative : 0;
  return defaulted === 0 ? costs.falsePositive : 0;
};

/** One a row that has an amount. */
const amountAwareCostsOf = (decided: readonly DecidedRow[], judge: JudgingCosts): readonly number[] => {
  const { amountAwareCost } = judge;
  if (amountAwareCost === null || amountAwareCost === undefined) return [];
  return decided.flatMap((one) => {
    const amount = amountOf(judge, one.row.policyInputs);
    return amount === null ? [] : [costOf(one, amountAwareCosts(amountAwareCost, amount))];
  });
};

const defaultRateOf = (rows: readonly DecidedRow[]): CountedShare | null =>
  rows.length === 0
    ? null
    : shareOf(
        rows.reduce((sum, { row }) => sum + row.defaulted, 0),
        rows.length,
      );

/**
 * What a policy does to labelled rows (probabilities calibrated and out of fold): shares of decisions, default rate of the approved,
 * cost of the proposals, rules met. `judge` gives the costs that count, those of the policy itself by default: two policies are
 * compared under the same ones.
 * @throws PolicyError no-probability without a row, probability-out-of-range
 */
export const policyEffect = (policy: Policy, rows: readonly PolicyRow[], judge: JudgingCosts = policy): PolicyEffect => {
  const decided = decideAll(policy, rows);
  const total = rows.length;
  const approved = decided.filter(({ outcome }) => outcome.decision === 'approved');
  const count = (holds: (one: DecidedRow) => boolean): CountedShare => shareOf(decided.filter(holds).length, total);
  const withAmount = amountAwareCostsOf(decided, judge);
  const thresholds = decided.map(({ outcome }) => outcome.decisionThreshold).toSorted((a, b) => a - b);
  return {
    rows: total,
    approved: shareOf(approved.length, total),
    referred: count(({ outcome }) => outcome.decision === 'referred'),
    declined: count(({ outcome }) => outcome.decision === 'declined'),
    referredByGreyZone: count(({ outcome, row }) => outcome.ruleHits.length === 0 && isInGreyZone(outcome.greyZone, row.probabilityOfDefault)),
    declinedByRule: count(({ outcome }) => outcome.ruleHits.some(({ effect }) => effect === 'decline')),
    defaultRateAmongApproved: defaultRateOf(approved),
    costPerApplication: meanOf(decided.map((one) => costOf(one, judge.misclassificationCost))),
    amountAwareCostPerApplication: withAmount.length === 0 ? null : meanOf(withAmount),
    thresholds: {
      least: thresholds[0] ?? Number.NaN,
      median: thresholds[Math.floor((total - 1) / 2)] ?? Number.NaN,
      greatest: thresholds[total - 1] ?? Number.NaN,
    },
    rules: policy.rules.map(({ code, effect }): RuleEffect => {
      const met = decided.filter(({ outcome }) => outcome.ruleHits.some((hit) => hit.code === code));
      const without = { ...policy, rules: policy.rules.filter((rule) => rule.code !== code) };
      return {
        code,
        effect,
        hits: shareOf(met.length, total),
        decisive: met.filter(({ row, outcome }) => decide(without, row).decision !== outcome.decision).length,
        defaultRate: defaultRateOf(met),
      };
    }),
  };
};

/**
 * How decisions change when `policy` takes the place of `inForce`, on the same labelled rows; costs are judged by those of `policy`
 * unless said otherwise.
 * @throws PolicyError no-probability without a row, probability-out-of-range
 */
export const comparePolicies = (inForce: Policy, policy: Policy, rows: readonly PolicyRow[], judge: JudgingCosts = policy): PolicyComparison => {
  const before = decideAll(inForce, rows);
  const after = decideAll(policy, rows);
  const flips = new Map<string, { readonly from: DecisionOutcome; readonly to: DecisionOutcome; readonly rows: DecidedRow[] }>();
  const costDifferences: number[] = [];
  for (const [index, now] of after.entries()) {
    const then = before[index];
    if (then === undefined) continue;
    costDifferences.push(costOf(now, judge.misclassificationCost) - costOf(then, judge.misclassificationCost));
    const [from, to] = [then.outcome.decision, now.outcome.decision];
    if (from === to) continue;
    const known = flips.get(`${from} ${to}`);
    if (known === undefined) flips.set(`${from} ${to}`, { from, to, rows: [now] });
    else known.rows.push(now);
  }
  const changed = [...flips.values()].toSorted((a, b) => b.rows.length - a.rows.length);
  const amountsBefore = amountAwareCostsOf(before, judge);
  const amountDifferences = amountAwareCostsOf(after, judge).map((cost, index) => cost - (amountsBefore[index] ?? Number.NaN));
  return {
    agreement: shareOf(rows.length - changed.reduce((sum, flip) => sum + flip.rows.length, 0), rows.length),
    flips: changed.map(({ from, to, rows: changing }) => ({
      from,
      to,
      rows: shareOf(changing.length, rows.length),
      defaultRate: shareOf(
        changing.reduce((sum, { row }) => sum + row.defaulted, 0),
        changing.length,
      ),
    })),
    costDifference: meanOf(costDifferences),
    amountAwareCostDifference: amountDifferences.length === 0 ? null : meanOf(amountDifferences),
  };
};
