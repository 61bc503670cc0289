import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAtMs: number;
}

/**
 * Sessions, codes and grants of one issuer in memory: they live as long as the keys, that is as long as the process.
 * One map for all of the issuer's models, so that two issuers in one process share nothing.
 */
export class MemoryAdapter implements Adapter {
  private readonly model: string;
  private readonly entries: Map<string, Entry>;

  constructor(model: string, entries: Map<string, Entry>) {
    this.model = model;
    this.entries = entries;
  }

  upsert(id: string, payload: AdapterPayload, expiresInSeconds: number): Promise<void> {
    if (this.entries.size >= maxEntries) this.dropExpired();
    const expiresAtMs = expiresInSeconds > 0 ? Date.now() + expiresInSeconds * 1000 : Number.POSITIVE_INFINITY;
    this.entries.set(this.key(id), { payload, expiresAtMs });
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.findLive(this.key(id)));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.findBy((payload) => payload.uid === uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.findBy((payload) => payload.userCode === userCode));
  }

  consume(id: string): Promise<void> {
    const entry = this.entries.get(this.key(id));
    if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1000);
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    this.entries.delete(this.key(id));
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, entry] of this.entries) if (entry.payload.grantId === grantId) this.entries.delete(key);
    return Promise.resolve();
  }

  private key(id: string): string {
    return `${this.model}:${id}`;
  }

  private findLive(key: string): AdapterPayload | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAtMs > Date.now()) return entry.payload;
    this.entries.delete(key);
    return undefined;
  }

  private findBy(matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    const prefix = `${this.model}:`;
    for (const [key, entry] of this.entries) if (key.startsWith(prefix) && matches(entry.payload)) return this.findLive(key);
    return undefined;
  }

  private dropExpired(): void {
    const nowMs = Date.now();
    for (const [key, entry] of this.entries) if (entry.expiresAtMs <= nowMs) this.entries.delete(key);
  }
}

/** Above it expired entries are swept at each write. */
const maxEntries = 10_000;

/** What `oidc-provider` asks for: one adapter a model. */
export const memoryAdapterFactory = (): ((model: string) => Adapter) => {
  const entries = new Map<string, Entry>();
  return (model) => new MemoryAdapter(model, entries);
};
