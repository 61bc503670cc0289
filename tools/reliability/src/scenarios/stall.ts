import { metricNames, topics } from '@lisible/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProcess, killReplica, restartReplica, waitForReplica } from '../faults.ts';
import { nameOf } from '../fleet.ts';
import { measureDelays } from '../measures.ts';
import { runScenario } from '../run.ts';
import type { Run } from '../run.ts';
import type { Scenario } from './scenario.ts';
import { describeRuns, violationsOf } from './scenario.ts';

const limitSeconds = 60;
const perSecond = 20;
const stalledTopic = topics.applicationPrepared;
const patienceMs = 150_000;

/** One batch of one consumer never ends. The platform must notice by itself, replace the consumer, and say so. */
export const stall: Scenario = {
  name: 'stall',
  replicas: {},
  async act(session, _size, [seed = 1]) {
    const outcome = await runScenario(session, { scenario: 'stall', seed, drainMs: 120_000 }, async (run) => {
      await killReplica(run, 'scoring', 0);
      await waitForReplica(restartReplica(run, 'scoring', 0, { LISIBLE_TEST: '1', LISIBLE_STALL_AT: `${stalledTopic}:20` }));
      // The dead one's place in the group is taken before the load begins: what is measured is the stall alone.
      const first = run.makeNext();
      run.publish(first);
      while (!run.reader.hasSeen(topics.applicationDecided, first.applicationId)) await sleep(50);
      const abort = new AbortController();
      const load = run.drive({ perSecond, seconds: 3_600, callersInThousand: 30, until: abort.signal });
      try {
        await watchReplacement(run);
        await sleep(5_000);
      } finally {
        abort.abort();
        await load;
      }
    });
    const replacedAt = outcome.entries.filter((entry) => entry.kind === 'sample').find(({ name }) => name === 'replaced')?.at ?? Number.NaN;
    // The first is the one that waited for the group.
    const [slowest] = measureDelays(outcome.entries, topics.applicationDecided)
      .slice(1)
      .sort((a, b) => b.delayMs - a.delayMs);
    const noticedSeconds = (replacedAt - (slowest?.askedAt ?? Number.NaN)) / 1_000;
    const resumedSeconds = (slowest?.delayMs ?? Number.NaN) / 1_000;
    return {
      outcomes: [outcome],
      value: resumedSeconds,
      isWithin: noticedSeconds < limitSeconds && resumedSeconds < limitSeconds && violationsOf([outcome]) === 0,
      details: { ...describeRuns([outcome]), 'alert raised after s': noticedSeconds, alert: metricNames.consumersReplacedTotal },
    };
  },
};

/** Writes down when the alert's counter rose. @throws Error when it does not */
const watchReplacement = async (run: Run): Promise<void> => {
  const process = findProcess(run, 'scoring', 0);
  const deadline = Date.now() + patienceMs;
  while ((await readCounter(process.url, metricNames.consumersReplacedTotal, stalledTopic)) === 0) {
    if (Date.now() > deadline) throw new Error(`${nameOf(process)} did not replace its stalled consumer within ${patienceMs} ms`);
    await sleep(200);
  }
  run.recorder.as('watch').record({ kind: 'sample', name: 'replaced', target: nameOf(process), value: 1 });
};

/** A counter of a process with this topic's label; 0 where it is not there. */
const readCounter = async (url: string, name: string, topic: string): Promise<number> => {
  try {
    const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2_000) })).text();
    const values = text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && line.includes(`topic="${topic}"`))
      .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
    return Math.max(0, ...values);
  } catch {
    return 0;
  }
};
