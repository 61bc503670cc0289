import type { ServiceName } from './services.ts';

/** Every topic: who writes it and what its key is. The topic's name is also the CloudEvents `type`. */
export const topicDefinitions = {
  'credit.application.prepared.v1': { writer: 'client-profile', key: 'applicationId' },
  'credit.application.decided.v1': { writer: 'scoring', key: 'applicationId' },
  'credit.decision.explained.v1': { writer: 'explainer', key: 'applicationId' },
  'credit.policy.changed.v1': { writer: 'scoring', key: 'policyName' },
  'model.version.registered.v1': { writer: 'trainer', key: 'modelName' },
  'model.version.promoted.v1': { writer: 'trainer', key: 'modelName' },
  'population.snapshot.published.v1': { writer: 'trainer', key: 'snapshotId' },
} as const satisfies Record<string, { readonly writer: ServiceName; readonly key: string }>;

export type Topic = keyof typeof topicDefinitions;

/** Names for use in code: `topics.applicationPrepared`. */
export const topics = {
  applicationPrepared: 'credit.application.prepared.v1',
  applicationDecided: 'credit.application.decided.v1',
  decisionExplained: 'credit.decision.explained.v1',
  policyChanged: 'credit.policy.changed.v1',
  modelVersionRegistered: 'model.version.registered.v1',
  modelVersionPromoted: 'model.version.promoted.v1',
  populationSnapshotPublished: 'population.snapshot.published.v1',
} as const satisfies Record<string, Topic>;

/** Where messages go that can never succeed; written through the consumer's own outbox. */
export const deadLetterTopic = 'credit.application.dead-letter.v1';
