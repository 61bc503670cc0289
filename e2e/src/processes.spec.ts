/** Each service as `node services/NAME/dist/main.js`: what it says of an environment that does not fit, and how it stops on real parts. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@lisible/contracts';
import { noteRealPart, startDistributed } from '@lisible/runner';
import type { RunningServices, ServiceProcess } from '@lisible/runner';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly errors: string;
}

const runToItsEnd = (service: string, environment: Readonly<Record<string, string>>): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, `services/${service}/dist/main.js`)], {
      // A service that starts all the same must not outlast the spec.
      timeout: 60_000,
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, errors }));
  });

/** The variables that a message names as not fitting. */
const namedIn = (errors: string): readonly string[] => [...errors.matchAll(/([A-Z][A-Z_]+) \(/g)].map(([, name]) => name ?? '').toSorted();

describe('a service whose environment does not fit', () => {
  const everywhere = ['HOST', 'INTERNAL_TOKEN', 'KAFKA_BROKERS', 'KAFKA_PARTITIONS', 'LOG_LEVEL', 'PORT'];
  const withRecords = ['ARTEFACTS_DIR', 'DATABASE_POOL_SIZE', 'DATABASE_URL', 'REDIS_URL'];
  const ofTheDoor = ['CLIENT_PROFILE_URL', 'EXPLAINER_URL', 'OIDC_AUDIENCE', 'OIDC_ISSUER', 'REQUESTS_PER_MINUTE', 'SCORING_URL', 'TRAINER_URL'];
  /** Missing, empty, and wrong in each way. */
  const wrong = {
    HOST: '',
    PORT: '99999',
    LOG_LEVEL: 'deafening',
    INTERNAL_TOKEN: 'hunter2',
    KAFKA_BROKERS: 'broker-without-port',
    KAFKA_PARTITIONS: 'many',
    DATABASE_URL: 'mysql://hunter2@nowhere/records',
    DATABASE_POOL_SIZE: '1',
    REDIS_URL: 'http://nowhere',
    SCORING_URL: 'nowhere',
    EXPLAINER_URL: 'ftp://nowhere',
    REQUESTS_PER_MINUTE: '0',
  };

  it.each(serviceNames)(
    '%s names all of it at once, repeats none of it, and exits with 1',
    async (service) => {
      const { code, errors } = await runToItsEnd(service, wrong);
      const expected = [...everywhere, ...(service === 'gateway' ? ofTheDoor : withRecords)].filter((name) => name !== 'HOST');
      expect({ code, named: namedIn(errors), lines: errors.trim().split('\n').length }).toEqual({ code: 1, named: expected.toSorted(), lines: 1 });
      for (const value of ['99999', 'deafening', 'hunter2', 'without-port', 'nowhere']) expect(errors).not.toContain(value);
    },
    90_000,
  );

  it('names what a way to sign in to the broker lacks, and a lender that there is not', async () => {
    const right = {
      PORT: '1024',
      INTERNAL_TOKEN: 'x'.repeat(32),
      KAFKA_BROKERS: '127.0.0.1:1',
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
      ARTEFACTS_DIR: tmpdir(),
    };
    const [unsigned, lender] = await Promise.all([
      runToItsEnd('scoring', { ...right, KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_USERNAME: 'lisible' }),
      runToItsEnd('trainer', { ...right, LENDER: 'no-such-lender' }),
    ]);
    expect(unsigned).toEqual({ code: 1, errors: 'KAFKA_SASL_MECHANISM=scram-sha-256 needs KAFKA_PASSWORD: set it and start again.\n' });
    expect(lender.code).toBe(1);
    expect(lender.errors).toContain('no-such-lender');
    expect(lender.errors.trim().split('\n')).toHaveLength(1);
  }, 90_000);
});

const { KAFKA_BROKERS = '', DATABASE_URL = '', REDIS_URL = '' } = process.env;
const isOnRealParts = KAFKA_BROKERS !== '' && DATABASE_URL !== '';
if (!isOnRealParts && process.env['CI'] === 'true') throw new Error('KAFKA_BROKERS and DATABASE_URL name no real parts, and CI tests on real ones');
if (!isOnRealParts) console.warn('THE STOP OF PROCESSES WAS NOT TESTED: KAFKA_BROKERS and DATABASE_URL name no real parts (npm run infra -- up).');
const onRealParts = isOnRealParts ? describe : describe.skip;

const asAdmin = async (statement: string): Promise<void> => {
  const client = new Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

const askReadiness = async (url: string): Promise<{ readonly status: number; readonly detail: unknown }> => {
  const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
  const answer: { readonly detail?: unknown } = await response.json();
  return { status: response.status, detail: answer.detail };
};

const until = async (isSo: () => Promise<boolean>, patienceMs: number, what: string): Promise<void> => {
  for (const deadline = Date.now() + patienceMs; !(await isSo().catch(() => false));) {
    if (Date.now() > deadline) throw new Error(`in vain waited for: ${what}`);
    await sleep(50);
  }
};

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** What its readiness says from before a SIGTERM until it says no more; `seconds` counts from the signal. */
const stopAndWatch = async (fleet: RunningServices, { pid, url }: ServiceProcess) => {
  const heard: string[] = [];
  const listen = async (): Promise<void> => {
    while (isThere(pid)) {
      const answer = await askReadiness(url).catch(() => null);
      if (answer !== null) heard.push(`${answer.status} ${String(answer.detail)}`);
    }
  };
  const listening = listen();
  await until(() => Promise.resolve(heard.length > 2), 10_000, 'its readiness');
  const since = performance.now();
  fleet.kill(pid, 'SIGTERM');
  await Promise.race([listening, sleep(30_000, undefined, { ref: false })]);
  return { heard: [...new Set(heard)], seconds: (performance.now() - since) / 1000 };
};

interface ReceivedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly name: string;
  readonly attributes: unknown;
}

/** The parts of an OTLP message in JSON that are looked at. */
const readSpans = (body: string): readonly ReceivedSpan[] => {
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: {
      resource: { attributes: { key: string; value: { stringValue?: string } }[] };
      scopeSpans: { spans: { traceId: string; name: string; attributes: unknown }[] }[];
    }[];
  };
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap((scope) => scope.spans.map(({ traceId, name, attributes }) => ({ service, traceId, name, attributes })));
  });
};

