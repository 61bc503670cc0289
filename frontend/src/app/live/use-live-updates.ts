import { useQueryClient, type Query } from '@tanstack/vue-query';
import { onBeforeUnmount, watch } from 'vue';
import { z } from 'zod';
import { useSessionStore } from '../session/session.store.ts';
import { followLiveStream } from './live-stream.ts';

/** Answers about one application begin their keys so. */
const ofOneApplication = new Set(['dossier', 'explanation', 'application']);
/** Announcements come by the hundred a second at times: they are taken together. */
const gatherMs = 1_000;

const namedSchema = z.object({ applicationId: z.string() });

/** Whether an answer in the cache is about one of these applications, or waits for one that it cannot name yet. */
export const isAbout = (
  { queryKey, state }: Pick<Query, 'queryKey'> & { readonly state: { readonly data: unknown } },
  applicationIds: ReadonlySet<string>,
): boolean => {
  const [kind, address] = queryKey;
  if (typeof kind !== 'string' || !ofOneApplication.has(kind)) return false;
  const named =
    typeof address === 'string'
      ? address
      : (namedSchema.safeParse(address).data?.applicationId ?? namedSchema.safeParse(state.data).data?.applicationId);
  return named === undefined || applicationIds.has(named);
};

/** Keeps what is shown in step with what the platform announces, while somebody is signed in. */
export const useLiveUpdates = (): void => {
  const session = useSessionStore();
  const cache = useQueryClient();
  let stop: (() => void) | null = null;
  let gathering: ReturnType<typeof setTimeout> | null = null;
  let gathered = new Set<string>();

  const spread = (): void => {
    gathering = null;
    const applicationIds = gathered;
    gathered = new Set();
    void cache.invalidateQueries({ queryKey: ['application-count'] });
    void cache.invalidateQueries({ predicate: (query) => isAbout(query, applicationIds) });
  };
  const end = (): void => {
    stop?.();
    stop = null;
    if (gathering !== null) clearTimeout(gathering);
    gathering = null;
  };

  watch(
    () => session.isSignedIn,
    (isSignedIn) => {
      end();
      if (!isSignedIn) return;
      stop = followLiveStream({
        accessToken: session.accessToken,
        fetch: (...request) => globalThis.fetch(...request),
        onAnnouncement: (applicationId) => {
          gathered.add(applicationId);
          gathering ??= setTimeout(spread, gatherMs);
        },
        onReconnected: () => void cache.invalidateQueries(),
      });
    },
    { immediate: true },
  );
  onBeforeUnmount(end);
};
