import { topics } from '@lisible/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { endReplicas, findProcess, restartReplica } from '../faults.ts';
import type { FleetProcess } from '../fleet.ts';
import { measureDelays, measureLongestPause } from '../measures.ts';
import { runScenario } from '../run.ts';
import type { Run } from '../run.ts';
import type { Scenario } from './scenario.ts';
import { describeRuns, violationsOf } from './scenario.ts';

const secondsOf = { brief: 40, short: 80, full: 300 } as const;
const everyMs = 20_000;
const pauseLimitMs = 10_000;
const scaled = ['scoring', 'explainer'] as const;

/** Under load, from three replicas to one and back, every 20 s: ended in good order, as an orchestrator scales. */
export const rebalance: Scenario = {
  name: 'rebalance',
  replicas: { scoring: 3, explainer: 3 },
  async act(session, size, [seed = 1]) {
    const outcome = await runScenario(session, { scenario: 'rebalance', seed, drainMs: 120_000 }, async (run) => {
      const seconds = secondsOf[size];
      const load = run.drive({ perSecond: 50, seconds, callersInThousand: 20 });
      const until = performance.now() + seconds * 1_000;
      let isSmall = true;
      const extra = listExtra(run);
      await shrink(run, extra);
      while (performance.now() < until - 1_000) {
        const nextAt = performance.now() + everyMs;
        if (isSmall) grow(run, extra);
        else await shrink(run, extra);
        isSmall = !isSmall;
        await sleep(Math.max(0, Math.min(nextAt, until) - performance.now()));
      }
      if (isSmall) grow(run, extra);
      await load;
    });
    const pauseMs = measureLongestPause(outcome.entries);
    const slowestMs = measureDelays(outcome.entries, topics.applicationDecided).reduce((longest, { delayMs }) => Math.max(longest, delayMs), 0);
    const scalings = outcome.entries.filter((entry) => entry.kind === 'fault' && entry.fault === 'scale').length;
    return {
      outcomes: [outcome],
      value: pauseMs / 1_000,
      isWithin: pauseMs < pauseLimitMs && violationsOf([outcome]) === 0,
      details: { ...describeRuns([outcome]), scalings, 'slowest decision s': slowestMs / 1_000 },
    };
  },
};

/** Every replica of the scaled services but the first. */
const listExtra = ({ session }: Run): readonly FleetProcess[] =>
  session.fleet.processes.filter(({ service, replica }) => replica > 0 && scaled.some((name) => name === service));

const shrink = async (run: Run, extra: readonly FleetProcess[]): Promise<void> => {
  run.recorder.as('faults').record({ kind: 'fault', fault: 'scale', target: scaled.join(' '), pid: null, detail: 'to one' });
  const leaving = extra.map(({ service, replica }) => findProcess(run, service, replica));
  await endReplicas(run, leaving);
};

const grow = (run: Run, extra: readonly FleetProcess[]): void => {
  run.recorder.as('faults').record({ kind: 'fault', fault: 'scale', target: scaled.join(' '), pid: null, detail: 'to all' });
  for (const { service, replica } of extra) restartReplica(run, service, replica);
};
