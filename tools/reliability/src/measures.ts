import { topics } from '@lisible/contracts';
import type { HistoryEntry } from './history.ts';

/** When the first live event about each application was read from a topic, ms of the history's clock. */
const firstSeen = (entries: readonly HistoryEntry[], topic: string): ReadonlyMap<string, number> => {
  const seen = new Map<string, number>();
  for (const entry of entries)
    if (entry.kind === 'event' && entry.process === 'reader' && entry.topic === topic && !seen.has(entry.subject)) seen.set(entry.subject, entry.at);
  return seen;
};

/** Application published or posted for the first time → its first event on a topic, as a client of the broker sees both; ms, in order of submission. */
export function measureDelays(
  entries: readonly HistoryEntry[],
  topic: string,
): readonly { readonly subject: string; readonly askedAt: number; readonly delayMs: number }[] {
  const seen = firstSeen(entries, topic);
  const asked = new Map<string, number>();
  for (const entry of entries)
    if (entry.kind === 'invoke' && entry.expected === 'decision' && !asked.has(entry.subject)) asked.set(entry.subject, entry.at);
  return [...asked].flatMap(([subject, askedAt]) => {
    const at = seen.get(subject);
    return at === undefined ? [] : [{ subject, askedAt, delayMs: at - askedAt }];
  });
}

/** The longest time without a decision while at least one application was waiting for one, ms. */
export function measureLongestPause(entries: readonly HistoryEntry[]): number {
  const decided = firstSeen(entries, topics.applicationDecided);
  const waiting = new Set<string>();
  let quietSince: number | null = null;
  let longest = 0;
  for (const entry of entries) {
    const isAsked = entry.kind === 'invoke' && entry.expected === 'decision' && decided.has(entry.subject);
    if (isAsked && (decided.get(entry.subject) ?? 0) > entry.at) {
      if (waiting.size === 0) quietSince = entry.at;
      waiting.add(entry.subject);
    }
    if (entry.kind === 'event' && entry.process === 'reader' && entry.topic === topics.applicationDecided && waiting.delete(entry.subject)) {
      longest = Math.max(longest, entry.at - (quietSince ?? entry.at));
      quietSince = entry.at;
    }
  }
  return longest;
}

/** Highest value of a sample by target. */
export function highestSamples(entries: readonly HistoryEntry[], name: string): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  for (const entry of entries)
    if (entry.kind === 'sample' && entry.name === name) highest.set(entry.target, Math.max(entry.value, highest.get(entry.target) ?? 0));
  return highest;
}
