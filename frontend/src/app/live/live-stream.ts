import { announcedTopics, announcementSchema } from '@lisible/contracts';

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

/** Events of a server-sent stream (WHATWG HTML, 9.2.6) as far as it has come, and the text that is not one yet. */
export const readEvents = (
  text: string,
): { readonly events: readonly { readonly topic: string; readonly data: string }[]; readonly rest: string } => {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const events = blocks.flatMap((block) => {
    const lines = block.split('\n').map((line) => /^(event|data): ?(.*)$/.exec(line));
    const valueOf = (name: string): string => lines.flatMap((line) => (line?.[1] === name ? [line[2] ?? ''] : [])).join('\n');
    const data = valueOf('data');
    return data === '' ? [] : [{ topic: valueOf('event'), data }];
  });
  return { events, rest };
};

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
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    let pending = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const { events, rest } = readEvents(pending + decoder.decode(part.value, { stream: true }));
      pending = rest;
      for (const { topic, data } of events) {
        const applicationId = applicationIdOf(topic, data);
        if (applicationId !== null) onAnnouncement(applicationId);
      }
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
