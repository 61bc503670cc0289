/**
 * The process that crash.spec.ts kills: commands → `snapshot.published` → (trainer) `version.promoted` → (client-profile),
 * one effect row a hop and no unique key on them, so that a second effect would show.
 * `chain.process.ts FOLDER ROUND` acknowledges commands on stdout until killed; `chain.process.ts FOLDER --report` drains and reports.
 */
import { deadLetterTopic, topics } from '@lisible/contracts';
import type { ServiceName } from '@lisible/contracts';
import { sql } from 'kysely';
import { writeSync } from 'node:fs';
import { crashPointFromEnvironment } from '../src/crash-point.ts';
import { systemClock } from '../src/clock.ts';
import { openEmbeddedDatabase } from '../src/database/embedded.database.ts';
import { migrateServiceTables } from '../src/database/migrations.ts';
import { Transactions } from '../src/database/transactions.ts';
import { createEmbeddedCourier } from '../src/events/embedded.courier.ts';
import type { Subscription } from '../src/events/participant.ts';
import type { CommitHalf } from '../src/events/subscriptions.ts';
import { Metrics } from '../src/service/metrics.ts';

const [folder = '', round = ''] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface EffectTables {
  readonly effect: { readonly subject: string };
  /** What commands wrote beside their events. */
  readonly command: { readonly subject: string };
}

const crashPoint = crashPointFromEnvironment();
const database = await openEmbeddedDatabase(folder);
const courier = createEmbeddedCourier({ database, clock: systemClock, crashPoint });
for (const service of ['trainer', 'client-profile'] as const) {
  await migrateServiceTables(database, service, {
    '0001': {
      up: async (db) => {
        await db.schema.createTable('effect').addColumn('subject', 'text').execute();
        await db.schema.createTable('command').addColumn('subject', 'text').execute();
      },
    },
  });
}

const attach = async (service: ServiceName, topic: Subscription['topic'], effects: (subject: string) => CommitHalf<EffectTables>) => {
  const attachment = await courier.attach({
    service,
    subscriptions: [
      {
        kind: 'shared',
        topic,
        handle: ({ events }) =>
          Promise.resolve<CommitHalf<EffectTables>>(async (unit) => {
            for (const event of events.filter((one) => unit.isNew(one))) {
              await unit.sql.insertInto('effect').values({ subject: event.subject }).execute();
              await effects(event.subject)(unit);
            }
          }),
      },
    ],
    log: silent,
    metrics: new Metrics(service).events,
  });
  attachment.start();
  return attachment;
};
const attachments = [
  await attach(
    'trainer',
    topics.populationSnapshotPublished,
    (subject) => (unit) =>
      unit.emit(topics.modelVersionPromoted, {
        subject,
        data: { modelName: 'm', modelVersion: subject, alias: 'champion', previousVersion: null, promotedBy: 'bootstrap' },
        cause: subject,
      }),
  ),
  await attach('client-profile', topics.modelVersionPromoted, () => () => Promise.resolve()),
];

if (round === '--report') {
  for (const attachment of attachments)
    while ([...(await attachment.measureLag()).values()].some((lag) => lag > 0)) await new Promise((resolve) => setImmediate(resolve));
  const db = database.forService('trainer');
  const list = async (query: ReturnType<typeof sql<{ subject: string }>>) => (await query.execute(db)).rows.map(({ subject }) => subject);
  const report = {
    published: await list(
      sql<{ subject: string }>`select key as subject from trainer.outbox where topic = ${topics.populationSnapshotPublished} order by seq`,
    ),
    promoted: await list(
      sql<{ subject: string }>`select key as subject from trainer.outbox where topic = ${topics.modelVersionPromoted} order by seq`,
    ),
    commands: await list(sql<{ subject: string }>`select subject from trainer.command`),
    firstEffects: await list(sql<{ subject: string }>`select subject from trainer.effect`),
    secondEffects: await list(sql<{ subject: string }>`select subject from client_profile.effect`),
    deadLetters: await list(
      sql<{
        subject: string;
      }>`select key as subject from trainer.outbox where topic = ${deadLetterTopic} union all select key from client_profile.outbox`,
    ),
  };
  await courier.close();
  await database.close();
  process.stdout.write(`${JSON.stringify(report)}\n`);
} else {
  const transactions = new Transactions<EffectTables>({ service: 'trainer', database, courier, clock: systemClock, crashPoint });
  for (let nth = 1; ; nth += 1) {
    const subject = `${round}-${nth}`;
    await transactions.run(async (unit) => {
      await unit.sql.insertInto('command').values({ subject }).execute();
      await unit.emit(topics.populationSnapshotPublished, {
        subject,
        data: { snapshotId: subject, labelledRows: 1, publishedAt: '2026-11-23T00:00:00.000Z' },
        cause: subject,
      });
    });
    // Written before anything else can happen: what the parent has read was acknowledged.
    writeSync(1, `${subject}\n`);
  }
}
