import { killAtRandom } from '../faults.ts';
import { runScenario } from '../run.ts';
import type { RunOutcome } from '../run.ts';
import { seededDraw } from '../workload.ts';
import type { Scenario } from './scenario.ts';
import { describeRuns, violationsOf } from './scenario.ts';

const sizes = {
  brief: { applications: 400, perSecond: 15, kills: 8 },
  short: { applications: 1_000, perSecond: 15, kills: 14 },
  full: { applications: 20_000, perSecond: 80, kills: 42 },
} as const;

/** Applications keep coming while every service, the broker, the database and the cache are killed at random. */
export const crash: Scenario = {
  name: 'crash',
  replicas: { gateway: 2, scoring: 2, explainer: 2 },
  async act(session, size, seeds) {
    const { applications, perSecond, kills } = sizes[size];
    const outcomes: RunOutcome[] = [];
    for (const seed of seeds) {
      const outcome = await runScenario(session, { scenario: 'crash', seed, drainMs: 180_000 }, async (run) => {
        await Promise.all([
          run.drive({ perSecond, seconds: applications / perSecond, callersInThousand: 50 }),
          killAtRandom(run, kills, seededDraw(seed)),
        ]);
      });
      outcomes.push(outcome);
    }
    const killed = outcomes.map(({ verdict }) => verdict.counts.kills);
    const ended = outcomes.reduce(
      (sum, { entries }) => sum + entries.filter((entry) => entry.kind === 'fault' && entry.detail === 'by itself').length,
      0,
    );
    const victims = new Set(
      outcomes.flatMap(({ entries }) => entries.flatMap((entry) => (entry.kind === 'fault' && entry.fault === 'kill' ? [entry.target] : []))),
    );
    return {
      outcomes,
      value: violationsOf(outcomes),
      isWithin: killed.every((count) => count >= kills),
      details: {
        ...describeRuns(outcomes),
        kills: killed.join(' + '),
        seeds: seeds.join(' '),
        'ended by themselves while the database was away': ended,
        victims: [...victims].sort().join(' '),
      },
    };
  },
};
