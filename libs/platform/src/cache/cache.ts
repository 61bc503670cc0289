/**
 * Answers worth remembering: a cache and nothing else. It never throws and never keeps anybody waiting: one that is gone, slow or holds rubbish is a
 * miss, and what it forgets is computed again. Keys hold no client data.
 */
export interface Cache {
  find(key: string): Promise<Uint8Array | null>;
  remember(key: string, value: Uint8Array, ttlSeconds: number): Promise<void>;
}

export interface OpenCache extends Cache {
  close(): Promise<void>;
}
