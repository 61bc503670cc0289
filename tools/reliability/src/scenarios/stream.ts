import { topics } from '@lisible/contracts';
import { highestSamples, measureDelays } from '../measures.ts';
import { runScenario } from '../run.ts';
import type { RunOutcome } from '../run.ts';
import type { Scenario } from './scenario.ts';
import { describeRuns, quantileOf, violationsOf } from './scenario.ts';

/** Applications a second that the platform must bear. */
const perSecond = 300;
const p99LimitMs = 300;
const warmUpSeconds = 10;
const secondsOf = { brief: 15, short: 60, full: 600 } as const;

/** A sustained stream of applications by Kafka; published → decision on Kafka, as the loan system sees both. */
export const stream: Scenario = {
  name: 'stream',
  replicas: {},
  async act(session, size, [seed = 1]) {
    const seconds = secondsOf[size];
    const outcome = await runScenario(session, { scenario: 'stream', seed, drainMs: 300_000 }, async (run) => {
      // Compilers and caches are cold in processes that have just started.
      await run.drive({ perSecond: perSecond / 3, seconds: warmUpSeconds, callersInThousand: 0 });
      run.recorder.as('harness').record({ kind: 'sample', name: 'load-from', target: 'stream', value: perSecond });
      await run.drive({ perSecond, seconds, callersInThousand: 0 });
      run.recorder.as('harness').record({ kind: 'sample', name: 'load-until', target: 'stream', value: perSecond });
    });
    const { p99Ms, decidedPerSecond, details } = judgeStream(outcome);
    return {
      outcomes: [outcome],
      value: p99Ms,
      isWithin: p99Ms < p99LimitMs && decidedPerSecond >= perSecond * 0.99 && violationsOf([outcome]) === 0,
      details: { ...describeRuns([outcome]), ...details, seconds },
    };
  },
};

const burstPerSecond = 5 * perSecond;
const burstSecondsOf = { brief: 5, short: 10, full: 30 } as const;
const drainLimitSeconds = 300;
/** Of one process; what a container of each service is given. */
const memoryLimitBytes = 1024 * 2 ** 20;

/** Five times the sustained stream at once: nothing is lost, and what waits is worked off. */
export const burst: Scenario = {
  name: 'burst',
  replicas: {},
  async act(session, size, [seed = 1]) {
    const outcome = await runScenario(session, { scenario: 'burst', seed, drainMs: drainLimitSeconds * 1_000 }, async (run) => {
      await run.drive({ perSecond: perSecond / 3, seconds: warmUpSeconds, callersInThousand: 0 });
      await run.drive({ perSecond: burstPerSecond, seconds: burstSecondsOf[size], callersInThousand: 0 });
      run.recorder.as('harness').record({ kind: 'sample', name: 'load-until', target: 'burst', value: burstPerSecond });
    });
    const endedAt = outcome.entries.find((entry) => entry.kind === 'sample' && entry.name === 'load-until')?.at ?? Number.NaN;
    const explainedAt = outcome.entries.findLast(
      (entry) => entry.kind === 'event' && entry.process === 'reader' && entry.topic === topics.decisionExplained,
    )?.at;
    const drainSeconds = Math.max(0, ((explainedAt ?? Number.NaN) - endedAt) / 1_000);
    const memory = [...highestSamples(outcome.entries, 'resident-bytes')].sort(([, a], [, b]) => b - a);
    const highest = memory[0]?.[1] ?? Number.NaN;
    return {
      outcomes: [outcome],
      value: drainSeconds,
      isWithin: drainSeconds < drainLimitSeconds && highest < memoryLimitBytes && violationsOf([outcome]) === 0,
      details: {
        ...describeRuns([outcome]),
        'highest resident MiB': memory.map(([target, bytes]) => `${target} ${Math.round(bytes / 2 ** 20)}`).join(', '),
      },
    };
  },
};

const judgeStream = ({
  entries,
}: RunOutcome): { readonly p99Ms: number; readonly decidedPerSecond: number; readonly details: Readonly<Record<string, number>> } => {
  const momentOf = (name: string): number => entries.find((entry) => entry.kind === 'sample' && entry.name === name)?.at ?? Number.NaN;
  const [from, until] = [momentOf('load-from'), momentOf('load-until')];
  const inLoad = (topic: string): readonly number[] =>
    measureDelays(entries, topic).flatMap(({ askedAt, delayMs }) => (askedAt >= from && askedAt <= until ? [delayMs] : []));
  const decided = inLoad(topics.applicationDecided);
  const explained = inLoad(topics.decisionExplained);
  const lastExplainedAt =
    entries.findLast((entry) => entry.kind === 'event' && entry.process === 'reader' && entry.topic === topics.decisionExplained)?.at ?? Number.NaN;
  const decidedInLoad = new Set(
    entries.flatMap((entry) =>
      entry.kind === 'event' && entry.process === 'reader' && entry.topic === topics.applicationDecided && entry.at >= from && entry.at <= until
        ? [entry.subject]
        : [],
    ),
  ).size;
  const decidedPerSecond = decidedInLoad / ((until - from) / 1_000);
  return {
    p99Ms: quantileOf(decided, 0.99),
    decidedPerSecond,
    details: {
      'decided a second': decidedPerSecond,
      'decided p50 ms': quantileOf(decided, 0.5),
      'decided p95 ms': quantileOf(decided, 0.95),
      'decided slowest ms': quantileOf(decided, 1),
      'explained p99 ms': quantileOf(explained, 0.99),
      'last explanation after the last application, ms': Math.max(0, lastExplainedAt - until),
    },
  };
};
