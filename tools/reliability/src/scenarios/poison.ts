import { topics } from '@lisible/contracts';
import type { Application } from '@lisible/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { measureDelays } from '../measures.ts';
import { poisonKinds } from '../poison.ts';
import { runScenario } from '../run.ts';
import type { Run } from '../run.ts';
import { strangerSource, submittedTopic } from '../workload.ts';
import type { Scenario } from './scenario.ts';
import { describeRuns, violationsOf } from './scenario.ts';

const countOf = { brief: 220, short: 660, full: 2_002 } as const;
const perSecond = 60;
const limitMs = 2_000;
const takenCount = 20;

/** Broken messages of every kind, mixed with as many good ones. */
export const poison: Scenario = {
  name: 'poison',
  replicas: {},
  async act(session, size, [seed = 1]) {
    const count = countOf[size];
    let sent = 0;
    let mixedFrom = Number.POSITIVE_INFINITY;
    const outcome = await runScenario(session, { scenario: 'poison', seed, drainMs: 120_000 }, async (run) => {
      const taken = Array.from({ length: takenCount }, () => run.makeNext());
      for (const application of taken) run.publish(application);
      while (!taken.every(({ applicationId }) => run.reader.hasSeen(topics.decisionExplained, applicationId))) await sleep(50);
      const mixed = run.recorder.as('harness');
      mixed.record({ kind: 'sample', name: 'mixed-from', target: 'poison', value: 1 });
      const startedAt = performance.now();
      while (sent < count) {
        const due = Math.min(count, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
        for (; sent < due; sent += 1) {
          publishBroken(run, sent, taken);
          run.publish(run.makeNext());
        }
        await sleep(5);
      }
      await run.callers.submitBad('refused-at-the-door', JSON.stringify({ ...run.makeNext(), creditAmount: -1 }));
    });
    mixedFrom = outcome.entries.find((entry) => entry.kind === 'sample' && entry.name === 'mixed-from')?.at ?? mixedFrom;
    const delays = measureDelays(outcome.entries, topics.applicationDecided).filter(({ askedAt }) => askedAt >= mixedFrom);
    const slowestMs = delays.reduce((longest, { delayMs }) => Math.max(longest, delayMs), 0);
    return {
      outcomes: [outcome],
      value: slowestMs / 1_000,
      isWithin: slowestMs < limitMs && violationsOf([outcome]) === 0 && outcome.verdict.counts.deadLetters >= count,
      details: {
        ...describeRuns([outcome]),
        malformed: sent,
        kinds: poisonKinds.length,
        reasons: new Set(poisonKinds.map(({ reason }) => reason)).size,
      },
    };
  },
};

const publishBroken = (run: Run, nth: number, taken: readonly Application[]): void => {
  const kind = poisonKinds[nth % poisonKinds.length];
  const target = taken[nth % taken.length];
  if (kind === undefined || target === undefined) throw new Error('no poison');
  const good = run.makeNext();
  const id = `broken-${good.applicationId}`;
  const { value, isNamed, isKeyed } = kind.make(good, id, target);
  run.publisher.publish({
    call: `broken-${nth}`,
    subject: `${kind.name} ${nth}`,
    expected: { deadLetter: kind.reason },
    topic: submittedTopic,
    value,
    ...(isKeyed ? { key: kind.reason === 'application-conflict' ? target.applicationId : good.applicationId } : {}),
    ...(isNamed ? { source: strangerSource, id } : {}),
  });
};
