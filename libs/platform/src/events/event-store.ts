import type { EventEnvelope, ServiceName } from '@lisible/contracts';
import { sql } from 'kysely';
import type { Kysely, QueryExecutorProvider } from 'kysely';
import { schemaOf } from '../database/database.ts';
import { lastStatement } from '../database/last-statement.ts';

/** An outbox row on its way to a consumer. */
export interface OutboxRow {
  readonly seq: number;
  readonly id: string;
  readonly key: string;
  readonly envelope: string;
  /** The envelope as its writer validated it, for readers in the same process; absent where the row was read from the table. */
  readonly event?: EventEnvelope;
}

/** An outbox row to be written; the database gives it its sequence number. */
export interface OutboxEntry {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly envelope: string;
  readonly event: EventEnvelope;
}

/** An outbox row as this process has just committed it. */
export type CommittedRow = OutboxEntry & OutboxRow;

/** Somebody else moved the position: this consumer's batch is stale and nothing of it may be kept. */
export class PositionMovedError extends Error {
  override readonly name = 'PositionMovedError';
}

/** PostgreSQL takes at most 65,535 parameters in one statement; a row has four. */
const rowsPerStatement = 1000;

/** The SQL over outbox, inbox and position of one service's schema; sequence numbers fit a double (2^53). */
export class EventStore {
  readonly #db: QueryExecutorProvider;
  readonly #outbox: ReturnType<typeof sql.id>;
  readonly #unpublished: ReturnType<typeof sql.id>;
  readonly #inbox: ReturnType<typeof sql.id>;
  readonly #position: ReturnType<typeof sql.id>;

  constructor(db: Kysely<never> | QueryExecutorProvider, service: ServiceName) {
    const schema = schemaOf(service);
    this.#db = db;
    this.#outbox = sql.id(schema, 'outbox');
    this.#unpublished = sql.id(schema, 'unpublished');
    this.#inbox = sql.id(schema, 'inbox');
    this.#position = sql.id(schema, 'position');
  }

  /** Outbox rows of a topic from `next` on, in commit order. */
  async listOutbox(topic: string, next: number, limit: number): Promise<readonly OutboxRow[]> {
    const { rows } =
      await sql<OutboxRow>`select seq::float8 as seq, id, key, envelope from ${this.#outbox} where topic = ${topic} and seq >= ${next} order by seq limit ${limit}`.execute(
        this.#db,
      );
    return rows;
  }

