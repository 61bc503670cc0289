import { setTimeout as delay } from 'node:timers/promises';

/** Waits before another attempt; resolves at once when aborted. Tests pass one that does not wait. */
export type BackOff = (attempt: number, abort: AbortSignal) => Promise<void>;

/** 50 ms, doubled at each attempt, one second at most: a dependency that is back is noticed within a second. */
export const exponentialBackOff: BackOff = async (attempt, abort) => {
  try {
    await delay(Math.min(50 * 2 ** (attempt - 1), 1_000), undefined, { signal: abort });
  } catch {
    // Aborted: the caller looks at the signal.
  }
};
