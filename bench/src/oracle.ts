import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const requirements = fileURLToPath(new URL('../oracles/requirements.txt', import.meta.url));
/** Beside the build output, ignored by git. */
const environment = fileURLToPath(new URL('../dist/oracles', import.meta.url));

const python = join(environment, 'bin/python');

async function readyEnvironment(log: (line: string) => void): Promise<void> {
  const wanted = readFileSync(requirements, 'utf8');
  const ready = join(environment, 'ready');
  if (existsSync(ready) && readFileSync(ready, 'utf8') === wanted) return;
  log('installing the rivals from PyPI…');
  await run('python3', ['-m', 'venv', environment]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
  writeFileSync(ready, wanted);
}

/** Runs a Python script with the rivals of `oracles/requirements.txt`, in a virtual environment made when they change; returns its output. */
export async function runOracle(script: string, parameters: readonly string[], log: (line: string) => void): Promise<string> {
  await readyEnvironment(log);
  const { stdout } = await run(python, [script, ...parameters], { maxBuffer: 64 * 2 ** 20, env: { ...process.env, OMP_NUM_THREADS: '1' } });
  return stdout;
}

/**
 * A package of PyPI in a folder of its own, beside the rivals' virtual environment, so that two versions of it can be measured: what it
 * depends on comes from the environment. The Python version that it asks for is not insisted on. Returns the folder.
 */
export async function installApart(requirement: string, log: (line: string) => void): Promise<string> {
  const folder = join(environment, 'apart', requirement);
  if (existsSync(folder)) return folder;
  await readyEnvironment(log);
  log(`installing ${requirement} from PyPI…`);
  const options = ['--no-deps', '--only-binary', ':all:', '--ignore-requires-python', '--target', folder];
  await run(python, ['-m', 'pip', 'install', '--quiet', ...options, requirement]);
  return folder;
}

/** A Python script of the rivals that serves until it is stopped, with the children that it starts. */
export interface ServingOracle {
  stop(): Promise<void>;
}

/** Starts one; resolves at once. What it prints goes to our own errors. */
export async function startOracle(script: string, parameters: readonly string[], log: (line: string) => void): Promise<ServingOracle> {
  await readyEnvironment(log);
  // A process group of its own: servers start workers, which end with it.
  const child = spawn(python, [script, ...parameters], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    stop: async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await exited;
    },
  };
}