  /** The first sequence number that is not yet in the outbox. */
  async getEndOfOutbox(): Promise<number> {
    const { rows } = await sql<{ next: number }>`select coalesce(max(seq), 0)::float8 + 1 as next from ${this.#outbox}`.execute(this.#db);
    return rows[0]?.next ?? 1;
  }

  async countOutbox(topic: string, next: number): Promise<number> {
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::float8 as count from ${this.#outbox} where topic = ${topic} and seq >= ${next}`.execute(this.#db);
    return rows[0]?.count ?? 0;
  }

  /**
   * Returns those that were not there, with the numbers they got; with `forRelay`, they wait to be published.
   * The last thing of its transaction: nothing may come after it.
   */
  async appendOutbox(
    transaction: QueryExecutorProvider,
    entries: readonly OutboxEntry[],
    { forRelay = false }: { readonly forRelay?: boolean } = {},
  ): Promise<readonly CommittedRow[]> {
    const appended: CommittedRow[] = [];
    for (let start = 0; start < entries.length; start += rowsPerStatement) {
      const part = entries.slice(start, start + rowsPerStatement);
      const values = part.map(({ id, topic, key, envelope }) => sql`(${id}, ${topic}, ${key}, ${envelope})`);
      // The same cause said twice gives the same id: readers would skip the second one anyway.
      const insert = sql`insert into ${this.#outbox} (id, topic, key, envelope) values ${sql.join(values)} on conflict (id) do nothing returning seq::float8 as seq, id`;
      const isLast = start + rowsPerStatement >= entries.length;
      const end = sql.raw(isLast ? lastStatement : '');
      const statement = forRelay
        ? sql<Appended>`with appended as (${insert}), waiting as (insert into ${this.#unpublished} (seq) select seq from appended) select seq, id from appended ${end}`
        : sql<Appended>`${insert} ${end}`;
      const { rows } = await statement.execute(transaction);
      const entryOf = new Map(part.map((entry) => [entry.id, entry]));
      for (const { seq, id } of rows) {
        const entry = entryOf.get(id);
        if (entry !== undefined) appended.push({ ...entry, seq });
      }
    }
    return appended;
  }

  /**
   * The oldest rows that were not published, in order; of those that the caller `holds`, the sequence number alone. Only those of one
   * key range, where there are several: `range` of `ranges`, by a hash of the key.
   */
  async listUnpublished(limit: number, holds: readonly number[], { range, ranges }: KeyRange): Promise<readonly UnpublishedRow[]> {
    const waiting =
      ranges === 1
        ? sql`select seq from ${this.#unpublished} order by seq limit ${limit}`
        : sql`select unpublished.seq from ${this.#unpublished} as unpublished join ${this.#outbox} as outbox on outbox.seq = unpublished.seq
          where mod(hashtext(outbox.key)::bigint + 2147483648, ${ranges}) = ${range} order by unpublished.seq limit ${limit}`;
    // An envelope that is held already is neither read from its page nor sent.
    const { rows } = await sql<UnpublishedRow>`
      with waiting as materialized (${waiting})
      select waiting.seq::float8 as seq, outbox.topic, outbox.key, outbox.envelope
      from waiting left join ${this.#outbox} as outbox on outbox.seq = waiting.seq and waiting.seq <> all(${holds}::bigint[])
      order by waiting.seq`.execute(this.#db);
    return rows;
  }

  async markPublished(seqs: readonly number[]): Promise<void> {
    await sql`delete from ${this.#unpublished} where seq = any(${seqs}::bigint[])`.execute(this.#db);
  }

  /** Outside a transaction. */
  async vacuumUnpublished(): Promise<void> {
    await sql`vacuum (truncate false) ${this.#unpublished}`.execute(this.#db);
  }

  async countUnpublished(): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*)::float8 as count from ${this.#unpublished}`.execute(this.#db);
    return rows[0]?.count ?? 0;
  }

  /** Deletes up to `limit` published rows that are older than `before`; says how many. */
  async trimPublished(before: Date, limit: number): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      with old as (select seq from ${this.#outbox} as outbox where created_at < ${before}
        and not exists (select 1 from ${this.#unpublished} as waiting where waiting.seq = outbox.seq) order by seq limit ${limit}),
      gone as (delete from ${this.#outbox} where seq in (select seq from old) returning 1)
      select count(*)::float8 as count from gone`.execute(this.#db);
    return rows[0]?.count ?? 0;
  }

  /** Where this service stands in these partitions of a topic; one that it has never seen begins at `begin`, the oldest event there is. */
  async getOrCreatePositions(topic: string, begins: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, number>> {
    const partitions = [...begins.keys()];
    await sql`insert into ${this.#position} (topic, partition, next)
      select ${topic}, partition, next from unnest(${partitions}::int[], ${[...begins.values()]}::bigint[]) as place (partition, next)
      on conflict do nothing`.execute(this.#db);
    return this.getPositions(topic, partitions);
  }

  /** @throws Error when one of them was never created */
  async getPositions(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const { rows } = await sql<{ partition: number; next: number }>`select partition, next::float8 as next from ${
      this.#position
    } where topic = ${topic} and partition = any(${partitions}::int[])`.execute(this.#db);
    const positions = new Map(rows.map(({ partition, next }) => [partition, next]));
    const missing = partitions.filter((partition) => !positions.has(partition));
    if (missing.length > 0) throw new Error(`No position for ${topic}, partitions ${missing.join(', ')}`);
    return positions;
  }

  /**
   * In the consumer's transaction, in one statement: moves the positions (the fence against a zombie) and enters the
   * events into the inbox. Returns the keys (`inboxKey`) of those that were not there. @throws PositionMovedError
   */
  async advance(
    transaction: QueryExecutorProvider,
    topic: string,
    moves: readonly { readonly partition: number; readonly expected: number; readonly next: number }[],
    events: readonly { readonly source: string; readonly id: string }[],
  ): Promise<ReadonlySet<string>> {
    const { rows } = await sql<{ moved: number; source: string | null; id: string | null }>`
      with moved as (update ${this.#position} as place set next = move.next
        from unnest(${moves.map(({ partition }) => partition)}::int[], ${moves.map(({ expected }) => expected)}::bigint[], ${moves.map(({ next }) => next)}::bigint[]) as move (partition, expected, next)
        where place.topic = ${topic} and place.partition = move.partition and place.next = move.expected returning 1),
      fresh as (insert into ${this.#inbox} (source, id)
        select source, id from unnest(${events.map(({ source }) => source)}::text[], ${events.map(({ id }) => id)}::text[]) as event (source, id)
        where exists (select 1 from moved) on conflict do nothing returning source, id)
      select counted.moved, fresh.source, fresh.id from (select count(*)::int as moved from moved) as counted left join fresh on true`.execute(
      transaction,
    );
    if (rows[0]?.moved !== moves.length) throw new PositionMovedError(`The position of ${topic} has been moved by somebody else`);
    return new Set(rows.flatMap(({ source, id }) => (source === null || id === null ? [] : [inboxKey({ source, id })])));
  }

  /** Positions of this service by topic. */
  async listPositions(): Promise<readonly { readonly topic: string; readonly next: number }[]> {
    const { rows } = await sql<{
      topic: string;
      next: number;
    }>`select topic, min(next)::float8 as next from ${this.#position} group by topic`.execute(this.#db);
    return rows;
  }

  /** Deletes a topic's rows below `next` that are older than `before`. */
  async trimOutbox(topic: string, next: number, before: Date): Promise<void> {
    await sql`delete from ${this.#outbox} where topic = ${topic} and seq < ${next} and created_at < ${before}`.execute(this.#db);
  }
}

interface Appended {
  readonly seq: number;
  readonly id: string;
}

/** One of several parts of all keys. */
export interface KeyRange {
  readonly range: number;
  readonly ranges: number;
}

/** An outbox row that waits to be published; what its reader holds already is null. */
export interface UnpublishedRow {
  readonly seq: number;
  readonly topic: string | null;
  readonly key: string | null;
  readonly envelope: string | null;
}

/** An event's identity as one text. */
export const inboxKey = ({ source, id }: { readonly source: string; readonly id: string }): string => `${source} ${id}`;
