import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { execFile, spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { InfraRecord } from './infra-record.ts';
import type { Environment, PartName } from './parts.ts';
import type { Account, Command } from './recorded-process.ts';

export interface LocalContext {
  /** The part's own folder, absolute; exists. */
  readonly folder: string;
  readonly record: InfraRecord;
  readonly environment: Environment;
  /** Says what is being done now, for the one who waits. */
  readonly onStep: (step: string) => void;
}

/** A server from local packages. */
export interface LocalPart {
  readonly name: PartName;
  /** Programs that this machine lacks, each with the Debian package that has it. */
  findMissing(environment: Environment): readonly string[];
  /** Makes whatever the server starts from, whole or not at all, and says how it is started. */
  prepare(context: LocalContext): Promise<Command>;
  /** The server's own version where it does not tell over the network; null otherwise. */
  findVersion(folder: string): string | null;
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take to answer, from its start on a busy machine. */
  readonly patienceMs: number;
  /** Whether these last lines of its log tell of something that goes away by itself. */
  isPassing(lastLines: string): boolean;
}

export function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first program of that name on PATH; null when there is none. */
export function findProgram(name: string, environment: Environment): string | null {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(canRun) ?? null;
}

/** Names in a folder; none when it does not exist. */
export function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * A new folder in which a data folder is made before it is renamed to `data`, so that one of that name is always whole.
 * Each try has its own: what an earlier one that was killed still runs cannot write into ours, and loses its folder.
 */
export function createUnfinishedData(folder: string): string {
  const left = listNames(folder).filter((name) => name.startsWith('data.new-'));
  for (const name of left) rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 10 });
  return mkdtempSync(join(folder, 'data.new-'));
}

/** The first of these accounts that the machine has, when root asks; null for anybody else, who runs servers as themselves. */
export function findAccount(names: readonly string[]): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [name, , uid, gid] = names.flatMap((wanted) => accounts.filter(([found]) => found === wanted))[0] ?? [];
  if (name === undefined) throw new Error(`root needs one of these accounts to run a server as: ${names.join(', ')}`);
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** @throws Error when the account may not pass through to the folder */
export function requireEntry(account: Account | null, folder: string): void {
  if (account === null) return;
  const { status } = spawnSync('/usr/bin/test', ['-x', folder], { uid: account.uid, gid: account.gid });
  if (status !== 0) {
    throw new Error(`the account ${account.name} may not enter ${folder}: set LISIBLE_HOME to a folder that every account may pass through`);
  }
}

/** Runs a program to its end; its output. @throws Error with the last lines of what it printed when it fails */
export async function runToEnd(file: string, parameters: readonly string[], account: Account | null = null, cwd = '/'): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(file, parameters, {
      cwd,
      maxBuffer: 16e6,
      ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
    });
    return stdout;
  } catch (error) {
    const printed =
      error instanceof Error && 'stderr' in error && 'stdout' in error ? `${String(error.stdout)}${String(error.stderr)}` : String(error);
    throw new Error(`${file} failed:\n${lastLines(printed, 12)}`, { cause: error });
  }
}

export const lastLines = (text: string, count: number): string => text.trimEnd().split('\n').slice(-count).join('\n');
