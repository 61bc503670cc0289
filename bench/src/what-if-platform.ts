import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applicationViewSchema } from '@lisible/contracts';
import type { Application, Decision } from '@lisible/contracts';
import { readUnlabelled, startPlatform, waitUntilReady } from '@lisible/runner';

const dataDir = fileURLToPath(new URL('../../../shared/data/home-credit', import.meta.url));

/** A platform on the Home Credit extract whose first applications are all decided. */
export interface WhatIfPlatform {
  readonly decisions: readonly Decision[];
  /** What was decided on, by identifier. */
  readonly applications: ReadonlyMap<string, Application>;
  /** What the gateway answers to a what-if, and how long it took. @throws Error when it refuses */
  ask(path: string, body: object): Promise<{ readonly answer: unknown; readonly elapsedMs: number }>;
  /** Hands an application in, and waits for its decision. */
  decide(application: Application): Promise<Decision>;
  close(): Promise<void>;
}

export const startWhatIfPlatform = async (log: (line: string) => void): Promise<WhatIfPlatform> => {
  if (!existsSync(dataDir)) throw new Error('../shared/data/home-credit is absent: this figure is measured on it');
  const home = mkdtempSync(join(tmpdir(), 'lisible-what-if-'));
  const platform = await startPlatform({ home, environment: { DATA_DIR: dataDir, STUDIES: 'none' } });
  const close = async (): Promise<void> => {
    await platform.stop();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    log('training on the extract…');
    await waitUntilReady(platform, 900);
    const headers = { authorization: `Bearer ${await platform.token('advisor')}`, 'content-type': 'application/json' };
    const decisions: Decision[] = [];
    const applications = new Map(readUnlabelled(home).map((application) => [application.applicationId, application]));
    for (const applicationId of applications.keys()) {
      for (;;) {
        const response = await fetch(`${platform.url}/v1/applications/${applicationId}`, { headers });
        const view = response.ok ? applicationViewSchema.parse(await response.json()) : null;
        if (view?.status === 'explained' && view.decision !== null) {
          decisions.push(view.decision);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
    log(`${decisions.length} applications decided`);
    return {
      decisions,
      applications,
      close,
      decide: async (application) => {
        const response = await fetch(`${platform.url}/v1/applications`, {
          method: 'POST',
          headers: { ...headers, prefer: 'wait=20' },
          body: JSON.stringify(application),
        });
        const { decision } = applicationViewSchema.parse(await response.json());
        if (decision === null) throw new Error(`${application.applicationId} was not decided within 20 s`);
        return decision;
      },
      ask: async (path, body) => {
        const startedAt = performance.now();
        const response = await fetch(platform.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
        const answer: unknown = await response.json();
        const elapsedMs = performance.now() - startedAt;
        if (!response.ok) throw new Error(`${path} was not answered: ${JSON.stringify(answer)}`);
        return { answer, elapsedMs };
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};
