import type { ServiceName } from '@lisible/contracts';
import { bringUp, killPart } from '@lisible/infra';
import type { PartName } from '@lisible/infra';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, isReady, nameOf } from './fleet.ts';
import type { FleetProcess } from './fleet.ts';
import type { Run } from './run.ts';

const infraParts = ['kafka', 'postgresql', 'redis'] as const satisfies readonly PartName[];

export const findProcess = ({ session }: Run, service: ServiceName, replica: number): FleetProcess => {
  const found = session.fleet.processes.find((process) => process.service === service && process.replica === replica);
  if (found === undefined) throw new Error(`there is no ${service}-${replica}`);
  return found;
};

/** SIGKILL for a replica; gone when this resolves. False when it had ended by itself before. */
export async function killReplica(run: Run, service: ServiceName, replica: number): Promise<boolean> {
  const { pid } = findProcess(run, service, replica);
  if (!isAlive(pid)) return false;
  run.recorder.as('faults').record({ kind: 'fault', fault: 'kill', target: nameOf({ service, replica }), pid });
  run.session.fleet.kill(pid, 'SIGKILL');
  await waitUntilGone(pid);
  return true;
}

export async function waitUntilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(10);
}

/** SIGTERM for replicas, as an orchestrator ends them; all gone when this resolves. */
export async function endReplicas(run: Run, leaving: readonly FleetProcess[]): Promise<void> {
  for (const process of leaving) {
    run.recorder.as('faults').record({ kind: 'fault', fault: 'end', target: nameOf(process), pid: process.pid });
    run.session.fleet.kill(process.pid, 'SIGTERM');
  }
  await Promise.all(leaving.map(({ pid }) => waitUntilGone(pid)));
}

/** Starts a replica again. */
export function restartReplica(run: Run, service: ServiceName, replica: number, environment: Readonly<Record<string, string>> = {}): FleetProcess {
  const process = run.session.fleet.respawn(service, replica, environment);
  run.recorder
    .as('faults')
    .record({ kind: 'fault', fault: 'start', target: nameOf(process), pid: process.pid, detail: Object.values(environment).join(' ') });
  return process;
}

/** Until it says that it is ready. @throws Error when it ends instead, or is not in time */
export async function waitForReplica({ pid, url, service, replica }: FleetProcess, patienceMs = 60_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isReady(url))) {
    if (!isAlive(pid)) throw new Error(`${service}-${replica} was started and has ended by itself`);
    if (Date.now() > deadline) throw new Error(`${service}-${replica} was started and is not ready after ${patienceMs} ms`);
    await sleep(100);
  }
}

/** SIGKILL for the broker, the database or the cache. */
export async function killInfra(run: Run, part: PartName): Promise<void> {
  const pid = await killPart(run.session.infra.folder, part);
  run.recorder.as('faults').record({ kind: 'fault', fault: 'kill', target: part, pid });
}

export async function restartInfra(run: Run): Promise<void> {
  const { parts, connections } = await bringUp(run.session.infra);
  // Then the run would be about a broker that nobody finds again, and no defect of the platform's.
  if (connections['KAFKA_BROKERS'] !== run.session.brokers || connections['DATABASE_URL'] !== run.session.databaseUrl)
    throw new Error('a server came back at another address: its port was taken meanwhile');
  const down = parts.filter(({ isUp }) => !isUp);
  if (down.length > 0) throw new Error(`not up again: ${down.map(({ name, problem }) => `${name} (${problem})`).join(', ')}`);
  for (const { name } of parts) run.recorder.as('faults').record({ kind: 'fault', fault: 'start', target: name, pid: null });
}

/**
 * Starts again whatever ends by itself, as an orchestrator does (a service that starts while the database is away gives up after a
 * few seconds); those in `isHeldDown` are left alone. Ends with `abort`.
 */
async function supervise(run: Run, isHeldDown: (process: FleetProcess) => boolean, abort: AbortSignal): Promise<void> {
  while (!abort.aborted) {
    for (const process of run.session.fleet.processes) {
      if (isAlive(process.pid) || isHeldDown(process)) continue;
      run.recorder.as('faults').record({ kind: 'fault', fault: 'end', target: nameOf(process), pid: process.pid, detail: 'by itself' });
      restartReplica(run, process.service, process.replica);
    }
    await sleep(200);
  }
}

/**
 * So many kills with SIGKILL, one after the other, of a random victim among every replica, the broker, the database and the
 * cache; each is down for up to two seconds, then comes back. Every victim dies at least once where there are kills enough.
 */
export async function killAtRandom(run: Run, kills: number, draw: () => number): Promise<void> {
  const victims = [
    ...run.session.fleet.processes.map(({ service, replica }) => ({ kind: 'replica', service, replica }) as const),
    ...infraParts.map((part) => ({ kind: 'part', part }) as const),
  ];
  let round: (typeof victims)[number][] = [];
  let heldDown: string | null = null;
  const abort = new AbortController();
  const supervising = supervise(run, (process) => nameOf(process) === heldDown, abort.signal);
  try {
    for (let killed = 0; killed < kills;) {
      // From a hat that is filled again when it is empty.
      if (round.length === 0) round = [...victims];
      const [victim] = round.splice(Math.floor(draw() * round.length), 1);
      if (victim === undefined) throw new Error('nobody to kill');
      await sleep(500 + draw() * 1_500);
      if (victim.kind === 'replica') {
        heldDown = nameOf(victim);
        if (await killReplica(run, victim.service, victim.replica)) killed += 1;
        await sleep(draw() * 2_000);
        restartReplica(run, victim.service, victim.replica);
        heldDown = null;
        // Half of the time the next one dies while this one is still starting.
        if (draw() < 0.5) await waitUntilServing(run, victim);
      } else {
        await killInfra(run, victim.part);
        killed += 1;
        await sleep(draw() * 2_000);
        await restartInfra(run);
      }
    }
    for (const process of run.session.fleet.processes) await waitUntilServing(run, process);
  } finally {
    abort.abort();
    await supervising;
  }
}

/** Until a replica says that it is ready, in its present process or in one that the supervisor puts in its place. @throws Error when not in time */
async function waitUntilServing(run: Run, { service, replica }: Pick<FleetProcess, 'service' | 'replica'>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await isReady(findProcess(run, service, replica).url))) {
    if (Date.now() > deadline) throw new Error(`${service}-${replica} is not ready again`);
    await sleep(100);
  }
}
