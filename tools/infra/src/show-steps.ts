const silentForMs = 2_000;
const everyMs = { terminal: 500, elsewhere: 10_000 } as const;

export interface Steps {
  /** What a part is doing now. */
  readonly begin: (subject: string, step: string) => void;
  readonly end: (subject: string) => void;
  readonly close: () => void;
}

/** One line for all that lasts: `kafka: starting the broker, 4 s · redis: …`; empty when nothing has lasted two seconds. */
export function stepsLine(steps: ReadonlyMap<string, { readonly step: string; readonly startedAtMs: number }>, nowMs: number): string {
  return [...steps]
    .filter(([, { startedAtMs }]) => nowMs - startedAtMs >= silentForMs)
    .map(([subject, { step, startedAtMs }]) => `${subject}: ${step}, ${Math.floor((nowMs - startedAtMs) / 1000)} s`)
    .join(' · ');
}

/** Says on `output` what is being waited for, once that has taken two seconds; over itself on a terminal, line by line elsewhere. */
export function showSteps(output: NodeJS.WriteStream): Steps {
  const steps = new Map<string, { readonly step: string; readonly startedAtMs: number }>();
  let dueAtMs = 0;
  let isShown = false;
  const say = (): void => {
    const now = performance.now();
    const line = stepsLine(steps, now);
    if (line === '' || now < dueAtMs) return;
    dueAtMs = now + (output.isTTY ? everyMs.terminal : everyMs.elsewhere);
    isShown = true;
    output.write(output.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
  };
  const timer = setInterval(say, everyMs.terminal).unref();
  return {
    begin: (subject, step) => void steps.set(subject, { step, startedAtMs: performance.now() }),
    end: (subject) => void steps.delete(subject),
    close: () => {
      clearInterval(timer);
      if (isShown && output.isTTY) output.write('\r\u001b[K');
    },
  };
}
