import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { trainingMessageSchema } from './messages.ts';
import type { IngestedTables, TrainingOutcome, TrainingProgress, TrainingTask } from './messages.ts';

/** From a build the process is JavaScript; from source (specs) Node strips the types itself and rooms resolve to their sources. */
const isSource = import.meta.url.endsWith('.ts');
const entry = fileURLToPath(new URL(isSource ? './main.ts' : './main.js', import.meta.url));
const nodeOptions = isSource ? ['--conditions=lisible-source', '--no-warnings'] : [];
/** Beyond this the data are too much for this machine: better a failed training than a machine that swaps. */
const maxHeapMegabytes = 1536;

/** The last lines of what the process said on its standard error, for the log. */
const maxErrorLines = 20;

export interface TrainingProcess {
  readonly pid: number | undefined;
  /**
   * Resolves however the process ends; `errors` is what it wrote to its standard error. `isAskedFor` where `kill` or a signal that
   * people send ended it: Ctrl C reaches it before the service that started it hears of the stop.
   */
  readonly ended: Promise<{ readonly outcome: TrainingOutcome; readonly errors: string; readonly isAskedFor: boolean }>;
  kill(): void;
}

/** Starts the training process on a task. It shares nothing with this one but the work folder, so it may die at any moment. */
export const startTrainingProcess = (
  task: TrainingTask,
  onProgress: (progress: TrainingProgress) => void,
  onIngested?: (tables: IngestedTables) => void,
): TrainingProcess => {
  const child = spawn(process.execPath, [...nodeOptions, `--max-old-space-size=${maxHeapMegabytes}`, entry, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let outcome: TrainingOutcome | null = null;
  let isKilled = false;
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = parseMessage(line);
    if (message === null) errors.push(line);
    else if (message.kind === 'progress') onProgress(message);
    else if (message.kind === 'ingested') onIngested?.(message.tables);
    else outcome = message;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line);
    if (errors.length > maxErrorLines) errors.shift();
  });
  const ended = new Promise<Awaited<TrainingProcess['ended']>>((resolve) => {
    const end = (otherwise: string, isAskedFor = false): void =>
      resolve({ outcome: outcome ?? { kind: 'failed', message: otherwise }, errors: errors.join('\n'), isAskedFor });
    child.on('error', (error) => end(`the training process could not be started: ${error.message}`));
    child.on('close', (code, signal) =>
      signal === null
        ? end(`the training process ended with code ${code}`)
        : end(`the training process was ended by ${signal}`, isKilled || signal === 'SIGINT' || signal === 'SIGTERM'),
    );
  });
  const kill = (): void => {
    isKilled = true;
    child.kill('SIGKILL');
  };
  return { pid: child.pid, ended, kill };
};

const parseMessage = (line: string) => {
  try {
    return trainingMessageSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
};
