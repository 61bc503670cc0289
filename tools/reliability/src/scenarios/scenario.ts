import type { ServiceName } from '@lisible/contracts';
import type { RunOutcome } from '../run.ts';
import type { Session } from '../session.ts';

/** What a scenario found: the checker's verdict, and what it measured beside it. */
export interface ScenarioOutcome {
  readonly outcomes: readonly RunOutcome[];
  /** The figure's own number. */
  readonly value: number;
  /** The figure's limits on what was measured; the verdict is judged apart. */
  readonly isWithin: boolean;
  readonly details: Readonly<Record<string, number | string>>;
}

/** `full` is the figure; `short` within two minutes; `brief` for continuous integration, on a platform that several share. */
export type ScenarioSize = 'brief' | 'short' | 'full';

export interface Scenario {
  readonly name: string;
  readonly replicas: Partial<Record<ServiceName, number>>;
  act(session: Session, size: ScenarioSize, seeds: readonly number[]): Promise<ScenarioOutcome>;
}

export const violationsOf = (outcomes: readonly RunOutcome[]): number => outcomes.reduce((sum, { verdict }) => sum + verdict.violations.length, 0);

/** What every scenario tells of its runs. */
export const describeRuns = (outcomes: readonly RunOutcome[]): Readonly<Record<string, number | string>> => {
  const sum = (count: (outcome: RunOutcome) => number): number => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const violations = outcomes.flatMap(({ verdict }) => verdict.violations);
  const kinds = [...new Set(violations.map(({ kind }) => kind))];
  return {
    applications: sum(({ verdict }) => verdict.counts.submitted),
    decided: sum(({ verdict }) => verdict.counts.decided),
    explained: sum(({ verdict }) => verdict.counts.explained),
    'published again and absorbed': sum(({ verdict }) => verdict.counts.republished),
    'waiting callers served': sum(({ verdict }) => verdict.counts.callers),
    'of these at once': sum(({ verdict }) => verdict.counts.servedAtOnce),
    'dead letters': sum(({ verdict }) => verdict.counts.deadLetters),
    'entries in the record': sum(({ verdict }) => verdict.counts.events),
    violations: violations.length,
    ...(kinds.length === 0
      ? {}
      : { violated: kinds.map((kind) => `${kind} ${violations.filter((violation) => violation.kind === kind).length}`).join(', ') }),
  };
};

export const quantileOf = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};
