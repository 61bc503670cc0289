import { burst, crash, crashPointsScenario, duplicates, poison, rebalance, stall, stream, zombie } from '@lisible/reliability';
import type { Figure } from '../figure.ts';
import { reliabilityFigure } from '../reliability-figure.ts';

const noViolation = { name: 'limit', value: 0 };

/** What the platform survives as five services over a real broker, database and cache; each judged from its record alone. */
export const reliabilityFigures: readonly Figure[] = [
  reliabilityFigure({
    scenario: stream,
    title: 'sustained stream, everything on one machine: application published → decision on Kafka, as a confluent-kafka client sees both',
    unit: 'ms (p99)',
    target: '300 a second for 10 minutes with p99 under 300 ms, nothing left over',
    limit: { name: 'limit', value: 300 },
    seeds: [1],
  }),
  reliabilityFigure({
    scenario: burst,
    title: 'five times the sustained stream for 30 s: until the last of it is explained',
    unit: 's to drain',
    target: 'nothing lost, drained within 300 s, no process over 1 GiB',
    limit: { name: 'limit', value: 300 },
    seeds: [1],
  }),
  reliabilityFigure({
    scenario: crash,
    title:
      '20,000 applications by Kafka and HTTP while services, broker, PostgreSQL and Redis are killed with SIGKILL at random, at least 40 kills, three seeds',
    unit: 'violations',
    target: 'none: nothing lost, nothing decided or explained twice, order kept, waiting callers and live streams served',
    limit: noViolation,
    seeds: [1, 2, 3],
  }),
  reliabilityFigure({
    scenario: crashPointsScenario,
    title: 'processes that kill themselves before and after commit, publish, mark and elsewhere: 9 named points, 20 kills each',
    unit: 'violations',
    target: 'none: 0 lost, 0 duplicated',
    limit: noViolation,
    seeds: [1],
  }),
  reliabilityFigure({
    scenario: zombie,
    title: 'consumers stopped past their session’s time-out with SIGSTOP and continued, 30 times, under load',
    unit: 'second decisions or explanations',
    target: '0',
    limit: noViolation,
    seeds: [1],
  }),
  reliabilityFigure({
    scenario: rebalance,
    title: 'rebalance storm: 1 → 3 → 1 replicas of scoring and explainer every 20 s for 5 minutes, under load',
    unit: 's longest pause',
    target: '0 lost, 0 duplicated, pauses under 10 s',
    limit: { name: 'limit', value: 10 },
    seeds: [1],
  }),
  reliabilityFigure({
    scenario: poison,
    title: '2,000 malformed messages of 22 kinds mixed with as many good ones',
    unit: 's slowest good one',
    target: 'every one dead-lettered with the right reason and origin; good ones delayed under 2 s',
    limit: { name: 'limit', value: 2 },
    seeds: [1],
  }),
  reliabilityFigure({
    scenario: duplicates,
    title: 'each application three times by HTTP and Kafka, under one event id or several, shuffled',
    unit: 'violations',
    target: 'exactly one decision each',
    limit: noViolation,
    seeds: [1],
  }),
  reliabilityFigure({
    scenario: stall,
    title: 'a batch that never ends in one consumer: until what waited for it is decided',
    unit: 's',
    target: 'noticed and replaced within 60 s, alert raised',
    limit: { name: 'limit', value: 60 },
    seeds: [1],
  }),
];
