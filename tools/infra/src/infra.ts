import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { askKafka } from './ask-kafka.ts';
import { askPostgresql } from './ask-postgresql.ts';
import { askRedis } from './ask-redis.ts';
import { chooseSource, namesAnother } from './choose-source.ts';
import type { RunDocker } from './compose.ts';
import { composeDown, composeUp, hasComposeEngine, runDocker } from './compose.ts';
import type { InfraRecord } from './infra-record.ts';
import { connectionOf, createRecord, findLastingPort, findRecord, isFree, makeFolder, writeRecord } from './infra-record.ts';
import { localKafka } from './kafka.local.ts';
import type { LocalPart } from './local-part.ts';
import { lastLines } from './local-part.ts';
import type { Environment, PartName, PartSource, PartStatus } from './parts.ts';
import { environmentVariables, messageOf, partNames, withoutCredentials } from './parts.ts';
import { localPostgresql } from './postgresql.local.ts';
import { endRecorded, findRecordedProcess, isRunning, startRecorded } from './recorded-process.ts';
import { localRedis } from './redis.local.ts';
import type { Steps } from './show-steps.ts';

export interface Infra {
  /** Where data, logs and records live: absolute. */
  readonly folder: string;
  readonly environment: Environment;
  readonly steps?: Steps;
  readonly docker?: RunDocker;
}

export interface InfraUp {
  readonly parts: readonly PartStatus[];
  /** What to export for the platform and its tests, by environment variable. */
  readonly connections: Readonly<Record<string, string>>;
}

const ask = { kafka: askKafka, postgresql: askPostgresql, redis: askRedis } as const satisfies Record<
  PartName,
  (connection: string) => Promise<string>
>;
const localParts = { kafka: localKafka, postgresql: localPostgresql, redis: localRedis } as const satisfies Record<PartName, LocalPart>;

/** A container may first have to make its data folder. */
const composePatienceMs = 120_000;
/** Between a request to end and SIGKILL: a broker hands its partitions over first. */
const endPatienceMs = 30_000;

/** What this machine lacks for the local way, each with its Debian package; empty when all three can be started. */
export const listMissingPrograms = (environment: Environment): readonly string[] =>
  partNames.flatMap((name) => localParts[name].findMissing(environment));

const processFileOf = (folder: string, name: PartName): string => join(folder, name, 'process');
const logFileOf = (folder: string, name: PartName): string => join(folder, name, 'log');

