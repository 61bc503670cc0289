import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as the kernel knows it: a reused process number has another start, and a restarted machine another boot. */
export interface RecordedProcess {
  readonly pid: number;
  /** Kernel ticks since boot. */
  readonly startedAtTicks: string;
  readonly bootId: string;
}

/** An account that a server is run as when root starts it. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Command {
  readonly file: string;
  readonly parameters: readonly string[];
  /** Null: the account of whoever runs this tool. */
  readonly account: Account | null;
}

const findText = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

const bootIdFile = '/proc/sys/kernel/random/boot_id';

/** State and start of a process from the text of /proc/PID/stat (proc(5)); the name before them may hold spaces and parentheses. */
export function parseProcessStat(text: string): { readonly state: string; readonly startedAtTicks: string } | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startedAtTicks] = [fields[0], fields[19]];
  return state === undefined || startedAtTicks === undefined ? null : { state, startedAtTicks };
}

/** A line `pid ticks boot`; null for a line cut short, whose process never became a server. */
export function parseRecordedProcess(text: string): RecordedProcess | null {
  const match = /^(\d+) (\d+) ([0-9a-f-]{36})\n$/.exec(text);
  const [, pid, startedAtTicks, bootId] = match ?? [];
  return pid === undefined || startedAtTicks === undefined || bootId === undefined ? null : { pid: Number(pid), startedAtTicks, bootId };
}

export function findRecordedProcess(file: string): RecordedProcess | null {
  const text = findText(file);
  return text === null ? null : parseRecordedProcess(text);
}

/** True only for that very process; a zombie that nobody collected has ended. */
export function isRunning({ pid, startedAtTicks, bootId }: RecordedProcess): boolean {
  if (findText(bootIdFile)?.trim() !== bootId) return false;
  const text = findText(`/proc/${pid}/stat`);
  const stat = text === null ? null : parseProcessStat(text);
  return stat !== null && stat.startedAtTicks === startedAtTicks && stat.state !== 'Z' && stat.state !== 'X';
}

// The process writes down who it is before it becomes the server (exec keeps both its number and its start), so no moment
// exists at which this tool can be killed and leave behind a server that nobody knows of.
const recordThenBecome = `
start() { shift 19; echo "$1"; }
read -r stat < /proc/$$/stat
read -r boot < ${bootIdFile}
echo "$$ $(start \${stat##*) }) $boot" >&3
exec 3>&-
exec "$@"`;

/** Starts a server that outlives this tool, with its output appended to `logFile` and itself recorded in `processFile`. */
export async function startRecorded(command: Command, folder: string, processFile: string, logFile: string): Promise<RecordedProcess> {
  const log = openSync(logFile, 'a', 0o600);
  const record = openSync(processFile, 'w', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', recordThenBecome, 'sh', command.file, ...command.parameters], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log, record],
      ...(command.account === null ? {} : { uid: command.account.uid, gid: command.account.gid }),
    });
    child.unref();
    let failure: Error | null = null;
    child.once('error', (error) => (failure = error));
    for (let waited = 0; waited < 500; waited += 1) {
      const started = findRecordedProcess(processFile);
      if (started !== null) return started;
      if (failure !== null) throw failure;
      await sleep(20);
    }
    throw new Error(`${command.file} did not start within 10 s`);
  } finally {
    closeSync(log);
    closeSync(record);
  }
}

async function waitUntilGone(recorded: RecordedProcess, patienceMs: number): Promise<boolean> {
  for (let waitedMs = 0; isRunning(recorded); waitedMs += 50) {
    if (waitedMs >= patienceMs) return false;
    await sleep(50);
  }
  return true;
}

/**
 * Asks the recorded process to end by `signal`, and kills it after `patienceMs`; forgets the record once it is gone.
 * Whoever else has the same number by now is left alone. Answers whether there was anything to end.
 */
export async function endRecorded(processFile: string, signal: NodeJS.Signals, patienceMs: number): Promise<boolean> {
  const recorded = findRecordedProcess(processFile);
  const wasRunning = recorded !== null && isRunning(recorded);
  if (wasRunning) {
    process.kill(recorded.pid, signal);
    if (!(await waitUntilGone(recorded, patienceMs))) {
      process.kill(recorded.pid, 'SIGKILL');
      if (!(await waitUntilGone(recorded, 10_000))) throw new Error(`process ${recorded.pid} does not end`);
    }
  }
  rmSync(processFile, { force: true });
  return wasRunning;
}
