/** Models, snapshots and evidence: bytes by key (`models/<version>/model.onnx`), written whole or not at all. */
export interface ArtefactStore {
  /** @throws TransientError `service-unavailable` when the key does not exist (yet). */
  read(key: string): Promise<Uint8Array>;
  /** The bytes, or null when the key does not exist. */
  find(key: string): Promise<Uint8Array | null>;
  /** Atomic: a reader sees the old bytes or the new ones, even when the process is killed in between. */
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** Path of a local file that holds the artefact, for readers that need one (DuckDB, ONNX Runtime). The file exists if the key does. */
  localPath(key: string): Promise<string>;
  /** Keys that start with the prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  /** Removes everything whose key lies under a folder, e.g. `snapshots/2`, and what was cut short there; nothing there is no error. */
  removeFolder(key: string): Promise<void>;
}
