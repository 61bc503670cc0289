import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort, launchChromium, signInAsAdvisor } from '@lisible/runner';
import type { Figure } from '../figure.ts';

const firstLimitSeconds = 300;
const secondLimitSeconds = 15;
const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

function run(command: string, parameters: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd, env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ${parameters.join(' ')} ended with ${code}`))));
  });
}

/** The environment of a shell outside npm: the clone must find its own Node and packages. */
function cleanEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([key]) => !key.startsWith('npm_') && key !== 'INIT_CWD' && key !== 'NODE');
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules'))
    .join(':');
  return { ...Object.fromEntries(kept), PATH: path, ...extra };
}

/** `npm start` until the verdict of a dossier is on the screen; returns seconds. */
async function startUntilDossier(clone: string, home: string, buildCache: string): Promise<number> {
  const port = await findFreePort();
  const start = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: clone,
    detached: true,
    stdio: 'ignore',
    env: cleanEnvironment({ NX_CACHE_DIRECTORY: buildCache, LISIBLE_HOME: home, PORT: String(port), SYNTHETIC_CLIENTS: '10000' }),
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const browser = await launchChromium();
  try {
    for (;;) {
      const isReady = await fetch(`${url}/health/ready`).then(
        (response) => response.ok,
        () => false,
      );
      if (isReady) break;
      if (performance.now() - start > 900_000) throw new Error('not ready within 15 minutes');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const page = await browser.newPage();
    await signInAsAdvisor(page, url);
    await page.getByRole('row').nth(1).getByRole('link').first().click();
    await page
      .getByText(/risque estimé/i)
      .first()
      .waitFor();
    return (performance.now() - start) / 1000;
  } finally {
    await browser.close();
    // npm start is a family of processes: the whole group that this function started.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await exited;
  }
}

export const freshClone: Figure = {
  name: 'fresh-clone',
  title: 'fresh clone to a dossier in the browser, synthetic population of 10,000 clients, install included',
  unit: 's',
  target: `under ${firstLimitSeconds} s; second start under ${secondLimitSeconds} s`,

  async measure({ log }) {
    const folder = mkdtempSync(join(tmpdir(), 'lisible-fresh-'));
    const clone = join(folder, 'lisible');
    const home = join(folder, 'state');
    // Nx shares its cache between clones on one machine: a newcomer's is empty.
    const buildCache = join(folder, 'build-cache');
    try {
      const start = performance.now();
      await run('git', ['clone', '--quiet', projectRoot, clone], folder);
      await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], clone, cleanEnvironment({}));
      const installSeconds = (performance.now() - start) / 1000;
      log(`installed in ${installSeconds.toFixed(1)} s`);
      const firstSeconds = await startUntilDossier(clone, home, buildCache);
      const total = installSeconds + firstSeconds;
      log(`dossier on the screen after ${total.toFixed(1)} s`);
      const secondSeconds = await startUntilDossier(clone, home, buildCache);
      return {
        value: total,
        samples: [total],
        rival: { name: 'limit', value: firstLimitSeconds },
        isMet: total < firstLimitSeconds && secondSeconds < secondLimitSeconds,
        details: { 'clone and install s': installSeconds, 'first start s': firstSeconds, 'second start s': secondSeconds },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
