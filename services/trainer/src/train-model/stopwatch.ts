/** How long each part of a work took, in the order in which they began. */
export interface Stopwatch {
  readonly timings: readonly { readonly part: string; readonly seconds: number }[];
  /** Runs a part and keeps its wall-clock seconds, also when it fails; a part that is named again adds to itself. */
  readonly time: <T>(part: string, work: () => Promise<T>) => Promise<T>;
}

/** @param nowMs a clock that only goes forward, in milliseconds */
export const createStopwatch = (nowMs: () => number = () => performance.now()): Stopwatch => {
  const timings: { part: string; seconds: number }[] = [];
  return {
    timings,
    time: async (part, work) => {
      const known = timings.find((timing) => timing.part === part);
      const timing = known ?? { part, seconds: 0 };
      if (known === undefined) timings.push(timing);
      const startedAtMs = nowMs();
      try {
        return await work();
      } finally {
        timing.seconds += (nowMs() - startedAtMs) / 1000;
      }
    },
  };
};
