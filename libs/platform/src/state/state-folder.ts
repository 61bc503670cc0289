import { readFileSync } from 'node:fs';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { z } from 'zod';
import { findErrorCode } from '../errors.ts';
import { makeFolder } from './make-folder.ts';
import { StateFolderError, inStateFolder } from './state-folder-error.ts';

export interface StateFolderLock {
  release(): Promise<void>;
}

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  /** When the process began, in the kernel's ticks since boot; null where the kernel does not say. A reused pid has another. */
  startedAtTicks: z.string().nullable(),
  bootId: z.string().nullable(),
  hostname: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

/** An owner on another machine cannot be asked whether it lives; it touches its lock instead. */
const heartbeatMs = 5_000;
const foreignLockStaleMs = 30_000;

/**
 * Makes this process the owner of the state folder. A lock left by a killed process is taken over without cleaning.
 * @throws StateFolderError when another living process owns it, or when the operating system lets nobody have it.
 */
export const lockStateFolder = (folder: string): Promise<StateFolderLock> => inStateFolder(folder, () => lock(folder));

const lock = async (folder: string): Promise<StateFolderLock> => {
  await makeFolder(folder);
  const file = join(folder, 'owner.json');
  // The short lock only keeps two starting processes from judging the same stale owner at once.
  const releaseGuard = await lockfile.lock(folder, {
    lockfilePath: join(folder, 'owner.lock'),
    stale: 5_000,
    retries: { retries: 40, minTimeout: 50, maxTimeout: 250 },
  });
  try {
    const owner = await findOwner(file);
    if (owner !== null && (await isAlive(owner, file))) {
      throw new StateFolderError(
        `The state folder ${folder} is in use by process ${owner.pid} on ${owner.hostname}: stop that one, or set LISIBLE_HOME to another folder.`,
      );
    }
    await writeFile(file, JSON.stringify(self()), { flush: true });
  } finally {
    await releaseGuard();
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, heartbeatMs).unref();
  return {
    release: async () => {
      clearInterval(heartbeat);
      await rm(file, { force: true });
    },
  };
};

/** Null when nobody owns the folder; an unreadable file is a write cut short, so nobody finished taking the folder. */
const findOwner = async (file: string): Promise<Owner | null> => {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
};

const isAlive = async (owner: Owner, file: string): Promise<boolean> => {
  if (owner.hostname !== hostname()) return Date.now() - (await stat(file)).mtimeMs < foreignLockStaleMs;
  if (owner.bootId !== bootId()) return false;
  if (owner.pid === process.pid) return owner.startedAtTicks === startedAtTicks(process.pid);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return findErrorCode(error) === 'EPERM';
  }
  const started = startedAtTicks(owner.pid);
  return started === null || owner.startedAtTicks === null || started === owner.startedAtTicks;
};

const self = (): Owner => ({ pid: process.pid, startedAtTicks: startedAtTicks(process.pid), bootId: bootId(), hostname: hostname() });

/** Field 22 of /proc/<pid>/stat (proc(5)); fields are counted after the parenthesised name, which may hold spaces. */
const startedAtTicks = (pid: number): string | null => {
  const text = findText(`/proc/${pid}/stat`);
  return text === null ? null : (text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null);
};

const bootId = (): string | null => findText('/proc/sys/kernel/random/boot_id')?.trim() ?? null;

const findText = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};
