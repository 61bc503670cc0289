import { documentedTopics, eventSchema } from './event-schemas.ts';
import type { DocumentedTopic } from './event-schemas.ts';
import type { Json, JsonObject } from './json-schema.ts';

const titles: Readonly<Record<string, string>> = {
  'credit.application.submitted.v1': 'A loan system hands an application over. The data is the body of POST /v1/applications.',
  'credit.application.prepared.v1': 'An application was received, and its features were computed: no contact data, no protected attribute.',
  'credit.application.decided.v1': 'A decision stands in the ledger. It never changes; whoever acts on applications acts on this.',
  'credit.decision.explained.v1': 'A decision was explained: at most four reasons, most harmful first, in French and English.',
  'credit.policy.changed.v1': 'Another version of the credit policy is in force from now on.',
  'model.version.registered.v1': 'A model version was proved and entered into the registry.',
  'model.version.promoted.v1': 'A model version decides from now on.',
  'population.snapshot.published.v1': 'A population was read, checked and stored; clients are compared with it from now on.',
  'credit.application.dead-letter.v1': 'A message that can never succeed was put aside: why, by whom, and where it lies. Never its content.',
};

/**
 * The topics as AsyncAPI 3.0: what a loan system publishes and reads. Operations are told from the platform's side, as the specification
 * wants it: `receive` is what it reads.
 * @param examples real messages by topic
 */
export const asyncApiDocument = (examples: ReadonlyMap<string, readonly JsonObject[]>): JsonObject => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Lisible: events',
    version: '1.0.0',
    description:
      'Facts of the credit-decision platform as CloudEvents 1.0 in structured JSON, one schema for each type and version. (source, id) is an event’s identity: the same event may lie on a topic twice, and whoever reads by its identity sees it once. Order is kept among the events of one key.',
    license: { name: 'MIT' },
  },
  defaultContentType: 'application/cloudevents+json',
  servers: {
    kafka: {
      host: '{brokers}',
      protocol: 'kafka-secure',
      description: 'Apache Kafka 4. TLS and SASL are settings of the installation; a broker on a loopback address may have neither.',
      variables: { brokers: { description: 'host:port, with commas between several', default: '127.0.0.1:9092' } },
      security: [
        { type: 'scramSha256', description: 'KAFKA_SASL_MECHANISM=scram-sha-256' },
        { type: 'scramSha512', description: 'KAFKA_SASL_MECHANISM=scram-sha-512' },
        {
          type: 'oauth2',
          description: 'KAFKA_SASL_MECHANISM=oauthbearer',
          flows: { clientCredentials: { tokenUrl: 'https://issuer.example/token', availableScopes: {} } },
        },
      ],
    },
  },
  channels: Object.fromEntries(documentedTopics.map((topic) => [topic.name, channel(topic)])),
  operations: Object.fromEntries(documentedTopics.map((topic) => [operationName(topic), operation(topic)])),
  components: {
    messages: Object.fromEntries(documentedTopics.map((topic) => [topic.name, message(topic, examples.get(topic.name) ?? [])])),
  },
});

const channel = ({ name, key, partitions, retentionDays }: DocumentedTopic): Json => ({
  address: name,
  title: name,
  description: `${descriptionOf(name)} Key: ${key}. Kept ${retentionDays} days.`,
  messages: { [name]: { $ref: `#/components/messages/${name}` } },
  bindings: {
    kafka: {
      topic: name,
      // As many as the installation asks for: KAFKA_PARTITIONS.
      ...(partitions === 'one' ? { partitions: 1 } : {}),
      topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': retentionDays * 24 * 3_600_000 },
      bindingVersion: '0.5.0',
    },
  },
});

const operation = ({ name, writer }: DocumentedTopic): Json => ({
  action: writer === 'outside' ? 'receive' : 'send',
  channel: { $ref: `#/channels/${name}` },
  summary:
    writer === 'outside' ? 'Published by loan systems, and by nobody else.' : `Written by ${writer ?? 'whichever service put the message aside'}.`,
  messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
});

const message = (topic: DocumentedTopic, examples: readonly JsonObject[]): Json => {
  // AsyncAPI's own dialect is wanted here: the schema stands by itself in docs/api/events.
  const { $schema: _dialect, $id: _id, ...schema } = eventSchema(topic);
  return {
    name: topic.name,
    title: topic.name,
    summary: descriptionOf(topic.name),
    contentType: 'application/cloudevents+json',
    payload: { schemaFormat: 'application/schema+json;version=draft-2020-12', schema },
    bindings: { kafka: { key: { type: 'string', description: topic.key }, bindingVersion: '0.5.0' } },
    examples: examples.slice(0, 1).map((payload) => ({ payload })),
  };
};

/** @throws Error for a topic that nobody has described */
const descriptionOf = (topic: string): string => {
  const description = titles[topic];
  if (description === undefined) throw new Error(`${topic} has no description: write one in tools/contracts/src/async-api.ts`);
  return description;
};

/** `credit.application.decided.v1` → `sendApplicationDecidedV1`. */
const operationName = ({ name, writer }: DocumentedTopic): string =>
  (writer === 'outside' ? 'receive' : 'send') +
  name
    .split(/[.-]/)
    .slice(1)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
