/** Where the broker is and how one speaks to it, as the environment says. */
export interface BrokerSettings {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Stands before the names of topics and groups, where several installations share a cluster; none unless told. */
  readonly prefix?: string;
  /** Files in PEM. */
  readonly tls: { readonly caFile: string; readonly certFile?: string; readonly keyFile?: string } | null;
  readonly sasl:
    | { readonly mechanism: 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string }
    | {
        readonly mechanism: 'oauthbearer';
        /** An OAuth 2.0 token endpoint that gives tokens for client credentials. */
        readonly tokenUrl: string;
        readonly clientId: string;
        readonly clientSecret: string;
        readonly scope?: string;
      }
    | null;
  /** How outgoing messages are compressed. */
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Of a topic that is declared with many partitions. */
  readonly partitions: number;
  readonly replication: number;
  /** A member of a consumer group that was not heard of for so long is taken for dead. */
  readonly sessionTimeoutMs: number;
}

export interface TopicDeclaration {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly retentionMs: number;
  /** How the broker keeps it, whatever its writers send; `producer`: as they send it. */
  readonly compression: 'producer' | 'uncompressed';
}

export interface OutgoingMessage {
  readonly topic: string;
  /** Messages of one key keep their order. */
  readonly key: string | null;
  readonly value: string | Uint8Array | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface BrokerMessage {
  readonly offset: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly sentAt: Date;
}

/** What a partition holds: offsets from `begin` (the oldest there is) to `end` (the first there is not). */
export interface PartitionRange {
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
}

export interface BrokerBatch {
  readonly partition: number;
  /** In order; never empty. */
  readonly messages: readonly BrokerMessage[];
  /** Where reading goes on behind it: past the last message, and past what a broker keeps between messages for itself. */
  readonly next: number;
  /** Aborted when the partition is about to go to another member, or the reader stops: end soon. */
  readonly signal: AbortSignal;
}

export interface ReaderOptions {
  readonly groupId: string;
  readonly topic: string;
  /**
   * At every assignment, with all partitions that are now this member's: answers where each begins. Nothing is delivered before.
   * The signal is aborted when a newer assignment comes, or the reader ends. A rejection ends the reader.
   */
  readonly onAssigned: (partitions: readonly number[], signal: AbortSignal) => Promise<ReadonlyMap<number, number>>;
  /**
   * The next messages of a partition; batches of several partitions may be under way at once, of one partition one at a time.
   * True: read on behind it; false: it was not finished, and comes again if the partition stays here. A rejection ends the reader.
   */
  readonly onBatch: (batch: BrokerBatch) => Promise<boolean>;
  /** Nothing but a broker's own marks lies below `next`. */
  readonly onPassed: (partition: number, next: number) => void;
}

/** One member of a consumer group that reads one topic. */
export interface Reader {
  /** Resolves when it ended by itself, whatever the reason; never by `stop`. */
  readonly ended: Promise<Error>;
  /** When the client last did anything at all, by `performance.now()`. */
  readonly lastSignMs: number;
  /** For tools that show lag; the courier's truth is elsewhere. Never throws. */
  commit(positions: ReadonlyMap<number, number>): Promise<void>;
  /** Stops fetching, waits for the batches in hand, leaves the group. With `abandon`, batches in hand are not waited for. */
  stop(how?: { readonly abandon: boolean }): Promise<void>;
}

/** Port: a message broker with topics, partitions, offsets and consumer groups. */
export interface Broker {
  /** Makes the topics that are not there; changes none that is. Returns those that are there with other partitions than declared. */
  ensureTopics(topics: readonly TopicDeclaration[]): Promise<readonly string[]>;
  /** @throws Error when the topic is not there, or the broker */
  listRanges(topic: string): Promise<readonly PartitionRange[]>;
  /** Offsets of the first messages that are at least as young; the end where there are none. */
  listOffsetsAt(topic: string, at: Date): Promise<ReadonlyMap<number, number>>;
  /** Resolves when every in-sync replica has them all; those of one partition stand there in this order. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  openReader(options: ReaderOptions): Reader;
  close(): Promise<void>;
}

/** A line of the client's own, without any message's content. */
export type BrokerLog = (level: 'warn' | 'debug', message: string, fields: Readonly<Record<string, unknown>>) => void;
