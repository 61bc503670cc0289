import type { Application, ServiceName } from '@lisible/contracts';
import { trainingViewSchema } from '@lisible/contracts';
import { generatePopulation } from '@lisible/generator';
import { bringUp, takeDown } from '@lisible/infra';
import type { Infra } from '@lisible/infra';
import { readUnlabelled, startDistributed } from '@lisible/runner';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAnswering, isReady } from './fleet.ts';
import type { Fleet, FleetProcess } from './fleet.ts';

export interface SessionOptions {
  /** State of the infrastructure, artefacts, logs and histories; made when absent. PostgreSQL's account must be able to pass through. */
  readonly folder: string;
  readonly replicas?: Partial<Record<ServiceName, number>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** A platform of separate processes with a model in force, over a broker, a database and a cache of our own that may be killed. */
export interface Session {
  readonly folder: string;
  readonly infra: Infra;
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly fleet: Fleet;
  /** Applications of the population's clients without an outcome. */
  readonly templates: readonly Application[];
  /** What the real parts say of themselves, for the last lines of `npm test`. */
  readonly parts: readonly string[];
  readonly log: (line: string) => void;
  close(): Promise<void>;
}

/** Small, learnt within a minute, good enough for the gates. */
const population = { seed: 42, labelled: 3_000, unlabelled: 400, tables: 'all' } as const;
/** A broker's shortest; a dead replica's partitions are another's after so long. */
const sessionTimeoutMs = 6_000;

export async function openSession({ folder, replicas = {}, environment = {}, log }: SessionOptions): Promise<Session> {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const undo = new AsyncDisposableStack();
  try {
    const infra = ownInfra(join(folder, 'infra'));
    log('bringing Kafka, PostgreSQL and Redis up…');
    undo.defer(async () => {
      await takeDown(infra, { withData: true });
    });
    const { parts, connections } = await bringUp(infra);
    const down = parts.filter(({ isUp }) => !isUp);
    if (down.length > 0) throw new Error(`not up: ${down.map(({ name, problem }) => `${name} (${problem})`).join(', ')}`);
    log('starting the services…');
    const home = join(folder, 'home');
    const fleet: Fleet = await startDistributed({
      infra: { connections },
      home,
      replicas,
      environment: { LOG_LEVEL: 'warn', REQUESTS_PER_MINUTE: '1000000', KAFKA_SESSION_TIMEOUT_MS: String(sessionTimeoutMs), ...environment },
    });
    undo.defer(async () => {
      await fleet.stop();
    });
    // The door is ready once a dossier can be read, which takes a model.
    await waitUntilReady(fleet, (process) => process.service !== 'gateway');
    await waitUntilAnswering(fleet);
    await trainModel(fleet, join(folder, 'raw'), log);
    await waitUntilReady(fleet);
    const closing = undo.move();
    return {
      folder,
      infra,
      brokers: connections['KAFKA_BROKERS'] ?? '',
      databaseUrl: connections['DATABASE_URL'] ?? '',
      fleet,
      templates: readUnlabelled(home),
      parts: parts.map(({ name, version }) => `${name} ${version ?? ''}`),
      log,
      close: () => closing.disposeAsync(),
    };
  } finally {
    await undo.disposeAsync();
  }
}

/** Local servers of this suite alone: what the environment names belongs to others, and must not be killed. */
const ownInfra = (folder: string): Infra => {
  const { KAFKA_BROKERS: _kafka, DATABASE_URL: _database, REDIS_URL: _redis, ...environment } = process.env;
  return { folder, environment, docker: () => Promise.reject(new Error('local servers only: they are killed by their process numbers')) };
};

/** Every replica answers that it is ready. @throws Error naming those that do not in time */
export async function waitUntilReady(fleet: Fleet, isAsked: (process: FleetProcess) => boolean = () => true, patienceMs = 180_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const states = await Promise.all(fleet.processes.filter(isAsked).map(async (process) => ({ ...process, isReady: await isReady(process.url) })));
    const waiting = states.filter((state) => !state.isReady);
    if (waiting.length === 0) return;
    if (Date.now() > deadline) throw new Error(`not ready: ${waiting.map(({ service, replica }) => `${service}-${replica}`).join(', ')}`);
    await sleep(250);
  }
}

/** Every door answers, ready or not. */
async function waitUntilAnswering({ gatewayUrls }: Fleet): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (const url of gatewayUrls)
    while (!(await isAnswering(url))) {
      if (Date.now() > deadline) throw new Error(`nobody answers at ${url}`);
      await sleep(100);
    }
}

/** The first model, by the public door, as an operator asks for it; the bootstrap policy puts it in force. */
async function trainModel(fleet: Fleet, raw: string, log: (line: string) => void): Promise<void> {
  if (!existsSync(raw)) await generatePopulation({ ...population, outDir: raw });
  log('training the first model…');
  const [url] = fleet.gatewayUrls;
  const headers = { authorization: `Bearer ${await fleet.token('mlops')}`, 'content-type': 'application/json' };
  const answered = await fetch(`${url}/v1/trainings`, { method: 'POST', headers, body: JSON.stringify({ dataDir: raw, seed: 42, studies: 'none' }) });
  if (answered.status !== 202) throw new Error(`the training was answered with ${answered.status}: ${await answered.text()}`);
  let view = trainingViewSchema.parse(await answered.json());
  while (view.phase !== 'done') {
    if (view.phase === 'failed') throw new Error(`the training failed: ${view.message}`);
    await sleep(500);
    view = trainingViewSchema.parse(await (await fetch(`${url}/v1/trainings/${view.trainingId}`, { headers })).json());
  }
  if (!view.isPromoted) throw new Error(`no model is in force: ${view.message}`);
}
