/** The courier on a real broker and a real PostgreSQL. */
import { deadLetterSchema, deadLetterTopic, eventEnvelopeSchema, topics } from '@lisible/contracts';
import type { ApplicationPrepared, EventEnvelope } from '@lisible/contracts';
import { jest } from '@jest/globals';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RejectedError, TransientError, Transactions, createKafkaCourier, eventId, openPostgresDatabase } from '../index.ts';
import type { CommitHalf, Database, KafkaCourier, KafkaCourierOptions, Participant, Subscription, UnitOfWork } from '../index.ts';
import { migratePlatformTables } from '../database/migrations.ts';
import { createSpecDatabase, findPostgres } from '../database/postgres.testing.ts';
import type { SpecDatabase } from '../database/postgres.testing.ts';
import { Metrics } from '../service/metrics.ts';
import type { Broker } from './broker.ts';
import { replayConsumerHeader, replayOfHeader } from './broker-delivery.ts';
import { openKafkaBroker } from './kafka.broker.ts';
import { findBroker } from './kafka.testing.ts';

const server = findPostgres();
const settings = findBroker();
if (server === null || settings === null)
  console.warn('THE KAFKA COURIER WAS NOT TESTED: KAFKA_BROKERS or DATABASE_URL names none (npm run infra -- up prints the lines to export).');
const whereInstalled = server === null || settings === null ? describe.skip : describe;

/** client-profile reads what loan systems write, and what trainer writes. */
const submitted = topics.applicationSubmitted;
const published = topics.populationSnapshotPublished;
const snapshot = (snapshotId: string) => ({ snapshotId, labelledRows: 1, publishedAt: '2026-11-23T00:00:00.000Z' });
const prepared: ApplicationPrepared = {
  applicationId: 'A',
  clientId: 'C',
  branchId: null,
  submittedAt: '2026-11-23T00:00:00.000Z',
  currency: 'EUR',
  catalogueVersion: '1',
  features: {},
  policyInputs: {},
  isHistoryMissing: true,
  dataQuality: [],
};
const clock = { now: () => new Date() };
const text = { fr: 'x', en: 'x' };

interface EffectTables {
  readonly effect: { readonly subject: string };
}

