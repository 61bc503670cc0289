import type { ServiceName } from '@lisible/contracts';
import { endReplicas, findProcess, killReplica, restartReplica, waitForReplica } from '../faults.ts';
import { isAlive, nameOf } from '../fleet.ts';
import { runScenario } from '../run.ts';
import type { Run } from '../run.ts';
import { seededDraw } from '../workload.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from './scenario.ts';
import { describeRuns, violationsOf } from './scenario.ts';

/** Before and after each of receive, prepare, commit, wake, publish and mark. */
export const crashPoints = [
  'after-receive',
  'after-prepare',
  'before-commit',
  'after-commit',
  'before-wake',
  'before-publish',
  'after-publish',
  'before-mark',
  'after-mark',
] as const;
const victims = ['client-profile', 'scoring', 'explainer'] as const satisfies readonly ServiceName[];
const killsOfPoint = { brief: 1, short: 2, full: 20 } as const;
const perSecond = 20;
/** A process under load comes to every point within seconds, once its dead predecessor has left the group; one that does not is a defect of the test. */
const patienceMs = 180_000;

/** A process dies by its own hand at a named place, at the n-th time it comes there; its successor is armed again. */
export const crashPointsScenario: Scenario = {
  name: 'crash-points',
  replicas: {},
  async act(session, size, [seed = 1]) {
    const died = new Map<string, number>();
    const outcome = await runScenario(session, { scenario: 'crash-points', seed, drainMs: 180_000 }, async (run) => {
      // One replica of a service publishes for all: beside another it might never come to the points around publishing.
      const others = session.fleet.processes.filter(({ service, replica }) => replica > 0 && victims.some((name) => name === service));
      await endReplicas(run, others);
      const abort = new AbortController();
      const load = run.drive({ perSecond, seconds: 3_600, callersInThousand: 50, until: abort.signal });
      const plan = crashPoints.flatMap((point, index) =>
        Array.from({ length: killsOfPoint[size] }, (_, kill) => ({ point, service: victims[(index + kill) % victims.length] })),
      );
      const dieInTurn = async (service: ServiceName, nth: number): Promise<void> => {
        const draw = seededDraw(seed * 10 + nth);
        for (const { point } of plan.filter((death) => death.service === service)) {
          await dieAt(run, service, point, 1 + Math.floor(draw() * 3));
          died.set(point, (died.get(point) ?? 0) + 1);
        }
        await waitForReplica(restartReplica(run, service, 0));
      };
      try {
        // The services at the same time, each one death after the other.
        await Promise.all(victims.map(dieInTurn));
        await Promise.all(others.map(({ service, replica }) => waitForReplica(restartReplica(run, service, replica))));
      } finally {
        abort.abort();
        await load;
      }
    });
    return {
      outcomes: [outcome],
      value: violationsOf([outcome]),
      isWithin: crashPoints.every((point) => died.get(point) === killsOfPoint[size]),
      details: {
        ...describeRuns([outcome]),
        kills: outcome.verdict.counts.kills,
        points: crashPoints.map((point) => `${point} ${died.get(point) ?? 0}`).join(', '),
      },
    };
  },
};

/** Starts a replica that kills itself at the n-th time it comes to a point, in the place of what is there, and waits for its death. */
const dieAt = async (run: Run, service: ServiceName, point: string, nth: number): Promise<void> => {
  if (isAlive(findProcess(run, service, 0).pid)) await killReplica(run, service, 0);
  const armed = restartReplica(run, service, 0, { LISIBLE_TEST: '1', LISIBLE_CRASH_AT: `${point}:${nth}` });
  const deadline = Date.now() + patienceMs;
  while (isAlive(armed.pid)) {
    if (Date.now() > deadline) throw new Error(`${nameOf(armed)} did not come to ${point} ${nth} times within ${patienceMs} ms`);
    await sleep(20);
  }
  run.recorder.as('faults').record({ kind: 'fault', fault: 'crash', target: nameOf(armed), pid: armed.pid, detail: `${point}:${nth}` });
};
