import { policyViewSchema } from '@lisible/contracts';
import type { Policy } from '@lisible/contracts';
import { lockStateFolder, openEmbeddedDatabase } from '@lisible/platform';
import { findPolicyInForce } from '@lisible/scoring';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findDoor, requestToken } from './script-credentials.ts';
import { StartError } from './settings.ts';

/**
 * The policy by which the platform on this state folder decides: from its own door when it runs, from its records, held for the
 * moment of reading, when it is at rest. Null where none was adopted yet.
 * @throws StateFolderError when the folder is taken by a platform that does not answer (yet); StartError when its door refuses
 */
export const readPolicyInForce = async (home: string): Promise<Policy | null> => {
  const door = await findDoor(home);
  const token = door === null ? null : await requestToken(door, 'mlops');
  if (door !== null && token !== null) {
    const response = await fetch(`${door.origin}/v1/policy`, { headers: { authorization: `Bearer ${token}`, 'accept-language': 'en' } });
    if (!response.ok)
      throw new StartError(`The running platform answered ${response.status} to the question for its policy: try again once it is ready.`);
    return policyViewSchema.parse(await response.json()).policy;
  }
  // Opening records that are not there would make them.
  if (!existsSync(join(home, 'records'))) return null;
  const lock = await lockStateFolder(home);
  try {
    const database = await openEmbeddedDatabase(home);
    try {
      return (await findPolicyInForce(database))?.policy ?? null;
    } finally {
      await database.close();
    }
  } finally {
    await lock.release();
  }
};
