/** Named places where a test kills the process. */
export const crashPointNames = [
  'after-receive',
  'after-prepare',
  'before-commit',
  'after-commit',
  'before-wake',
  'before-publish',
  'after-publish',
  'before-mark',
  'after-mark',
  'before-rename',
  'after-rename',
] as const;
export type CrashPointName = (typeof crashPointNames)[number];

/** Called at each named place. */
export type CrashPoint = (name: CrashPointName) => void;

/** Production: nothing happens. */
export const noCrash: CrashPoint = () => undefined;

/**
 * `LISIBLE_CRASH_AT=name` or `name:n` kills the process with SIGKILL when it comes to that place the first or n-th time.
 * Heeded under `LISIBLE_TEST=1` only. @throws Error on an unknown name, so that a crash test cannot pass by a typing error.
 */
export const crashPointFromEnvironment = (environment: Readonly<Record<string, string | undefined>> = process.env): CrashPoint => {
  const asked = environment['LISIBLE_CRASH_AT'];
  if (environment['LISIBLE_TEST'] !== '1' || asked === undefined) return noCrash;
  const [name, times = '1'] = asked.split(':');
  if (!crashPointNames.some((known) => known === name))
    throw new Error(`LISIBLE_CRASH_AT names no crash point; there are ${crashPointNames.join(', ')}`);
  let remaining = Number(times);
  return (reached) => {
    if (reached !== name) return;
    remaining -= 1;
    if (remaining === 0) process.kill(process.pid, 'SIGKILL');
  };
};

/**
 * `LISIBLE_STALL_AT=topic` or `topic:n` makes the first or n-th batch of that topic in this process hang for ever, as a handler would that
 * waits for an answer nobody sends. Heeded under `LISIBLE_TEST=1` only.
 */
export const stallPointFromEnvironment = (environment: Readonly<Record<string, string | undefined>> = process.env): ((topic: string) => boolean) => {
  const asked = environment['LISIBLE_STALL_AT'];
  if (environment['LISIBLE_TEST'] !== '1' || asked === undefined) return () => false;
  const [name, times = '1'] = asked.split(':');
  let remaining = Number(times);
  return (topic) => {
    if (topic !== name) return false;
    remaining -= 1;
    return remaining === 0;
  };
};
