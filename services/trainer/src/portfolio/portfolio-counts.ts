import { portfolioBins } from '@lisible/contracts';
import type { ApplicationDecided, DecisionOutcome, Proposal } from '@lisible/contracts';

/** Decisions that are alike in the first seven columns, which are the key. */
export interface PortfolioCountTable {
  /** In UTC, `2026-11-26`. */
  day: string;
  model_version: string;
  policy_version: number;
  currency: string;
  proposal: Proposal;
  decision: DecisionOutcome;
  /** Of the estimate, `binOf`. */
  bin: number;
  applications: number;
  /** Of the estimated probabilities of default. */
  pd_sum: number;
  /** How many of them say the amount asked for, and what it adds up to. */
  with_amount: number;
  amount_sum: number;
  /** ISO 8601 in UTC with milliseconds, so that texts compare as instants do. */
  last_decided_at: string;
}
export type PortfolioCount = Readonly<PortfolioCountTable>;

/** What rows are alike in. */
export const keyColumns = ['day', 'model_version', 'policy_version', 'currency', 'proposal', 'decision', 'bin'] as const;

/** The bin of an estimate, 0 … `portfolioBins` − 1; the last one is closed. */
export const binOf = (probabilityOfDefault: number): number => Math.min(Math.floor(probabilityOfDefault * portfolioBins), portfolioBins - 1);

/** The feature that says what was asked for, in the application's currency. */
const amountFeature = 'creditAmount';

/** One decision as a row of its own. */
export const countOf = (decided: ApplicationDecided): PortfolioCount => {
  const { modelVersion, policyVersion, currency, proposal, decision, probabilityOfDefault, features } = decided;
  const decidedAt = new Date(decided.decidedAt).toISOString();
  const amount = features[amountFeature] ?? null;
  return {
    day: decidedAt.slice(0, 10),
    model_version: modelVersion,
    policy_version: policyVersion,
    currency,
    proposal,
    decision,
    bin: binOf(probabilityOfDefault),
    applications: 1,
    pd_sum: probabilityOfDefault,
    with_amount: amount === null ? 0 : 1,
    amount_sum: amount ?? 0,
    last_decided_at: decidedAt,
  };
};

const keyOf = (count: PortfolioCount): string => JSON.stringify(keyColumns.map((column) => count[column]));

const add = (a: PortfolioCount, b: PortfolioCount): PortfolioCount => ({
  ...a,
  applications: a.applications + b.applications,
  pd_sum: a.pd_sum + b.pd_sum,
  with_amount: a.with_amount + b.with_amount,
  amount_sum: a.amount_sum + b.amount_sum,
  last_decided_at: a.last_decided_at > b.last_decided_at ? a.last_decided_at : b.last_decided_at,
});

/** Rows of one key become one; in the order of their keys, the same for whoever writes some of them: two writers never wait for each other. */
export const mergeCounts = (counts: readonly PortfolioCount[]): readonly PortfolioCount[] => {
  const merged = new Map<string, PortfolioCount>();
  for (const count of counts) {
    const key = keyOf(count);
    const known = merged.get(key);
    merged.set(key, known === undefined ? count : add(known, count));
  }
  return [...merged].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
};