whereInstalled('the Kafka courier', () => {
  let specDatabase: SpecDatabase;
  let database: Database;
  let broker: Broker;
  const open: KafkaCourier[] = [];
  const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };

  beforeAll(async () => {
    specDatabase = await createSpecDatabase(server!);
    database = openPostgresDatabase({ url: specDatabase.url, applicationName: 'spec', poolSize: 8 });
    for (const service of ['trainer', 'client-profile', 'scoring'] as const) await migratePlatformTables(database, service);
    await sql`create table client_profile.effect (nth bigserial, subject text primary key)`.execute(database.forService('client-profile'));
    broker = openKafkaBroker(settings!, () => undefined);
  }, 60_000);

  afterEach(async () => {
    await Promise.all(open.splice(0).map((courier) => courier.close()));
    await sql`delete from client_profile.effect`.execute(database.forService('client-profile'));
    await sql`delete from client_profile.outbox where not exists (select 1 from client_profile.unpublished)`.execute(
      database.forService('client-profile'),
    );
    log.error.mockClear();
  }, 30_000);

  afterAll(async () => {
    await broker.close();
    await database.close();
    await specDatabase.drop();
  }, 30_000);

  const openCourier = (options: Partial<KafkaCourierOptions> = {}): KafkaCourier => {
    const courier = createKafkaCourier({ broker: settings!, database, clock, instanceId: randomUUID(), ...options });
    open.push(courier);
    return courier;
  };
  const participant = (subscription: Subscription | null, service: Participant['service'] = 'client-profile'): Participant => ({
    service,
    subscriptions: subscription === null ? [] : [subscription],
    log,
    metrics: new Metrics(service).events,
  });
  const record =
    (events: readonly EventEnvelope[]): CommitHalf<EffectTables> =>
    async (unit) => {
      for (const { subject } of events.filter((event) => unit.isNew(event))) await unit.sql.insertInto('effect').values({ subject }).execute();
    };
  const shared = (handle: Subscription['handle'], topic: Subscription['topic'] = submitted): Subscription => ({ kind: 'shared', topic, handle });
  const consume = async (subscription: Subscription, options: Partial<KafkaCourierOptions> = {}) => {
    const attachment = await openCourier(options).attach(participant(subscription));
    attachment.start();
    return attachment;
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
  const until = async (isTrue: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await isTrue())) await sleep(20);
  };
  const untilEffects = (count: number): Promise<void> => until(async () => (await subjects()).length >= count);
  const deadLetters = async () => {
    const { rows } = await sql<{
      envelope: string;
    }>`select envelope from client_profile.outbox where topic = ${deadLetterTopic} order by seq`.execute(database.forService('client-profile'));
    return rows.map(({ envelope }) => deadLetterSchema.parse(eventEnvelopeSchema.parse(JSON.parse(envelope)).data));
  };
  const event = (subject: string, fields: Readonly<Record<string, unknown>> = {}): string =>
    JSON.stringify({ specversion: '1.0', id: randomUUID(), source: 'urn:bank', type: submitted, subject, data: {}, ...fields });
  const submit = (...values: readonly (string | Uint8Array | null)[]): Promise<void> =>
    broker.publish(values.map((value) => ({ topic: submitted, key: 'k', value })));
  const publish = (courier: KafkaCourier, ...names: readonly string[]): Promise<void> =>
    new Transactions({ service: 'trainer', database, courier, clock }).run(async (unit) => {
      for (const subject of names) await unit.emit(published, { subject, data: snapshot(subject), cause: `cause of ${subject}` });
    });

  it('handles each message of a loan system once, in the order of its key', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `s${String(index).padStart(3, '0')}`);
    await consume(shared(({ events }) => Promise.resolve(record(events))));
    await submit(...names.map((name) => event(name)));
    await untilEffects(500);
    expect(await subjects()).toEqual(names);
  }, 30_000);

  it('publishes what is committed, in order and once marked not again, and readers in other processes get it', async () => {
    const relay = openCourier();
    (await relay.attach(participant(null, 'trainer'))).start();
    await publish(relay, 'before');
    await until(async () => (await sql`select 1 from trainer.unpublished`.execute(database.forService('trainer'))).rows.length === 0);
    const seen: string[] = [];
    const hearing = await openCourier().attach(
      participant({
        kind: 'broadcast',
        topic: published,
        handle: ({ events }) => {
          seen.push(...events.map(({ subject }) => subject));
          return Promise.resolve();
        },
      }),
    );
    // Committed between its coming and its start: not lost either.
    await publish(relay, 'a', 'b');
    hearing.start();
    await consume(shared(({ events }) => Promise.resolve(record(events)), published));
    await publish(relay, 'c');
    await until(() => seen.length >= 3);
    await untilEffects(4);
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(await subjects()).toEqual(['before', 'a', 'b', 'c']);
    const { rows } = await sql`select 1 from trainer.unpublished`.execute(database.forService('trainer'));
    expect(rows).toEqual([]);
  }, 30_000);

  it('publishes again what a relay had published when it died before the mark, and the reader handles it once', async () => {
    let deaths = 1;
    const relay = openCourier({
      crashPoint: (name) => {
        if (name === 'before-mark' && deaths-- > 0) throw new Error('died between publish and mark');
      },
    });
    (await relay.attach(participant(null, 'trainer'))).start();
    const handled: string[] = [];
    await consume(
      shared(({ events }) => {
        handled.push(...events.map(({ subject }) => subject));
        return Promise.resolve(record(events));
      }, published),
    );
    const before = (await broker.listRanges(published)).reduce((sum, { end }) => sum + end, 0);
    await publish(relay, 'd', 'e');
    await untilEffects(2);
    await until(async () => (await broker.listRanges(published)).reduce((sum, { end }) => sum + end, 0) === before + 4);
    await publish(relay, 'f');
    await untilEffects(3);
    expect(await subjects()).toEqual(['d', 'e', 'f']);
  }, 30_000);

  it('has another replica publish when the one that did is gone, and what others commit is published by the one that may', async () => {
    const [first, second] = [openCourier(), openCourier()];
    for (const courier of [first, second]) (await courier.attach(participant(null, 'trainer'))).start();
    await consume(shared(({ events }) => Promise.resolve(record(events)), published));
    await publish(first, 'g');
    await publish(second, 'h');
    await untilEffects(2);
    await first.close();
    await publish(second, 'i');
    await untilEffects(3);
    expect(await subjects()).toEqual(['g', 'h', 'i']);
  }, 30_000);

  it('keeps the order of each key, whoever commits and whoever handles', async () => {
    const writers = [openCourier(), openCourier()];
    for (const courier of writers) (await courier.attach(participant(null, 'client-profile'))).start();
    const seen = new Map<string, string[]>();
    const reading = shared(
      ({ events }) =>
        Promise.resolve((unit: UnitOfWork<EffectTables>) => {
          const fresh = events.filter((one) => unit.isNew(one));
          unit.afterCommit(() => {
            for (const { subject, time } of fresh) seen.set(subject, [...(seen.get(subject) ?? []), time]);
          });
          return Promise.resolve();
        }),
      topics.applicationPrepared,
    );
    for (const courier of [openCourier(), openCourier()]) (await courier.attach(participant(reading, 'scoring'))).start();
    const count = 25;
    const emit = (courier: KafkaCourier, key: string, nth: number): Promise<void> =>
      new Transactions({ service: 'client-profile', database, courier, clock: { now: () => new Date(nth * 1000) } }).run((unit) =>
        unit.emit(topics.applicationPrepared, { subject: key, cause: `${key}/${nth}`, data: prepared }),
      );
    const keys = Array.from({ length: 8 }, (_, index) => `key-${index}`);
    // Of one key one after the other, now by this replica, now by that; the keys at once.
    await Promise.all(
      keys.map(async (key, index) => {
        for (let nth = 0; nth < count; nth += 1) await emit(writers[(nth + index) % 2]!, key, nth);
      }),
    );
    await until(() => [...seen.values()].reduce((sum, { length }) => sum + length, 0) >= keys.length * count);
    const inOrder = Array.from({ length: count }, (_, nth) => new Date(nth * 1000).toISOString());
    for (const key of keys) expect(seen.get(key)).toEqual(inOrder);
  }, 60_000);

  it('takes an event that a relay published twice once, and everything once when the position is set back', async () => {
    const twice = event('a');
    const handled: string[] = [];
    const handle: Subscription['handle'] = ({ events }) => {
      handled.push(...events.map(({ subject }) => subject));
      return Promise.resolve(record(events));
    };
    const first = await consume(shared(handle));
    await submit(twice, event('b'), twice);
    await untilEffects(2);
    await until(async () => [...(await first.measureLag()).values()].every((lag) => lag === 0));
    await first.stop();
    await sql`update client_profile.position set next = next - 3 where topic = ${submitted} and next >= 3`.execute(
      database.forService('client-profile'),
    );
    handled.length = 0;
    const second = await consume(shared(handle));
    await until(async () => handled.length >= 2 && [...(await second.measureLag()).values()].every((lag) => lag === 0));
    expect(handled.slice(0, 2)).toEqual(['a', 'b']);
    expect(await subjects()).toEqual(['a', 'b']);
  }, 30_000);

  it('puts each broken message aside with its reason and its place, and the good ones among them are handled', async () => {
    await consume(shared(({ events }) => Promise.resolve(record(events))));
    await submit(
      event('good-1'),
      null,
      new Uint8Array(0),
      'no json',
      Uint8Array.from([0x7b, 0xff, 0xfe]),
      '[]',
      '{"specversion":"1.0"}',
      event('x', { id: '' }),
      event('x', { specversion: '0.3' }),
      event('x', { type: topics.policyChanged }),
      event('x', { type: 'credit.application.submitted.v2' }),
      event('x', { data: 'x'.repeat(300_000) }),
      event('good-2'),
    );
    await untilEffects(2);
    const letters = await deadLetters();
    expect(letters.map(({ reason }) => reason)).toEqual([
      'empty',
      'empty',
      'not-json',
      'not-json',
      'envelope-invalid',
      'id-missing',
      'id-missing',
      'envelope-invalid',
      'type-unexpected',
      'version-unknown',
      'too-large',
    ]);
    const offsets = letters.map(({ origin }) => origin.offset);
    expect(offsets).toEqual(offsets.map((_, index) => (offsets[0] ?? 0) + index));
    expect(new Set(letters.map(({ origin, consumer }) => `${consumer} ${origin.topic} ${origin.partition}`)).size).toBe(1);
    expect(await subjects()).toEqual(['good-1', 'good-2']);
  }, 30_000);

  it('halves a batch until the refused event is alone, and a commit half refuses one without the others', async () => {
    await consume(
      shared(({ events }) => {
        if (events.some(({ subject }) => subject === 'refused')) throw new RejectedError('application-invalid', text);
        return Promise.resolve(async (unit: UnitOfWork<EffectTables>) => {
          for (const one of events.filter(({ subject }) => subject === 'conflict')) unit.reject(one, 'application-conflict');
          await record(events.filter(({ subject }) => subject !== 'conflict'))(unit);
        });
      }),
    );
    await submit(event('a'), event('refused'), event('b'), event('conflict'), event('c'));
    await untilEffects(3);
    expect(await subjects()).toEqual(['a', 'b', 'c']);
    expect((await deadLetters()).map(({ reason }) => reason)).toEqual(['application-invalid', 'application-conflict']);
  }, 30_000);

  it('handles a replay once more, exactly once, and for the consumer that had put it aside alone', async () => {
    let isMended = false;
    await consume(
      shared(({ events }) => {
        if (!isMended) throw new RejectedError('application-invalid', text);
        return Promise.resolve(record(events));
      }),
    );
    const original = event('late');
    await submit(original);
    await until(async () => (await deadLetters()).length === 1);
    isMended = true;
    const replay = (consumer: string) => ({
      topic: submitted,
      key: 'k',
      value: original,
      headers: { [replayConsumerHeader]: consumer, [replayOfHeader]: eventId('dead letter', submitted, 'late') },
    });
    await broker.publish([replay('trainer'), replay('client-profile'), replay('client-profile')]);
    await submit(event('after'));
    await untilEffects(2);
    expect(await subjects()).toEqual(['late', 'after']);
  }, 30_000);

  it('waits for a dependency that is away, keeps its partitions meanwhile, and puts nothing aside', async () => {
    let remaining = 6;
    await consume(
      shared(({ events }) => {
        remaining -= 1;
        if (remaining > 0) throw new TransientError('no-model', text);
        return Promise.resolve(record(events));
      }),
    );
    await submit(event('a'), event('b'));
    await untilEffects(2);
    expect(await subjects()).toEqual(['a', 'b']);
    expect(await deadLetters()).toEqual([]);
  }, 30_000);

  it('keeps nothing of a batch whose position a rival has moved', async () => {
    let calls = 0;
    await consume(
      shared(async ({ events }) => {
        calls += 1;
        // A zombie's rival has handled `a` in the meantime.
        if (calls === 1)
          await sql`update client_profile.position set next = next + 1 where topic = ${submitted} and partition = (select partition from client_profile.position where topic = ${submitted} order by next desc limit 1)`.execute(
            database.forService('client-profile'),
          );
        return record(events);
      }),
    );
    await submit(event('a'), event('b'));
    await untilEffects(1);
    expect(await subjects()).toEqual(['b']);
    expect(calls).toBe(2);
  }, 30_000);

  it('shares the partitions with a replica that comes, and takes them back when it goes', async () => {
    const by: string[] = [];
    const handling = (name: string) =>
      shared(({ events }) => {
        by.push(...events.map(() => name));
        return Promise.resolve(record(events));
      });
    await consume(handling('first'));
    const spread = (from: number, count: number): Promise<void> =>
      broker.publish(Array.from({ length: count }, (_, index) => ({ topic: submitted, key: `k${index}`, value: event(`n${from + index}`) })));
    await spread(0, 50);
    await untilEffects(50);
    const second = await consume(handling('second'));
    let sent = 50;
    while (!by.includes('second')) {
      await spread(sent, 10);
      sent += 10;
      await untilEffects(sent);
    }
    await second.stop();
    by.length = 0;
    await spread(sent, 50);
    await untilEffects(sent + 50);
    expect(new Set(by)).toEqual(new Set(['first']));
    expect((await subjects()).length).toBe(sent + 50);
  }, 60_000);

  it('stops for good, and is not alive, when events were deleted before they were handled', async () => {
    await sql`update client_profile.position set next = -5 where topic = ${submitted}`.execute(database.forService('client-profile'));
    const attachment = await consume(shared(({ events }) => Promise.resolve(record(events))));
    await until(() => !attachment.isAlive());
    expect(log.error).toHaveBeenCalledWith(expect.objectContaining({ topic: submitted }), expect.stringContaining('CONSUMER STOPPED'));
    for (const { partition, end } of await broker.listRanges(submitted))
      await sql`update client_profile.position set next = ${end} where topic = ${submitted} and partition = ${partition}`.execute(
        database.forService('client-profile'),
      );
  }, 30_000);

  it('keeps no service from starting, nor from ending, when the broker is not there', async () => {
    const courier = openCourier({ broker: { ...settings!, brokers: ['127.0.0.1:9'] } });
    const attachment = await courier.attach(participant(shared(({ events }) => Promise.resolve(record(events)))));
    attachment.start();
    await new Transactions({ service: 'client-profile', database, courier, clock }).run((unit) =>
      unit.emit(topics.applicationPrepared, { subject: 'A', cause: 'no broker', data: prepared }),
    );
    expect(attachment.isAlive()).toBe(true);
    const from = performance.now();
    await attachment.stop();
    await courier.close();
    expect(performance.now() - from).toBeLessThan(15_000);
    const waiting = await sql<{ count: number }>`select count(*)::int as count from client_profile.unpublished`.execute(
      database.forService('client-profile'),
    );
    expect(waiting.rows).toEqual([{ count: 1 }]);
    await sql`delete from client_profile.unpublished`.execute(database.forService('client-profile'));
  }, 60_000);

  it('replaces a consumer that does not move while events wait, and says so', async () => {
    let stalls = 1;
    const attachment = await consume(
      shared(({ events }) => Promise.resolve(record(events))),
      { stallPoint: () => stalls-- === 1, watch: { everyMs: 200, stalledAfterMs: 1_500 } },
    );
    await submit(event('a'));
    await untilEffects(1);
    expect(log.error).toHaveBeenCalledWith(expect.objectContaining({ topic: submitted }), expect.stringContaining('CONSUMER STALLED'));
    expect(attachment.isAlive()).toBe(true);
  }, 30_000);
});