onRealParts('services as processes on real parts', () => {
  const database = `spec_${randomBytes(6).toString('hex')}`;
  const home = mkdtempSync(join(tmpdir(), 'lisible-processes-'));
  let fleet: RunningServices;
  let collector: Server;
  const spans: ReceivedSpan[] = [];

  beforeAll(async () => {
    collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        spans.push(...readSpans(Buffer.concat(chunks).toString('utf8')));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    await asAdmin(`create database ${database}`);
    const own = new URL(DATABASE_URL);
    own.pathname = `/${database}`;
    fleet = await startDistributed({
      infra: { connections: { KAFKA_BROKERS, REDIS_URL, DATABASE_URL: own.href } },
      home,
      environment: { KAFKA_PREFIX: `${database}.`, LOG_LEVEL: 'warn', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    });
    for (const { service, url } of fleet.processes)
      await until(
        async () => (await fetch(`${url}/health/live`)).ok && (service === 'gateway' || (await askReadiness(url)).status === 200),
        120_000,
        service,
      );
    noteRealPart('the five services as processes');
  }, 240_000);
  afterAll(async () => {
    await fleet?.stop();
    collector?.close();
    await asAdmin(`drop database if exists ${database} with (force)`);
    for (const service of serviceNames) await asAdmin(`drop role if exists ${database}_${service.replaceAll('-', '_')}`);
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  it('send a collector the spans of one application under the trace that it came with', async () => {
    const traceId = randomBytes(16).toString('hex');
    const application = {
      applicationId: 'traced-1',
      clientId: 'traced-1',
      submittedAt: '2026-11-23T10:00:00Z',
      currency: 'EUR',
      contractType: 'cash-loan',
      birthDate: '1988-04-12',
      incomeAmount: 27_000,
      creditAmount: 12_000,
      annuityAmount: 640,
    };
    const response = await fetch(`${fleet.gatewayUrls[0]}/v1/applications`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await fleet.token('loan-system')}`,
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      },
      body: JSON.stringify(application),
    });
    expect(response.status).toBe(202);
    const ofTrace = (): readonly string[] => spans.filter((span) => span.traceId === traceId).map(({ service, name }) => `${service} ${name}`);
    await until(() => Promise.resolve(ofTrace().length >= 2), 30_000, 'spans');
    expect(ofTrace().toSorted()).toEqual(['lisible.client-profile POST /applications', 'lisible.gateway POST /v1/applications']);
    // Identifiers only: nothing of what the application says.
    expect(JSON.stringify(spans)).not.toMatch(/27.?000|12.?000|1988/);
  }, 60_000);

  it('say that they are stopping while they stop, and exit with 0 within 20 s', async () => {
    const stops = [];
    for (const process of fleet.processes) stops.push({ ...process, ...(await stopAndWatch(fleet, process)) });
    const ended = await fleet.stop();
    for (const { service, heard, seconds } of stops) {
      // The trainer fetches nothing, so it is gone before anybody can ask.
      if (service !== 'trainer') expect({ service, heard }).toEqual({ service, heard: expect.arrayContaining(['503 stopping']) });
      expect(seconds).toBeLessThan(20);
    }
    expect(ended.map(({ service, exitCode }) => [service, exitCode])).toEqual(ended.map(({ service }) => [service, 0]));
    expect(ended).toHaveLength(serviceNames.length);
  }, 60_000);
});
