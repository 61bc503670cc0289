import type { PolicyChange, PolicyVersion } from '@lisible/contracts';
import { policyVersionSchema, policyVersionsSchema, problemSchema } from '@lisible/contracts';
import { scriptsClientId } from '@lisible/demo-issuer';
import { lockStateFolder, openEmbeddedDatabase, startService } from '@lisible/platform';
import { listPolicyVersions, scoringService } from '@lisible/scoring';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openEmbeddedParts } from './platform.ts';
import { findDoor, requestToken } from './script-credentials.ts';
import { StartError } from './settings.ts';
import type { Settings } from './settings.ts';

/** Where the versions of a state folder's policy are read and made. */
export interface PolicyDoor {
  /** Latest first; none before the first champion served. */
  list(): Promise<readonly PolicyVersion[]>;
  /** @throws StartError with what is wrong, or that another version came first */
  adopt(change: PolicyChange): Promise<PolicyVersion>;
}

/** The door of the platform that runs on the folder, else the folder itself, held only while it is read or written. */
export const openPolicyDoor = async (settings: Settings): Promise<PolicyDoor> => {
  const door = await findDoor(settings.home);
  const token = door === null ? null : await requestToken(door, 'risk');
  if (door === null || token === null) return atRest(settings);
  const headers = { authorization: `Bearer ${token}`, 'accept-language': 'en', 'content-type': 'application/json' };
  return {
    list: async () => policyVersionsSchema.parse(await answered(await fetch(`${door.origin}/v1/policy/versions`, { headers }))).versions,
    adopt: async (change) => {
      const response = await fetch(`${door.origin}/v1/policy`, { method: 'POST', headers, body: JSON.stringify(change) });
      return policyVersionSchema.parse(await answered(response));
    },
  };
};

const atRest = (settings: Settings): PolicyDoor => ({
  list: async () => {
    // Opening records that are not there would make them.
    if (!existsSync(join(settings.home, 'records'))) return [];
    const lock = await lockStateFolder(settings.home);
    try {
      const database = await openEmbeddedDatabase(settings.home);
      try {
        return await listPolicyVersions(database);
      } finally {
        await database.close();
      }
    } finally {
      await lock.release();
    }
  },
  adopt: async (change) => {
    const parts = await openEmbeddedParts(settings);
    try {
      // Scoring itself adopts, so that a version is the same whoever asks for it; it needs no neighbour for that.
      const scoring = await startService(scoringService, parts.ports, { host: settings.host, port: 0 });
      try {
        const headers = {
          authorization: `Bearer ${parts.ports.internalToken}`,
          'x-lisible-actor': scriptsClientId,
          'accept-language': 'en',
          'content-type': 'application/json',
        };
        await waitForModel(`${scoring.url}/model`, headers);
        return policyVersionSchema.parse(
          await answered(await fetch(`${scoring.url}/policies`, { method: 'POST', headers, body: JSON.stringify(change) })),
        );
      } finally {
        await scoring.close();
      }
    } finally {
      await parts.close();
    }
  },
});

const modelTimeoutMs = 60_000;

const waitForModel = async (url: string, headers: Readonly<Record<string, string>>): Promise<void> => {
  const deadline = performance.now() + modelTimeoutMs;
  while (!(await fetch(url, { headers })).ok) {
    if (performance.now() > deadline)
      throw new StartError('The model in force cannot be loaded: put its files back, or train another (npm run train -- --data DIR).');
    await setTimeout(100);
  }
};

/** The content of an answer that went well. @throws StartError in the words of the problem document, every problem listed */
const answered = async (response: Response): Promise<unknown> => {
  const content: unknown = await response.json();
  if (response.ok) return content;
  const problem = problemSchema.safeParse(content).data;
  const problems = (problem?.problems ?? []).map(({ field, message }) => `  ${field}: ${message}`);
  throw new StartError([problem?.detail ?? problem?.title ?? `The platform answered ${response.status}.`, ...problems].join('\n'));
};
