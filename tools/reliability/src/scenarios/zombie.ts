import { setTimeout as sleep } from 'node:timers/promises';
import { findProcess } from '../faults.ts';
import { nameOf } from '../fleet.ts';
import { runScenario } from '../run.ts';
import { seededDraw } from '../workload.ts';
import type { Scenario } from './scenario.ts';
import { describeRuns, violationsOf } from './scenario.ts';

const timesOf = { brief: 2, short: 5, full: 30 } as const;
/** The session's 6 s, and time for the other replica to take over and work on. */
const stoppedMs = 9_000;
const consumers = ['scoring', 'explainer', 'client-profile'] as const;

/** A replica sleeps past its session's end (SIGSTOP), another takes its partitions over, then it wakes with its batch still in hand. */
export const zombie: Scenario = {
  name: 'zombie',
  replicas: { 'client-profile': 2, scoring: 2, explainer: 2 },
  async act(session, size, [seed = 1]) {
    const times = timesOf[size];
    const outcome = await runScenario(session, { scenario: 'zombie', seed, drainMs: 120_000 }, async (run) => {
      const draw = seededDraw(seed);
      // Those whose partitions another replica can take over.
      const victims = session.fleet.processes
        .filter(({ service }) => consumers.some((name) => name === service))
        .filter(({ service }) => session.fleet.processes.filter((other) => other.service === service).length > 1);
      const abort = new AbortController();
      const load = run.drive({ perSecond: 30, seconds: 3_600, callersInThousand: 30, until: abort.signal });
      try {
        for (let stopped = 0; stopped < times; stopped += 1) {
          const victim = victims[Math.floor(draw() * victims.length)];
          if (victim === undefined) throw new Error('no service has two replicas');
          const process = findProcess(run, victim.service, victim.replica);
          const record = (fault: 'stop' | 'continue'): void =>
            run.recorder.as('faults').record({ kind: 'fault', fault, target: nameOf(process), pid: process.pid });
          record('stop');
          session.fleet.kill(process.pid, 'SIGSTOP');
          await sleep(stoppedMs);
          record('continue');
          session.fleet.kill(process.pid, 'SIGCONT');
          await sleep(2_000 + draw() * 2_000);
        }
      } finally {
        abort.abort();
        await load;
      }
    });
    const continued = outcome.entries.filter((entry) => entry.kind === 'fault' && entry.fault === 'continue').length;
    return {
      outcomes: [outcome],
      value: outcome.verdict.violations.filter(({ kind }) => kind === 'event-twice' || kind === 'row-twice').length,
      isWithin: continued === times && violationsOf([outcome]) === 0,
      details: { ...describeRuns([outcome]), 'stopped and continued': continued, 'stopped for ms': stoppedMs },
    };
  },
};
