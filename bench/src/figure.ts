import { cpus, loadavg, totalmem } from 'node:os';

/** One sample set of a measured quantity. */
export interface Measurement {
  readonly value: number;
  /** Every repetition, in the figure's unit. */
  readonly samples: readonly number[];
  /** Who was measured beside it in the same run, or the limit's own name. */
  readonly rival: { readonly name: string; readonly value: number } | null;
  readonly isMet: boolean;
  /** Whatever else was seen, by name. */
  readonly details?: Readonly<Record<string, number | string>>;
}

export interface MeasureOptions {
  /** A smaller run, within a minute or two. */
  readonly isShort: boolean;
  readonly log: (line: string) => void;
}

/** An entry of the registry: a claim and the code that measures it. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly target: string;
  measure(options: MeasureOptions): Promise<Measurement>;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly node: string;
  readonly loadAverage: number;
}

/** What `npm run bench -- NAME --json` prints. */
export interface FigureResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string;
  readonly isMet: boolean;
  readonly rival: Measurement['rival'];
  readonly machine: Machine;
  readonly command: string;
  readonly samples: readonly number[];
  readonly details: Readonly<Record<string, number | string>>;
  readonly measuredAt: string;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear interpolation between order statistics, as numpy's default. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  if (low === undefined || high === undefined) throw new Error('no samples');
  return low + (high - low) * (position - Math.floor(position));
}
