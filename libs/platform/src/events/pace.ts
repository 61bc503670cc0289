import { setTimeout as sleep } from 'node:timers/promises';

/** What a round costs whatever it carries (a fetch, a transaction, a request to the broker) is as much as some ten events do. */
const fewEvents = 100;

/**
 * Lets a round that carried few events last at least `roundMs`, so that the next one finds more at once. An event that comes to an idle
 * platform is handled without waiting; under a steady load it waits half a round on average, and a backlog waits for nothing.
 * @param startedAtMs of the round, `performance.now()`
 */
export const pace = async (roundMs: number, startedAtMs: number, events: number, signal: AbortSignal): Promise<void> => {
  const restMs = startedAtMs + roundMs - performance.now();
  if (events >= fewEvents || restMs <= 0) return;
  try {
    await sleep(restMs, undefined, { signal });
  } catch {
    // Aborted: the caller looks at the signal.
  }
};
