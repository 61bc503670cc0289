import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import type { PartName } from './parts.ts';

const way = z.enum(['compose', 'local']).nullable();
const port = z.number().int().min(1).max(65_535);

const recordSchema = z.object({
  /** How each part was started; null once it was taken down. Written before anything starts. */
  startedBy: z.object({ kafka: way, postgresql: way, redis: way }),
  /** Kept across `down`, so that lines exported once stay true. */
  ports: z.object({ kafka: port, kafkaController: port, postgresql: port, redis: port }),
  postgresqlPassword: z.string().min(1),
});
export type InfraRecord = z.infer<typeof recordSchema>;

const fileIn = (folder: string): string => join(folder, 'infra.json');

/** Null when this folder has none yet. @throws Error when its file is not one of ours */
export function findRecord(folder: string): InfraRecord | null {
  let text: string;
  try {
    text = readFileSync(fileIn(folder), 'utf8');
  } catch {
    return null;
  }
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${fileIn(folder)} cannot be read: end what it names by hand, remove the folder, and start again`);
  }
}

/** Whole or not at all; only for its owner's eyes, because it holds a password. */
export function writeRecord(folder: string, record: InfraRecord): void {
  const unfinished = `${fileIn(folder)}.new`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(unfinished, fileIn(folder));
}

export function makeFolder(folder: string): void {
  // 0755 whatever the mask: PostgreSQL's account must be able to pass through.
  mkdirSync(folder, { recursive: true, mode: 0o755 });
}

export async function isFree(candidate: number): Promise<boolean> {
  const server = createServer();
  server.listen(candidate, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/**
 * A free loopback port below those that the kernel gives to outgoing connections (32768 and up): while a killed server is
 * down, no client can be given its port.
 */
export async function findLastingPort(taken: readonly number[]): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const candidate = randomInt(15_000, 32_000);
    if (!taken.includes(candidate) && (await isFree(candidate))) return candidate;
  }
  throw new Error('no free port between 15000 and 32000');
}

export async function createRecord(): Promise<InfraRecord> {
  const kafka = await findLastingPort([]);
  const kafkaController = await findLastingPort([kafka]);
  const postgresql = await findLastingPort([kafka, kafkaController]);
  const redis = await findLastingPort([kafka, kafkaController, postgresql]);
  return {
    startedBy: { kafka: null, postgresql: null, redis: null },
    ports: { kafka, kafkaController, postgresql, redis },
    postgresqlPassword: randomBytes(18).toString('base64url'),
  };
}

/** What the part's environment variable says when this tool started it. */
export function connectionOf(name: PartName, { ports, postgresqlPassword }: InfraRecord): string {
  switch (name) {
    case 'kafka':
      return `127.0.0.1:${ports.kafka}`;
    case 'postgresql':
      return `postgresql://lisible:${postgresqlPassword}@127.0.0.1:${ports.postgresql}/lisible`;
    case 'redis':
      return `redis://127.0.0.1:${ports.redis}`;
  }
}
