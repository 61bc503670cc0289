import type { GenerationProgress } from './generate-population.ts';

const silentForMs = 2_000;
const everyMs = { terminal: 500, elsewhere: 10_000 } as const;

const duration = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

/** What one line of progress says: rows written, share of the clients, time that is left at the pace so far. */
export const progressLine = ({ written, total, rows }: GenerationProgress, elapsedMs: number): string => {
  const share = total > 0 ? written / total : 1;
  const left = share > 0 ? `, about ${duration((elapsedMs / 1000) * (1 / share - 1))} left` : '';
  return `${rows.toLocaleString('en')} rows written, ${Math.floor(share * 100)} %${left}`;
};

/** Says on `output` how far a generation is, once it has taken two seconds; over itself on a terminal, line by line elsewhere. */
export const showProgress = (output: NodeJS.WriteStream): { readonly report: (progress: GenerationProgress) => void; readonly end: () => void } => {
  const startedAt = performance.now();
  const pauseMs = output.isTTY ? everyMs.terminal : everyMs.elsewhere;
  let dueAt = startedAt + silentForMs;
  let isShown = false;
  return {
    report: (progress) => {
      const now = performance.now();
      if (now < dueAt) return;
      dueAt = now + pauseMs;
      isShown = true;
      const line = progressLine(progress, now - startedAt);
      output.write(output.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
    },
    end: () => {
      if (isShown && output.isTTY) output.write('\n');
    },
  };
};
