import { documentedTopics, writeGolden } from '@lisible/contract-documents';
import type { JsonObject } from '@lisible/contract-documents';
import { deadLetterTopic, topics } from '@lisible/contracts';
import { openKafkaBroker, readRange, systemClock } from '@lisible/platform';
import type { Broker, OutgoingMessage } from '@lisible/platform';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openSession } from './session.ts';

const objectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json());
const eventsATopic = 3;
const patienceMs = 60_000;

/**
 * Makes the golden corpus: runs the platform as processes over a broker of its own, hands it applications of the synthetic population and
 * two messages that can never succeed, and keeps the first events that lie on each topic.
 */
const collect = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'lisible-golden-'));
  const session = await openSession({ folder, log: (line) => process.stderr.write(`${line}\n`) });
  const broker = openKafkaBroker(
    {
      brokers: session.brokers.split(','),
      clientId: 'lisible.golden',
      tls: null,
      sasl: null,
      compression: 'none',
      partitions: 6,
      replication: 1,
      sessionTimeoutMs: 10_000,
    },
    () => undefined,
  );
  try {
    const applications = session.templates.slice(0, eventsATopic);
    await broker.publish([
      ...applications.map((application): OutgoingMessage => ({
        topic: topics.applicationSubmitted,
        key: application.applicationId,
        value: JSON.stringify({
          specversion: '1.0',
          id: `submission-${application.applicationId}`,
          source: 'https://loans.example/applications',
          type: topics.applicationSubmitted,
          time: systemClock.now().toISOString(),
          subject: application.applicationId,
          datacontenttype: 'application/json',
          data: application,
        }),
      })),
      { topic: topics.applicationSubmitted, key: 'broken-1', value: 'no JSON' },
      { topic: topics.applicationSubmitted, key: 'broken-2', value: '{"specversion":"1.0"}' },
    ]);
    await waitFor(broker, topics.decisionExplained, applications.length);
    await waitFor(broker, deadLetterTopic, 2);
    for (const { name } of documentedTopics) writeGolden(name, await firstEvents(broker, name));
  } finally {
    await broker.close();
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const waitFor = async (broker: Broker, topic: string, events: number): Promise<void> => {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(300)) {
    const ranges = await broker.listRanges(topic);
    if (ranges.reduce((sum, { begin, end }) => sum + end - begin, 0) >= events) return;
  }
  throw new Error(`${topic} does not hold ${events} events after ${patienceMs / 1000} s`);
};

/** Those that are events at all, in the order of their identifiers. @throws Error for a topic without any */
const firstEvents = async (broker: Broker, topic: string): Promise<readonly JsonObject[]> => {
  const from = new Map((await broker.listRanges(topic)).map(({ partition, begin }) => [partition, begin]));
  const messages = await readRange(broker, topic, { from });
  const events = messages
    .flatMap(({ value }): readonly JsonObject[] => {
      try {
        return [objectSchema.parse(JSON.parse(Buffer.from(value ?? []).toString('utf8')))];
      } catch {
        return [];
      }
    })
    .filter((event) => 'data' in event)
    .toSorted((a, b) => JSON.stringify(a['subject']).localeCompare(JSON.stringify(b['subject'])));
  if (events.length === 0) throw new Error(`${topic} holds no event`);
  return events.slice(0, eventsATopic);
};

await collect();