/** One `up` or `down` at a time in a folder; a lock left by a killed one is taken over after ten seconds. */
async function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  makeFolder(folder);
  const release = await lockfile.lock(folder, {
    lockfilePath: join(folder, 'turn.lock'),
    stale: 10_000,
    retries: { retries: 2_400, factor: 1, minTimeout: 250, maxTimeout: 250 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

const isLocalRunning = (folder: string, name: PartName): boolean => {
  const recorded = findRecordedProcess(processFileOf(folder, name));
  return recorded !== null && isRunning(recorded);
};

/** Asks until it answers. @throws Error with its last reason when `hasEnded` says so, or the time is over */
async function waitForAnswer(name: PartName, connection: string, patienceMs: number, hasEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      await ask[name](connection);
      return;
    } catch (error) {
      if (hasEnded()) throw new Error('ended before it answered', { cause: error });
      if (performance.now() > deadline) throw new Error(`does not answer: ${messageOf(error)}`, { cause: error });
    }
    await sleep(200);
  }
}

async function startLocal({ folder, environment, steps }: Infra, record: InfraRecord, name: PartName): Promise<void> {
  const part = localParts[name];
  const onStep = (step: string): void => steps?.begin(name, step);
  const [partFolder, processFile, logFile] = [join(folder, name), processFileOf(folder, name), logFileOf(folder, name)];
  makeFolder(partFolder);
  const hasEnded = (): boolean => !isLocalRunning(folder, name);
  for (let tries = 1; ; tries += 1) {
    if (hasEnded()) {
      const command = await part.prepare({ folder: partFolder, record, environment, onStep });
      await startRecorded(command, partFolder, processFile, logFile);
    } else onStep('waiting until it answers');
    try {
      await waitForAnswer(name, connectionOf(name, record), part.patienceMs, hasEnded);
      return;
    } catch (error) {
      const log = existsSync(logFile) ? lastLines(readFileSync(logFile, 'utf8'), 12) : '';
      if (!(hasEnded() && part.isPassing(log) && tries < 10)) throw new Error(`${messageOf(error)}; ${logFile} ends:\n${log}`, { cause: error });
    }
    await sleep(500);
  }
}

/** The last threads of a server that was killed may hold its port for a moment after it is said to be gone; clients know it by that port. */
async function becomesFree(port: number): Promise<boolean> {
  for (let tries = 0; tries < 50; tries += 1) {
    if (await isFree(port)) return true;
    await sleep(100);
  }
  return false;
}

/** Where a server of ours has to be started and its port was taken meanwhile, another one. */
async function withUsablePorts(folder: string, record: InfraRecord, sources: Readonly<Record<PartName, PartSource>>): Promise<InfraRecord> {
  const ports = { ...record.ports };
  for (const key of ['kafka', 'kafkaController', 'postgresql', 'redis'] as const) {
    const name = key === 'kafkaController' ? 'kafka' : key;
    if (sources[name] !== 'local' || isLocalRunning(folder, name) || (await becomesFree(ports[key]))) continue;
    ports[key] = await findLastingPort(Object.values(ports));
  }
  return { ...record, ports };
}

/** Source of every part, given what was recorded. */
async function chooseSources({ environment, docker = runDocker }: Infra, record: InfraRecord): Promise<Readonly<Record<PartName, PartSource>>> {
  let engine: Promise<boolean> | undefined;
  const choose = (name: PartName): Promise<PartSource> =>
    chooseSource({
      named: environment[environmentVariables[name]],
      own: connectionOf(name, record),
      startedBy: record.startedBy[name],
      hasEngine: () => (engine ??= hasComposeEngine(docker, environment)),
    });
  return { kafka: await choose('kafka'), postgresql: await choose('postgresql'), redis: await choose('redis') };
}

/**
 * SIGKILL for a part that this tool started from local packages, as a machine's worst day would have it; `bringUp` brings it
 * back. Answers with its process number, null when it was not running.
 */
export const killPart = async (folder: string, name: PartName): Promise<number | null> => {
  const recorded = findRecordedProcess(processFileOf(folder, name));
  if (recorded === null || !isRunning(recorded)) return null;
  process.kill(recorded.pid, 'SIGKILL');
  while (isRunning(recorded)) await sleep(5);
  return recorded.pid;
};

/** The status of one part, asked of the part itself. */
async function statusOf(folder: string, name: PartName, source: PartSource, connection: string): Promise<PartStatus> {
  const known = { name, source, address: withoutCredentials(name, connection) };
  if (source === 'local' && !isLocalRunning(folder, name)) {
    const pid = findRecordedProcess(processFileOf(folder, name))?.pid;
    const problem = pid === undefined ? 'was not started' : `process ${pid} has ended; its last words are in ${logFileOf(folder, name)}`;
    return { ...known, version: null, isUp: false, problem };
  }
  try {
    const answer = await ask[name](connection);
    return { ...known, version: localParts[name].findVersion(join(folder, name)) ?? answer, isUp: true, problem: null };
  } catch (error) {
    return { ...known, version: null, isUp: false, problem: messageOf(error) };
  }
}

/**
 * Brings every part up that is not: twice is once, and after a start that was cut short anywhere the next one is whole.
 * A part that cannot be brought up is reported as down with the reason; the others stay up.
 */
export const bringUp = (infra: Infra): Promise<InfraUp> =>
  inTurn(infra.folder, async () => {
    const { folder, environment, steps, docker = runDocker } = infra;
    const former = findRecord(folder) ?? (await createRecord());
    const sources = await chooseSources(infra, former);
    const startedBy = (name: PartName): 'compose' | 'local' | null => {
      const source = sources[name];
      return source === 'environment' ? former.startedBy[name] : source;
    };
    const record = await withUsablePorts(
      folder,
      { ...former, startedBy: { kafka: startedBy('kafka'), postgresql: startedBy('postgresql'), redis: startedBy('redis') } },
      sources,
    );
    writeRecord(folder, record);

    const connections = Object.fromEntries(
      partNames.map((name) => {
        const variable = environmentVariables[name];
        return [variable, sources[name] === 'environment' ? (environment[variable] ?? '') : connectionOf(name, record)];
      }),
    );
    const inContainers = partNames.filter((name) => sources[name] === 'compose');
    const containers = inContainers.length === 0 ? Promise.resolve() : composeUp(docker, folder, record, environment, inContainers);
    const bring = async (name: PartName): Promise<PartStatus> => {
      const connection = connections[environmentVariables[name]] ?? '';
      try {
        if (sources[name] === 'local') await startLocal(infra, record, name);
        if (sources[name] === 'compose') {
          steps?.begin(name, 'waiting for its container');
          await containers;
          await waitForAnswer(name, connection, composePatienceMs, () => false);
        }
        return await statusOf(folder, name, sources[name], connection);
      } catch (error) {
        const known = { name, source: sources[name], address: withoutCredentials(name, connection) };
        return { ...known, version: null, isUp: false, problem: messageOf(error) };
      } finally {
        steps?.end(name);
      }
    };
    return { parts: await Promise.all(partNames.map(bring)), connections };
  });

/** Every part as it is now; starts nothing. */
export async function readStatus(infra: Infra): Promise<readonly PartStatus[]> {
  const record = findRecord(infra.folder);
  return Promise.all(
    partNames.map(async (name): Promise<PartStatus> => {
      const named = infra.environment[environmentVariables[name]];
      const own = record === null ? null : connectionOf(name, record);
      const startedBy = record?.startedBy[name] ?? null;
      if (namesAnother(named, own)) return statusOf(infra.folder, name, 'environment', named);
      if (own === null || startedBy === null) return { name, source: null, address: null, version: null, isUp: false, problem: 'was not started' };
      return statusOf(infra.folder, name, startedBy, own);
    }),
  );
}

/**
 * Ends what `bringUp` started in this folder, nothing else, and answers with the parts that it ended.
 * Data stay for the next start unless `withData`.
 */
export const takeDown = (infra: Infra, { withData = false }: { readonly withData?: boolean } = {}): Promise<readonly PartName[]> =>
  inTurn(infra.folder, async () => {
    const { folder, environment, steps, docker = runDocker } = infra;
    const record = findRecord(folder);
    const end = async (name: PartName): Promise<readonly PartName[]> => {
      steps?.begin(name, 'ending');
      try {
        return (await endRecorded(processFileOf(folder, name), localParts[name].stopSignal, endPatienceMs)) ? [name] : [];
      } finally {
        steps?.end(name);
      }
    };
    const ended = (await Promise.all(partNames.map(end))).flat();
    if (record === null) return ended;
    const inContainers = partNames.filter((name) => record.startedBy[name] === 'compose');
    if (inContainers.length > 0) await composeDown(docker, folder, record, environment, withData);
    if (withData) for (const name of partNames) rmSync(join(folder, name), { recursive: true, force: true });
    writeRecord(folder, { ...record, startedBy: { kafka: null, postgresql: null, redis: null } });
    return [...ended, ...inContainers];
  });
