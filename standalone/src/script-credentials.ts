import type { Role } from '@lisible/contracts';
import { apiResource, demoIssuerPath, roleScope, scriptsClientId } from '@lisible/demo-issuer';
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const fileName = 'door.json';
const doorSchema = z.object({ origin: z.url(), clientId: z.string(), clientSecret: z.string() });
/** Where the running platform is, and how a script proves that it may act on it. */
export type Door = z.infer<typeof doorSchema>;

const tokenAnswerSchema = z.object({ access_token: z.string(), expires_in: z.number() });

export interface ScriptCredentials {
  readonly secret: string;
  remove(): Promise<void>;
}

/** Writes a new secret that only this account can read; whoever reads the state folder may act on the platform. */
export const createScriptCredentials = async (home: string, origin: string): Promise<ScriptCredentials> => {
  const secret = randomBytes(32).toString('base64url');
  const file = join(home, fileName);
  const door: Door = { origin, clientId: scriptsClientId, clientSecret: secret };
  await writeFile(`${file}.new`, JSON.stringify(door), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return { secret, remove: () => rm(file, { force: true }) };
};

/** The door that the state folder names, whether or not anybody answers there; null when no platform ran on it. */
export const findDoor = async (home: string): Promise<Door | null> => {
  try {
    return doorSchema.parse(JSON.parse(await readFile(join(home, fileName), 'utf8')));
  } catch {
    return null;
  }
};

/** An access token with one role; null when no platform with this secret answers (file left by a killed process). */
export const requestToken = async (door: Door, role: Role): Promise<string | null> => {
  try {
    const response = await fetch(`${door.origin}${demoIssuerPath}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${door.clientId}:${door.clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: roleScope(role), resource: apiResource }),
      signal: AbortSignal.timeout(tokenTimeoutMs),
    });
    return response.ok ? tokenAnswerSchema.parse(await response.json()).access_token : null;
  } catch {
    return null;
  }
};

const tokenTimeoutMs = 10_000;
