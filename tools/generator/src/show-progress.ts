import { clearInterval, setInterval } from 'node:timers';
import type { GenerationProgress } from './generate-population.ts';

const silentForMs = 2_000;
const everyMs = 1_000;

const duration = (seconds: number): string =>
  seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`;

/** What one line of progress says: rows written, share of the clients, time that is left at the pace so far. */
export const progressLine = ({ written, total, rows }: GenerationProgress, elapsedMs: number): string => {
  const share = total > 0 ? written / total : 1;
  const left = share > 0 ? `, about ${duration((elapsedMs / 1000) * (1 / share - 1))} left` : '';
  return `${rows.toLocaleString('en')} rows written, ${Math.floor(share * 100)} %${left}`;
};

/** Says on `output` how far a generation is, once it has taken two seconds; over itself on a terminal, line by line elsewhere. */
export const showProgress = (output: NodeJS.WriteStream): { readonly report: (progress: GenerationProgress) => void; readonly end: () => void } => {
  const startedAt = performance.now();
  let last: GenerationProgress | null = null;
  let isShown = false;
  const show = (): void => {
    const elapsedMs = performance.now() - startedAt;
    if (last === null || elapsedMs < silentForMs) return;
    isShown = true;
    const line = progressLine(last, elapsedMs);
    output.write(output.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
  };
  const timer = setInterval(show, everyMs);
  return {
    report: (progress) => {
      last = progress;
    },
    end: () => {
      clearInterval(timer);
      if (isShown && output.isTTY) output.write('\n');
    },
  };
};
