import type { ApplicationView, CatalogueView, ClientPage, CohortComparison, Dossier, Explanation, Readiness } from '@lisible/contracts';
import { topics } from '@lisible/contracts';
import { openEmbeddedDatabase } from '@lisible/platform';
import { sql } from 'kysely';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = (name: string): string => join(root, 'standalone', 'dist', name);
const clients = 3000;
/** How often the process is killed while applications come in; more finds rarer windows. */
const kills = Number(process.env['LISIBLE_KILLS'] ?? 7);
/** Named places first, then random moments. */
const crashPoints = ['after-receive', 'after-prepare', 'before-commit', 'after-commit', 'before-wake'] as const;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });

/** The real process, as `npm start` runs it. */
class Lisible {
  output = '';
  readonly process: ChildProcess;
  readonly exited: Promise<number | NodeJS.Signals | null>;

  constructor(
    readonly home: string,
    readonly port: number,
    environment: Record<string, string> = {},
    script = 'main.js',
    args: readonly string[] = [],
  ) {
    this.process = spawn(process.execPath, [built(script), ...args], {
      cwd: root,
      env: {
        PATH: process.env['PATH'] ?? '',
        LISIBLE_HOME: home,
        PORT: String(port),
        SYNTHETIC_CLIENTS: String(clients),
        STUDIES: 'none',
        ...environment,
      },
    });
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
    };
    this.process.stdout?.on('data', collect);
    this.process.stderr?.on('data', collect);
    this.exited = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve(code ?? signal)));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** False when the process ended before it said so. */
  async says(text: string): Promise<boolean> {
    while (!this.output.includes(text)) {
      if (!this.isRunning) return this.output.includes(text);
      await setTimeout(20);
    }
    return true;
  }

  async token(role: string): Promise<string> {
    const { clientId, clientSecret } = JSON.parse(await readFile(join(this.home, 'door.json'), 'utf8'));
    const response = await fetch(`${this.origin}/demo-issuer/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: `role:${role}`, resource: 'urn:lisible:api' }),
    });
    return (await response.json()).access_token;
  }

  async read<T>(path: string, token: string, prefer = ''): Promise<T> {
    const response = await fetch(this.origin + path, { headers: { authorization: `Bearer ${token}`, ...(prefer === '' ? {} : { prefer }) } });
    return response.json();
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    if (this.isRunning) this.process.kill(signal);
    return this.exited;
  }
}

const logit = (p: number): number => Math.log(p / (1 - p));

describe('npm start', () => {
  let home: string;
  let port: number;
  let lisible: Lisible | null = null;
  const started: Lisible[] = [];
  /** An application as the snapshot holds it, to be sent again under other identifiers. */
  let template: Record<string, unknown>;
  let unlabelled: readonly string[];

  beforeAll(async () => {
    if (!existsSync(built('main.js'))) throw new Error('This spec runs the built platform: npx tsc -b standalone');
    home = await mkdtemp(join(tmpdir(), 'lisible-standalone-'));
    port = await freePort();
  });

  afterAll(async () => {
    // A case that failed may have left its own running.
    await Promise.all(started.map((one) => one.stop('SIGKILL')));
    await rm(home, { recursive: true, force: true });
  });

  const start = (environment: Record<string, string> = {}): Lisible => {
    lisible = new Lisible(home, port, environment);
    started.push(lisible);
    return lisible;
  };

  it('killed while it trains and started again, comes to a model and to explained dossiers', async () => {
    const killed = start();
    await killed.says('Training:');
    const readiness = await fetch(`${killed.origin}/health/ready`);
    expect(readiness.status).toBe(503);
    const waiting: Readiness = await readiness.json();
    expect(waiting.waitingFor).toMatch(/^training: /);
    await killed.stop('SIGKILL');

    const running = start();
    expect({ isReady: await running.says('Lisible is ready'), output: running.isRunning ? '' : running.output }).toEqual({
      isReady: true,
      output: '',
    });
    expect((await fetch(`${running.origin}/health/ready`)).status).toBe(200);
    expect((await stat(join(home, 'door.json'))).mode & 0o777).toBe(0o600);

    const token = await running.token('advisor');
    const pastLoans = await running.read<{ items: { clientId: string }[] }>('/v1/clients?kind=past-loan&pageSize=1', token);
    const clientId = pastLoans.items[0]?.clientId ?? '';
    const dossier = await running.read<Dossier>(`/v1/clients/${clientId}`, token);
    expect(dossier).toMatchObject({ kind: 'past-loan', decision: null });
    const ofPastLoan = await running.read<Explanation>(`/v1/clients/${clientId}/explanation`, token);
    expect(ofPastLoan.probabilityOfDefault).toBeCloseTo(dossier.pastLoanEstimate?.probabilityOfDefault ?? Number.NaN, 12);

    const snapshots = join(home, 'artefacts', 'snapshots');
    const [snapshot = ''] = (await readdir(snapshots)).filter((name) => !name.endsWith('.json'));
    unlabelled = (await readFile(join(snapshots, snapshot, 'unlabelled.ndjson'), 'utf8')).trim().split('\n');
    template = JSON.parse(unlabelled[0] ?? '{}');
  }, 240_000);

  it('answers an application with its explained decision, whose attributions add up to it', async () => {
    if (lisible === null) throw new Error('not started');
    const token = await lisible.token('advisor');
    const application = { ...template, applicationId: 'spec-1', clientId: 'spec-client' };
    const post = (content: unknown) =>
      fetch(`${lisible?.origin}/v1/applications`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=20' },
        body: JSON.stringify(content),
      });
    const response = await post(application);
    expect(response.status).toBe(200);
    const view: ApplicationView = await response.json();
    expect(view.status).toBe('explained');
    const { attributions, reasonCodes } = view.explanation ?? { attributions: null, reasonCodes: [] };
    const sum = (attributions?.baseValue ?? Number.NaN) + (attributions?.shapValues ?? []).reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(logit(view.decision?.probabilityOfDefault ?? Number.NaN), 9);
    expect(reasonCodes.length).toBeGreaterThan(0);
    expect(reasonCodes.every(({ statement }) => statement.fr.endsWith('.') && statement.en.endsWith('.'))).toBe(true);

    expect(await (await post(application)).json()).toEqual(view);
    expect((await post({ ...application, creditAmount: 1 })).status).toBe(409);
    const invalid = await post({ ...application, applicationId: 'spec-2', creditAmount: 'much', colour: 'blue' });
    expect(invalid.status).toBe(422);
    expect((await invalid.json()).problems.map(({ field }: { field: string }) => field)).toEqual(expect.arrayContaining(['creditAmount', 'colour']));
  }, 60_000);

  it('compares a client with everybody, the approved and the similar, as its explanation says', async () => {
    if (lisible === null) throw new Error('not started');
    const token = await lisible.token('advisor');
    const compare = async (cohort: string, clientId: string, applicationId: string): Promise<CohortComparison> => {
      const response = await fetch(`${lisible?.origin}/v1/cohorts/comparison`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ cohort: { name: cohort }, features: ['creditAmount', 'externalScoreMean'], client: { clientId, applicationId } }),
      });
      // The population may still be on its way into memory.
      if (response.status === 503) {
        await setTimeout(500);
        return compare(cohort, clientId, applicationId);
      }
      if (!response.ok) throw new Error(`${cohort}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    const everybody = await compare('everybody', 'spec-client', 'spec-1');
    const approved = await compare('approved', 'spec-client', 'spec-1');
    expect(everybody).toMatchObject({ groupSize: everybody.populationSize, features: [{ client: { value: template['creditAmount'] } }, {}] });
    expect(approved.groupSize).toBeLessThan(everybody.groupSize);
    expect(approved.outcome?.defaultRate.value).toBeLessThan(everybody.outcome?.defaultRate.value ?? 0);

    const { features } = await lisible.read<CatalogueView>('/v1/catalogue', token);
    const codeOf = new Map(features.map(({ name, reasonCode }) => [name, reasonCode]));
    const [pastLoan] = (await lisible.read<ClientPage>('/v1/clients?kind=past-loan&pageSize=1', token)).items;
    for (const [clientId, applicationId] of [
      ['spec-client', 'spec-1'],
      [pastLoan?.clientId ?? '', pastLoan?.applicationId ?? ''],
    ] as const) {
      const { groupSize, outcome, similar } = await compare('similar', clientId, applicationId);
      expect([groupSize, (outcome?.defaultRate.upper ?? 0) > (outcome?.defaultRate.lower ?? 0)]).toEqual([200, true]);
      const { attributions } = await lisible.read<Explanation>(`/v1/clients/${clientId}/explanation?applicationId=${applicationId}`, token);
      const ofCode = (code: string): number =>
        attributions.shapValues.reduce((sum, value, index) => sum + (codeOf.get(attributions.featureNames[index] ?? '') === code ? value : 0), 0);
      for (const { code, direction } of similar?.shared ?? []) expect(direction).toBe(ofCode(code) > 0 ? 'increases-risk' : 'decreases-risk');
      expect(similar?.shared.length).toBeGreaterThan(0);
    }
  }, 60_000);

  it('refuses a second process on the same folder, and a taken port, in one sentence', async () => {
    const second = new Lisible(home, await freePort());
    expect(await second.exited).toBe(1);
    expect(second.output).toMatch(/in use by process \d+/);
    expect(second.output).not.toMatch(/\n\s+at /);
    const taken = new Lisible(`${home}-other`, port);
    expect(await taken.exited).toBe(1);
    expect(taken.output).toContain(`Port ${port} is in use`);
    expect(existsSync(`${home}-other`)).toBe(false);
  }, 60_000);

  it('gives a script a token, and nothing but the token', async () => {
    const given = new Lisible(home, port, {}, 'token.js', ['--role', 'advisor']);
    expect(await given.exited).toBe(0);
    expect(given.output).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const wrong = new Lisible(home, port, {}, 'token.js', ['--role', 'king']);
    expect(await wrong.exited).toBe(1);
    await lisible?.stop();
    const atRest = new Lisible(home, port, {}, 'token.js', ['--role', 'advisor']);
    expect(await atRest.exited).toBe(1);
    expect(atRest.output).toMatch(/^Lisible is not running on .*\n$/);
  }, 60_000);

  it(`killed ${kills} times while applications come in, decides and explains each acknowledged one exactly once`, async () => {
    const acknowledged = new Map<string, ApplicationView>();
    let random = 20261123;
    const nextRandom = (): number => (random = (Math.imul(random, 1664525) + 1013904223) >>> 0) / 2 ** 32;

    for (let kill = 0; kill < kills; kill += 1) {
      const point = crashPoints[kill];
      const running = start(point === undefined ? {} : { LISIBLE_TEST: '1', LISIBLE_CRASH_AT: `${point}:${12 + kill * 8}` });
      if (!(await running.says('Lisible is ready'))) continue;
      const token = await running.token('loan-system');
      // At a random moment after a random number of answers, so that a slow machine is killed amid as much work as a fast one.
      const killAfter = acknowledged.size + 5 + Math.floor(nextRandom() * 30);
      const killDelayMs = nextRandom() * 30;
      const submit = async (worker: number): Promise<void> => {
        for (let index = 0; running.isRunning; index += 1) {
          const applicationId = `crash-${kill}-${worker}-${index}`;
          const response = await fetch(`${running.origin}/v1/applications`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(index % 5 === 0 ? { prefer: 'wait=10' } : {}) },
            body: JSON.stringify({ ...template, applicationId, clientId: applicationId }),
          });
          if (response.ok) acknowledged.set(applicationId, await response.json());
          if (point === undefined && acknowledged.size === killAfter) void setTimeout(killDelayMs).then(() => running.stop('SIGKILL'));
        }
      };
      // A request cut by the kill was not acknowledged, and may or may not have been received.
      await Promise.allSettled([0, 1, 2, 3].map(submit));
      expect(await running.exited).toBe('SIGKILL');
    }
    expect(acknowledged.size).toBeGreaterThan(kills);

    const healed = start();
    expect(await healed.says('Lisible is ready')).toBe(true);
    const token = await healed.token('advisor');
    const all = [...acknowledged.keys(), ...unlabelled.map((line): string => JSON.parse(line).applicationId)];
    for (const applicationId of all) {
      // The rest of the unlabelled rows is still being handed over by the platform itself.
      let view = await healed.read<ApplicationView>(`/v1/applications/${applicationId}`, token, 'wait=20');
      while (view.applicationId === undefined) view = await healed.read<ApplicationView>(`/v1/applications/${applicationId}`, token, 'wait=20');
      expect(view).toMatchObject({ applicationId, status: 'explained' });
      const earlier = acknowledged.get(applicationId);
      if (earlier?.status === 'explained') expect(view).toEqual(earlier);
    }
    // Twice at once, as a terminal and npm do.
    healed.process.kill('SIGINT');
    expect(await healed.stop('SIGINT')).toBe(0);

    const database = await openEmbeddedDatabase(home);
    try {
      for (const [service, topic] of [
        ['scoring', topics.applicationDecided],
        ['explainer', topics.decisionExplained],
      ] as const) {
        const { rows } = await sql<{
          key: string;
          events: number;
        }>`select key, count(*)::int as events from ${sql.table(`${service}.outbox`)} where topic = ${topic} group by key`.execute(
          database.forService<object>(service),
        );
        const counts = new Map(rows.map(({ key, events }) => [key, events]));
        expect(all.filter((applicationId) => counts.get(applicationId) !== 1)).toEqual([]);
        expect(rows.filter(({ events }) => events !== 1)).toEqual([]);
      }
    } finally {
      await database.close();
    }
  }, 300_000);

  it('ends by itself, with one sentence and exit code 1, when the thread that holds its records dies', async () => {
    await lisible?.stop();
    const order = join(home, 'end-the-thread');
    // Loaded into every thread of the process; the one that holds the records ends itself on our order.
    const preload = `import { existsSync } from 'node:fs'; import { isMainThread, workerData } from 'node:worker_threads';
      if (!isMainThread && String(workerData).endsWith('records')) setInterval(() => existsSync(${JSON.stringify(order)}) && process.exit(7), 20).unref();`;
    const running = start({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` });
    expect({ isReady: await running.says('Lisible is ready'), output: running.isRunning ? '' : running.output }).toEqual({
      isReady: true,
      output: '',
    });
    await writeFile(order, '');
    expect(await running.exited).toBe(1);
    expect(running.output).toMatch(
      /The embedded database ended by itself \(its worker ended with code 7\); nothing that was acknowledged is lost: start/,
    );
    expect(running.output).not.toMatch(/\n\s+at /);
    await rm(order);
  }, 60_000);

  it('says in one sentence that its records are damaged, and how to go on', async () => {
    const records = join(home, 'records');
    await rm(join(records, 'global'), { recursive: true, force: true });
    const damaged = start();
    expect(await damaged.exited).toBe(1);
    expect(damaged.output).toMatch(/damaged/);
    expect(damaged.output).not.toMatch(/\n\s+at /);
  }, 60_000);
});
