import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Role, ServiceName } from '@lisible/contracts';
import { openBalancer } from './balancer.ts';
import { findFreePort } from './platform.ts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

export interface DistributedOptions {
  /** What `bringUp` of `@lisible/infra` answers: `KAFKA_BROKERS`, `DATABASE_URL` (of an administrator) and `REDIS_URL`. */
  readonly infra: { readonly connections: Readonly<Record<string, string>> };
  /** Artefacts and logs; made when absent. */
  readonly home: string;
  /** One of each unless told. */
  readonly replicas?: Partial<Record<ServiceName, number>>;
  /** For every service process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One process of the platform, at an address that it keeps when it is started again. */
export interface ServiceProcess {
  readonly service: ServiceName;
  /** From 0. */
  readonly replica: number;
  /** Of the present process, or of the last one there was. */
  readonly pid: number;
  readonly url: string;
}

/** The five services as processes, over a broker, a database and a cache; the demo issuer signs in. What dies stays dead until `respawn`. */
export interface RunningServices {
  readonly processes: readonly ServiceProcess[];
  /** Each replica of the gateway by its own address. */
  readonly gatewayUrls: readonly string[];
  /** A bearer token for a role. */
  token(role: Role): Promise<string>;
  /** A signal for one of the processes; nothing where it has ended. */
  kill(pid: number, signal: NodeJS.Signals): void;
  /** Starts a replica whose process has ended, with what its environment has beside the usual. @throws Error when it still runs */
  respawn(service: ServiceName, replica: number, environment?: Readonly<Record<string, string>>): ServiceProcess;
  /** SIGTERM to all, and SIGKILL to whoever still runs after 25 s; the exit code of each, null where a signal ended it. */
  stop(): Promise<readonly (ServiceProcess & { readonly exitCode: number | null })[]>;
}

/** Whoever answers is asked last. */
const startOrder = ['trainer', 'explainer', 'scoring', 'client-profile', 'gateway'] as const satisfies readonly ServiceName[];
/** A service has 20 s to end in good order. */
const stopPatienceMs = 25_000;

interface Slot {
  readonly service: ServiceName;
  readonly replica: number;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  child: ChildProcess | null;
}

/** Starts every process; resolves once all were started, not once they are ready. The build must be there. */
export async function startDistributed({ infra, home, replicas = {}, environment = {} }: DistributedOptions): Promise<RunningServices> {
  const logs = join(home, 'logs');
  mkdirSync(logs, { recursive: true });
  const { DATABASE_URL: administrator = '', KAFKA_BROKERS = '', REDIS_URL = '' } = infra.connections;
  const databaseUrls = await prepareDatabase(administrator);
  const undo = new AsyncDisposableStack();

  const ports: { service: ServiceName; replica: number; port: number }[] = [];
  for (const service of startOrder)
    for (let replica = 0; replica < (replicas[service] ?? 1); replica += 1) ports.push({ service, replica, port: await findFreePort() });
  const urlOf = async (service: ServiceName): Promise<string> => {
    const own = ports.filter((slot) => slot.service === service).map(({ port }) => port);
    const [only] = own;
    if (own.length === 1) return `http://127.0.0.1:${only}`;
    const balancer = undo.adopt(await openBalancer(own), (open) => open.close());
    return balancer.url;
  };
  const gatewayUrls = ports.filter(({ service }) => service === 'gateway').map(({ port }) => `http://127.0.0.1:${port}`);
  const issuerPort = await findFreePort();
  const issuerUrl = `http://127.0.0.1:${issuerPort}/demo-issuer`;
  const scriptsSecret = randomBytes(32).toString('base64url');
  const common = { ...inherited(), HOST: '127.0.0.1', LOG_LEVEL: 'info', INTERNAL_TOKEN: randomBytes(32).toString('base64url'), KAFKA_BROKERS };
  const behindTheDoor = { ARTEFACTS_DIR: join(home, 'artefacts'), ...(REDIS_URL === '' ? {} : { REDIS_URL }) };
  const door = {
    TRAINER_URL: await urlOf('trainer'),
    EXPLAINER_URL: await urlOf('explainer'),
    SCORING_URL: await urlOf('scoring'),
    CLIENT_PROFILE_URL: await urlOf('client-profile'),
    OIDC_ISSUER: issuerUrl,
    OIDC_AUDIENCE: 'lisible',
    DASHBOARD_DIR: join(projectRoot, 'frontend/dist'),
  };
  const slots = ports.map(({ service, replica, port }): Slot => {
    const own = service === 'gateway' ? door : { ...behindTheDoor, DATABASE_URL: databaseUrls[service] ?? '' };
    return { service, replica, port, environment: definedOf({ ...common, ...own, ...environment, PORT: String(port) }), child: null };
  });

  const start = (slot: Slot, more: Readonly<Record<string, string>> = {}): ServiceProcess => {
    const { service, replica } = slot;
    if (slot.child !== null && hasNotEnded(slot.child)) throw new Error(`${service}-${replica} still runs`);
    slot.child = spawnLogged(join(logs, `${service}-${replica}.log`), `services/${service}/dist/main.js`, { ...slot.environment, ...more });
    return describe(slot);
  };
  const issuer = spawnLogged(join(logs, 'demo-issuer.log'), 'tools/demo-issuer/dist/main.js', {
    ...definedOf(process.env),
    HOST: '127.0.0.1',
    PORT: String(issuerPort),
    DASHBOARD_ORIGINS: gatewayUrls.join(','),
    SCRIPTS_SECRET: scriptsSecret,
  });
  for (const slot of slots) start(slot);

  const kill = (pid: number, signal: NodeJS.Signals): void => {
    const child = slots.map((slot) => slot.child).find((candidate) => candidate?.pid === pid);
    if (child !== undefined && child !== null && hasNotEnded(child)) child.kill(signal);
  };
  return {
    get processes() {
      return slots.map(describe);
    },
    gatewayUrls,
    token: (role) => requestToken(issuerUrl, scriptsSecret, role),
    kill,
    respawn: (service, replica, more) => {
      const slot = slots.find((candidate) => candidate.service === service && candidate.replica === replica);
      if (slot === undefined) throw new Error(`there is no ${service}-${replica}`);
      return start(slot, more);
    },
    stop: async () => {
      const ended = await Promise.all(
        slots.map(async (slot) => ({ ...describe(slot), exitCode: slot.child === null ? null : await endChild(slot.child) })),
      );
      await endChild(issuer);
      await undo.disposeAsync();
      return ended;
    },
  };
}

const describe = ({ service, replica, port, child }: Slot): ServiceProcess => ({
  service,
  replica,
  pid: child?.pid ?? -1,
  url: `http://127.0.0.1:${port}`,
});

const hasNotEnded = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** Settings of another broker that our own environment may hold are not the services' affair. */
const inherited = (): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KAFKA_')));

const definedOf = (environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));

