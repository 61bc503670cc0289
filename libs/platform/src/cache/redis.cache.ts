import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { createClient, RESP_TYPES } from 'redis';
import type { EventLog } from '../events/participant.ts';
import type { OpenCache } from './cache.ts';

/** Of one service; services share a server. */
const prefixOf = (service: string): string => `lisible:${service}:`;
/** An answer that takes longer than this is sooner computed. */
const answerMs = 100;
/** Between two attempts to reach a server that is away. */
const reconnectMs = 500;
/** First word of what this cache wrote: version and checksum follow. */
const magic = 0x4c43_3031;
const headerBytes = 8;

/** The value behind a checksum: whatever else stands under a key is no answer of ours. */
const seal = (value: Uint8Array): Buffer => {
  const sealed = Buffer.allocUnsafe(headerBytes + value.byteLength);
  sealed.writeUInt32BE(magic, 0);
  sealed.writeUInt32BE(crc32(value), 4);
  sealed.set(value, headerBytes);
  return sealed;
};

const unseal = (sealed: Uint8Array): Uint8Array | null => {
  if (sealed.byteLength < headerBytes) return null;
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const value = sealed.subarray(headerBytes);
  return view.getUint32(0) === magic && view.getUint32(4) === crc32(value) ? value : null;
};

/**
 * Remembers in Redis, for all replicas of a service. It returns at once: a server that is away is looked for again every half second, and until it is
 * there everything is a miss. Said once when it goes and when it comes back.
 */
export const openRedisCache = (url: string, service: string, log: EventLog): OpenCache => {
  const client = createClient({
    url,
    // Nothing waits for a server that is away.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 1000,
    socket: { connectTimeout: 2000, reconnectStrategy: () => reconnectMs },
  });
  const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  const prefix = prefixOf(service);
  let isAway = false;
  let isClosed = false;
  client.on('error', (error: Error) => {
    if (isAway || isClosed) return;
    isAway = true;
    log.warn({ err: error }, 'the cache is away: answers are computed each time');
  });
  client.on('ready', () => {
    if (isAway) log.info({}, 'the cache is back');
    isAway = false;
  });
  // What goes wrong is told by `error`; a client that is closed while it connects has nothing to tell.
  const connecting = client.connect().catch(() => undefined);

  const inTime = async <T>(answer: Promise<T>): Promise<T | null> => {
    const stop = new AbortController();
    try {
      return await Promise.race([answer.catch(() => null), wait(answerMs, null, { signal: stop.signal }).catch(() => null)]);
    } finally {
      stop.abort();
    }
  };
  return {
    find: async (key) => {
      if (!client.isReady) return null;
      const sealed = await inTime(binary.get(prefix + key));
      return sealed instanceof Uint8Array ? unseal(sealed) : null;
    },
    remember: async (key, value, ttlSeconds) => {
      if (!client.isReady) return;
      await inTime(client.set(prefix + key, seal(value), { expiration: { type: 'EX', value: Math.max(1, Math.ceil(ttlSeconds)) } }));
    },
    close: async () => {
      isClosed = true;
      client.destroy();
      await connecting;
    },
  };
};
