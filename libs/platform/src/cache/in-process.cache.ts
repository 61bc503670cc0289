import type { Clock } from '../clock.ts';
import type { Cache } from './cache.ts';

interface Remembered {
  readonly value: Uint8Array;
  readonly untilMs: number;
}

/** Remembers in this process: what was used lately, at most so many bytes of it. */
export const createInProcessCache = (clock: Clock, maxBytes: number): Cache => {
  const remembered = new Map<string, Remembered>();
  let bytes = 0;
  const forget = (key: string): void => {
    bytes -= remembered.get(key)?.value.byteLength ?? 0;
    remembered.delete(key);
  };
  return {
    find: (key) => {
      const found = remembered.get(key);
      if (found === undefined) return Promise.resolve(null);
      forget(key);
      if (found.untilMs <= clock.now().getTime()) return Promise.resolve(null);
      // Map keeps insertion order: put last what was used last.
      remembered.set(key, found);
      bytes += found.value.byteLength;
      return Promise.resolve(found.value);
    },
    remember: (key, value, ttlSeconds) => {
      forget(key);
      remembered.set(key, { value, untilMs: clock.now().getTime() + 1000 * ttlSeconds });
      bytes += value.byteLength;
      for (const oldest of remembered.keys()) {
        if (bytes <= maxBytes) break;
        forget(oldest);
      }
      return Promise.resolve();
    },
  };
};