/** A process whose output goes to the end of a file. */
const spawnLogged = (logFile: string, script: string, environment: Readonly<Record<string, string>>): ChildProcess => {
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(process.execPath, [join(projectRoot, script)], { cwd: projectRoot, env: { ...environment }, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
};

const endChild = async (child: ChildProcess): Promise<number | null> => {
  if (!hasNotEnded(child)) return child.exitCode;
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  // Whoever was stopped hears of the end only once it goes on.
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
  const code = await exited;
  clearTimeout(impatience);
  return code;
};

/** A schema and a role for each service; answers with the connection of each. */
const prepareDatabase = async (administrator: string): Promise<Readonly<Record<string, string>>> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['tools/database/dist/main.js', 'prepare', '--json'], {
    cwd: projectRoot,
    env: { ...process.env, DATABASE_URL: administrator },
  });
  return JSON.parse(stdout);
};

const requestToken = async (issuerUrl: string, secret: string, role: Role): Promise<string> => {
  const response = await fetch(`${issuerUrl}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`scripts:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: `role:${role}`, resource: 'urn:lisible:api' }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the issuer answered ${response.status}: ${await response.text()}`);
  const answer: { access_token?: unknown } = await response.json();
  if (typeof answer.access_token !== 'string') throw new Error('the issuer gave no token');
  return answer.access_token;
};
