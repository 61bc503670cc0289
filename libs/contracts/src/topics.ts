import type { ServiceName } from './services.ts';

/** What is declared of a topic; brokers get it so, and nothing relies on a broker that makes topics by itself. */
export interface TopicDefinition {
  /** The one service that may write it; `outside`: a lender's own systems, and never one of ours. */
  readonly writer: ServiceName | 'outside';
  /** What the messages' key is: order is kept among those of one key. */
  readonly key: string;
  /** `many`: as many as the installation asks for, one key always in the same; `one`: a few events a day need no more. */
  readonly partitions: 'many' | 'one';
  readonly retentionDays: number;
}

/** Every topic: who writes it and what its key is. The topic's name is also the CloudEvents `type`. */
export const topicDefinitions = {
  'credit.application.submitted.v1': { writer: 'outside', key: 'applicationId', partitions: 'many', retentionDays: 7 },
  'credit.application.prepared.v1': { writer: 'client-profile', key: 'applicationId', partitions: 'many', retentionDays: 7 },
  'credit.application.decided.v1': { writer: 'scoring', key: 'applicationId', partitions: 'many', retentionDays: 7 },
  'credit.decision.explained.v1': { writer: 'explainer', key: 'applicationId', partitions: 'many', retentionDays: 7 },
  'credit.policy.changed.v1': { writer: 'scoring', key: 'policyName', partitions: 'one', retentionDays: 30 },
  'model.version.registered.v1': { writer: 'trainer', key: 'modelName', partitions: 'one', retentionDays: 30 },
  'model.version.promoted.v1': { writer: 'trainer', key: 'modelName', partitions: 'one', retentionDays: 30 },
  'population.snapshot.published.v1': { writer: 'trainer', key: 'snapshotId', partitions: 'one', retentionDays: 30 },
} as const satisfies Record<string, TopicDefinition>;

export type Topic = keyof typeof topicDefinitions;

/** Names for use in code: `topics.applicationPrepared`. */
export const topics = {
  applicationSubmitted: 'credit.application.submitted.v1',
  applicationPrepared: 'credit.application.prepared.v1',
  applicationDecided: 'credit.application.decided.v1',
  decisionExplained: 'credit.decision.explained.v1',
  policyChanged: 'credit.policy.changed.v1',
  modelVersionRegistered: 'model.version.registered.v1',
  modelVersionPromoted: 'model.version.promoted.v1',
  populationSnapshotPublished: 'population.snapshot.published.v1',
} as const satisfies Record<string, Topic>;

/** Where messages go that can never succeed; written through the consumer's own outbox, so by any service. */
export const deadLetterTopic = 'credit.application.dead-letter.v1';

/** What is declared of `deadLetterTopic`: kept long enough for a person to look, mend and replay. */
export const deadLetterDefinition = {
  key: 'the original key',
  partitions: 'one',
  retentionDays: 30,
} as const satisfies Omit<TopicDefinition, 'writer'>;
