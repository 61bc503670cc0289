import { deadLetterSchema, deadLetterTopic, eventEnvelopeSchema, topics } from '@lisible/contracts';
import type { EventEnvelope } from '@lisible/contracts';
import { jest } from '@jest/globals';
import { sql } from 'kysely';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RejectedError, TransientError, Transactions, createEmbeddedCourier, eventId, openEmbeddedDatabase } from '../index.ts';
import type { Clock, CommitHalf, Database, EmbeddedCourier, Participant, Subscription, UnitOfWork } from '../index.ts';
import { migratePlatformTables } from '../database/migrations.ts';
import { Metrics } from '../service/metrics.ts';

/** trainer writes `population.snapshot.published`; client-profile and scoring read it here: small data, one topic, two consumers. */
const topic = topics.populationSnapshotPublished;
const snapshot = (snapshotId: string) => ({ snapshotId, labelledRows: 1, publishedAt: '2026-11-23T00:00:00.000Z' });

interface EffectTables {
  readonly effect: { readonly subject: string };
}

const frozen: Clock = { now: () => new Date('2026-11-23T12:00:00.000Z') };
const text = { fr: 'x', en: 'x' };

describe('the embedded courier', () => {
  let folder: string;
  let database: Database;
  let courier: EmbeddedCourier;
  let isOver = false;
  const backOffs: number[] = [];
  const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-courier-'));
    database = await openEmbeddedDatabase(folder);
    for (const service of ['trainer', 'client-profile'] as const) await migratePlatformTables(database, service);
    await sql`create table client_profile.effect (nth bigserial, subject text primary key)`.execute(database.forService('client-profile'));
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    backOffs.length = 0;
    isOver = false;
    log.error.mockClear();
    for (const table of ['trainer.outbox', 'client_profile.outbox', 'client_profile.inbox', 'client_profile.position', 'client_profile.effect'])
      await sql`delete from ${sql.table(table)}`.execute(database.forService('trainer'));
    courier = createEmbeddedCourier({
      database,
      clock: frozen,
      backOff: (attempt) => {
        backOffs.push(attempt);
        return new Promise((resolve) => setImmediate(resolve));
      },
    });
  });

  afterEach(async () => {
    isOver = true;
    await courier.close();
  });

  const publish = (...subjects: readonly string[]): Promise<void> =>
    new Transactions({ service: 'trainer', database, courier, clock: frozen }).run(async (unit) => {
      for (const subject of subjects) await unit.emit(topic, { subject, data: snapshot(subject), cause: `cause of ${subject}` });
    });

  const participant = (subscription: Subscription): Participant => ({
    service: 'client-profile',
    subscriptions: [subscription],
    log,
    metrics: new Metrics('client-profile').events,
  });

  const record =
    (events: readonly EventEnvelope[]): CommitHalf<EffectTables> =>
    async (unit) => {
      for (const { subject } of events.filter((event) => unit.isNew(event))) await unit.sql.insertInto('effect').values({ subject }).execute();
    };

  /** Attaches a handler and resolves once the position has passed every published event. */
  const consume = async (prepare: (events: readonly EventEnvelope[]) => Promise<CommitHalf<EffectTables>>): Promise<void> => {
    const attachment = await courier.attach(participant({ kind: 'shared', topic, handle: ({ events }) => prepare(events) }));
    attachment.start();
    while (!isOver && [...(await attachment.measureLag()).values()].some((lag) => lag > 0)) await new Promise((resolve) => setImmediate(resolve));
    await attachment.stop();
  };

  const subjects = async (): Promise<readonly string[]> =>
    (
      await database
        .forService<EffectTables>('client-profile')
        .selectFrom('effect')
        .select('subject')
        .orderBy(sql`nth`)
        .execute()
    ).map(({ subject }) => subject);

  const deadLetters = async (): Promise<readonly unknown[]> => {
    const { rows } = await sql<{
      envelope: string;
    }>`select envelope from client_profile.outbox where topic = ${deadLetterTopic} order by seq`.execute(database.forService('client-profile'));
    return rows.map(({ envelope }) => eventEnvelopeSchema.parse(JSON.parse(envelope)).data);
  };

  const many = Array.from({ length: 150 }, (_, index) => `s${String(index).padStart(3, '0')}`);

  it('hands over every event once, in order, in batches', async () => {
    await publish(...many);
    const sizes: number[] = [];
    await consume((events) => {
      sizes.push(events.length);
      return Promise.resolve(record(events));
    });
    expect(await subjects()).toEqual(many);
    expect(sizes).toEqual([100, 50]);
  });

  it('gives an event an id derived from its cause, topic and subject', async () => {
    await publish('a');
    const received: EventEnvelope[] = [];
    await consume((events) => {
      received.push(...events);
      return Promise.resolve(record(events));
    });
    expect(received).toEqual([
      {
        specversion: '1.0',
        id: eventId('cause of a', topic, 'a'),
        source: '/lisible/trainer',
        type: topic,
        time: '2026-11-23T12:00:00.000Z',
        subject: 'a',
        datacontenttype: 'application/json',
        dataschema: `urn:lisible:schema:${topic}`,
        data: snapshot('a'),
      },
    ]);
    expect(eventId('cause of a', topic, 'a')).toBe('50a354e06f731086e13d6465df44c42b3a992e96aafdc9a8ad9fa411027736e3');
  });

  it('has no second effect when the position is set back and everything comes again', async () => {
    await publish('a', 'b', 'c');
    await consume((events) => Promise.resolve(record(events)));
    await sql`update client_profile.position set next = 1`.execute(database.forService('client-profile'));
    const again: string[] = [];
    await consume((events) => {
      again.push(...events.map(({ subject }) => subject));
      return Promise.resolve(record(events));
    });
    expect(again).toEqual(['a', 'b', 'c']);
    expect(await subjects()).toEqual(['a', 'b', 'c']);
  });

  it('keeps nothing of a batch whose position somebody else has moved', async () => {
    await publish('a', 'b');
    let attempts = 0;
    await consume(async (events) => {
      attempts += 1;
      // A zombie's rival has handled `a` in the meantime.
      if (attempts === 1)
        await sql`update client_profile.position set next = (select max(seq) from trainer.outbox)`.execute(database.forService('client-profile'));
      return record(events);
    });
    expect(attempts).toBe(2);
    expect(await subjects()).toEqual(['b']);
    expect(backOffs).toEqual([]);
  });

  it('halves a batch until the rejected event is alone, keeps its neighbours in order and puts it aside', async () => {
    await publish(...many.slice(0, 9));
    await consume((events) => {
      if (events.some(({ subject }) => subject === 's004')) throw new RejectedError('event-invalid', text);
      return Promise.resolve(record(events));
    });
    expect(await subjects()).toEqual(many.slice(0, 9).filter((subject) => subject !== 's004'));
    expect(await deadLetters()).toEqual([
      {
        reason: 'event-invalid',
        consumer: 'client-profile',
        origin: { topic, partition: 0, offset: expect.any(Number), source: '/lisible/trainer', id: eventId('cause of s004', topic, 's004') },
        attempts: 1,
      },
    ]);
  });

  it('rolls a commit half back that fails, effects and events alike', async () => {
    await publish('a', 'b');
    await consume((events) =>
      Promise.resolve(async (unit: UnitOfWork<EffectTables>) => {
        await record(events)(unit);
        if (events.some(({ subject }) => subject === 'b')) throw new RejectedError('event-invalid', text);
      }),
    );
    expect(await subjects()).toEqual(['a']);
    expect(await deadLetters()).toHaveLength(1);
  });

  it('puts an event aside that does not follow its schema, without showing it to the handler', async () => {
    const wellFormed = {
      specversion: '1.0',
      id: 'z',
      source: '/lisible/trainer',
      type: topic,
      time: '2026-11-23T12:00:00.000Z',
      subject: 'z',
      datacontenttype: 'application/json',
      dataschema: 'urn:x',
      data: { snapshotId: 'z' },
    };
    for (const [id, envelope] of Object.entries({
      w: { ...wellFormed, type: topics.policyChanged, data: snapshot('z') },
      x: { specversion: '1.0' },
      y: 'no object',
      z: wellFormed,
    })) {
      await sql`insert into trainer.outbox (id, topic, key, envelope) values (${id}, ${topic}, ${id}, ${JSON.stringify(envelope)})`.execute(
        database.forService('trainer'),
      );
    }
    await sql`insert into trainer.outbox (id, topic, key, envelope) values ('not json', ${topic}, 'k', '{"specversion"')`.execute(
      database.forService('trainer'),
    );
    const shown = jest.fn();
    await consume((events) => {
      shown(events);
      return Promise.resolve(record(events));
    });
    expect(shown).not.toHaveBeenCalled();
    expect((await deadLetters()).map((data) => deadLetterSchema.parse(data).reason)).toEqual([
      'type-unexpected',
      'id-missing',
      'envelope-invalid',
      'event-invalid',
      'not-json',
    ]);
  });

  it('waits for a dependency that is away, however long, and puts nothing aside', async () => {
    await publish('a', 'b');
    let remaining = 12;
    await consume((events) => {
      remaining -= 1;
      if (remaining > 0) throw new TransientError('no-model', text);
      return Promise.resolve(record(events));
    });
    expect(backOffs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await subjects()).toEqual(['a', 'b']);
    expect(await deadLetters()).toEqual([]);
  });

  it('tries an event five times that a handler fails at, then puts it aside and says so as an error', async () => {
    await publish('a', 'b', 'c');
    let attempts = 0;
    await consume((events) => {
      if (!events.some(({ subject }) => subject === 'b')) return Promise.resolve(record(events));
      if (events.length === 1) attempts += 1;
      throw new TypeError('undefined is not a function');
    });
    expect(attempts).toBe(5);
    expect(await subjects()).toEqual(['a', 'c']);
    expect(await deadLetters()).toMatchObject([{ reason: 'internal', attempts: 5 }]);
    expect(log.error).toHaveBeenCalledTimes(1);
  });

  it('refuses an event that its writer may not write, and one that does not follow its schema', async () => {
    const transactions = new Transactions({ service: 'scoring', database, courier, clock: frozen });
    await migratePlatformTables(database, 'scoring');
    await expect(transactions.run((unit) => unit.emit(topic, { subject: 'a', data: snapshot('a'), cause: 'c' }))).rejects.toThrow(
      'its writer is trainer',
    );
    const asTrainer = new Transactions({ service: 'trainer', database, courier, clock: frozen });
    await expect(
      asTrainer.run((unit) => unit.emit(topic, { subject: 'a', data: { ...snapshot('a'), publishedAt: 'yesterday' }, cause: 'c' })),
    ).rejects.toThrow('publishedAt');
  });

  it('shows broadcast readers what is committed after they came, and stores nothing', async () => {
    await publish('before');
    const seen: string[] = [];
    let all: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (all = resolve));
    const attachment = await courier.attach(
      participant({
        kind: 'broadcast',
        topic,
        handle: ({ events }) => {
          seen.push(...events.map(({ subject }) => subject));
          if (seen.length === 2) all();
          return Promise.resolve();
        },
      }),
    );
    // Committed between coming and starting: not lost either.
    await publish('after');
    attachment.start();
    await publish('later');
    await done;
    await attachment.stop();
    expect(seen).toEqual(['after', 'later']);
    const { rows } = await sql`select 1 from client_profile.position`.execute(database.forService('client-profile'));
    expect(rows).toEqual([]);
  });

  it('trims what every shared consumer has passed and nothing else', async () => {
    await publish('a', 'b');
    await consume((events) => Promise.resolve(record(events)));
    await publish('c');
    await sql`update trainer.outbox set created_at = '2026-01-01'`.execute(database.forService('trainer'));
    await courier.trim();
    const { rows } = await sql<{ key: string }>`select key from trainer.outbox`.execute(database.forService('trainer'));
    expect(rows).toEqual([{ key: 'c' }]);
  });
});
