import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Readiness, Role } from '@lisible/contracts';
import { readinessSchema } from '@lisible/contracts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** A standalone platform in a process of its own, as `npm start` runs it. */
export interface RunningPlatform {
  readonly url: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** A bearer token from `npm run token`. */
  token(role: Role): Promise<string>;
  readiness(): Promise<Readiness | null>;
  /** SIGTERM, then waits for the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
  readonly exited: Promise<number | null>;
}

export interface PlatformOptions {
  readonly home: string;
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** The checkout to start; default this one. */
  readonly root?: string;
}

/** A port of the loopback interface that is free now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Starts `standalone/dist/main.js`; returns at once. The build must be there. */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const port = options.port ?? (await findFreePort());
  const root = options.root ?? projectRoot;
  const url = `http://127.0.0.1:${port}`;
  const environment = { ...process.env, ...options.environment, LISIBLE_HOME: options.home, PORT: String(port) };
  const child = spawn(process.execPath, ['standalone/dist/main.js'], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const readiness = async (): Promise<Readiness | null> => {
    try {
      const response = await fetch(`${url}/health/ready`);
      return readinessSchema.parse(await response.json());
    } catch {
      return null;
    }
  };
  return {
    url,
    pid: child.pid ?? -1,
    output: () => printed,
    readiness,
    exited,
    async token(role) {
      const { stdout } = await promisify(execFile)(process.execPath, ['standalone/dist/token.js', '--role', role], { cwd: root, env: environment });
      return stdout.trim();
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Waits until a dossier can be read; throws with the platform's own words when it exits first or the time is over. */
export async function waitUntilReady(platform: RunningPlatform, timeoutSeconds: number): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  let hasExited = false;
  void platform.exited.then(() => (hasExited = true));
  for (;;) {
    const readiness = await platform.readiness();
    if (readiness?.isReady === true) return;
    if (hasExited) throw new Error(`the platform stopped before it was ready:\n${platform.output()}`);
    if (Date.now() > deadline)
      throw new Error(`not ready after ${timeoutSeconds} s, waiting for ${readiness?.waitingFor ?? 'an answer'}:\n${platform.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
