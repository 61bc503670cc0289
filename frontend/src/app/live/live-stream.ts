import { announcedTopics, announcementSchema } from '@lisible/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';

export interface LiveStreamOptions {
  /** Null while nobody is signed in; asked anew at every connection. */
  readonly accessToken: () => string | null;
  readonly fetch: typeof globalThis.fetch;
  /** Something was decided or explained. */
  readonly onAnnouncement: (applicationId: string) => void;
  /** Connected after having been cut: what came in between is not told again. */
  readonly onReconnected: () => void;
}

const firstRetryMs = 1_000;
const slowestRetryMs = 30_000;

const applicationIdOf = (topic: string, data: string): string | null => {
  if (!Object.hasOwn(announcedTopics, topic)) return null;
  try {
    return announcementSchema.safeParse(JSON.parse(data)).data?.applicationId ?? null;
  } catch {
    return null; // Of another version of the door: what it means is not ours to guess.
  }
};

/**
 * Listens to what the platform announces until it is stopped, connecting again whenever it is cut. By `fetch`, since an `EventSource` cannot show a token,
 * and addresses must not hold one.
 */
export const followLiveStream = ({ accessToken, fetch, onAnnouncement, onReconnected }: LiveStreamOptions): (() => void) => {
  const stopped = new AbortController();
  const { signal } = stopped;
  let retryMs = firstRetryMs;
  let hasBeenConnected = false;

  const listen = async (token: string): Promise<void> => {
    const response = await fetch('/v1/stream', { headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` }, signal });
    if (!response.ok || response.body === null) throw new Error(`The stream was answered ${response.status}.`);
    retryMs = firstRetryMs;
    if (hasBeenConnected) onReconnected();
    hasBeenConnected = true;
    const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    const reader = events.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const applicationId = applicationIdOf(next.value.event ?? '', next.value.data);
      if (applicationId !== null) onAnnouncement(applicationId);
    }
  };

  const follow = async (): Promise<void> => {
    const token = accessToken();
    if (token !== null) await listen(token).catch(() => undefined);
    if (signal.aborted) return;
    setTimeout(() => void follow(), retryMs);
    // A door that is away, or a role that may not listen: asked more and more rarely.
    retryMs = Math.min(retryMs * 2, slowestRetryMs);
  };
  void follow();
  return () => stopped.abort();
};
