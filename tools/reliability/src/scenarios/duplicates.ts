import { setTimeout as sleep } from 'node:timers/promises';
import { runScenario } from '../run.ts';
import { seededDraw, shuffled } from '../workload.ts';
import type { Scenario } from './scenario.ts';
import { describeRuns, violationsOf } from './scenario.ts';

const countOf = { brief: 100, short: 500, full: 3_000 } as const;
const perSecond = 60;

/** Each application three times, by HTTP and by Kafka in every mixture, under one event id or under several, all shuffled. */
export const duplicates: Scenario = {
  name: 'duplicates',
  replicas: {},
  async act(session, size, [seed = 1]) {
    const outcome = await runScenario(session, { scenario: 'duplicates', seed, drainMs: 120_000 }, async (run) => {
      const draw = seededDraw(seed);
      const sendings = shuffled(
        Array.from({ length: countOf[size] }, () => run.makeNext()).flatMap((application, nth) => {
          const { applicationId } = application;
          const byCall = (): void => run.call(application);
          const byEvent = (id: string) => (): void => run.publish(application, id);
          const mixtures = [
            [byCall, byEvent(applicationId), byEvent(applicationId)],
            [byCall, byEvent(applicationId), byEvent(`${applicationId}-again`)],
            [byCall, byCall, byEvent(applicationId)],
          ];
          return mixtures[nth % mixtures.length] ?? [];
        }),
        draw,
      );
      const startedAt = performance.now();
      for (let sent = 0; sent < sendings.length;) {
        const due = Math.min(sendings.length, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
        for (; sent < due; sent += 1) sendings[sent]?.();
        await sleep(5);
      }
    });
    const { counts } = outcome.verdict;
    return {
      outcomes: [outcome],
      value: violationsOf([outcome]),
      isWithin: counts.submitted === countOf[size] && counts.decided === countOf[size],
      details: { ...describeRuns([outcome]), sendings: countOf[size] * 3 },
    };
  },
};
