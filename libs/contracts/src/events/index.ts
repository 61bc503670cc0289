import type { z } from 'zod';
import type { Topic } from '../topics.ts';
import { applicationDecidedSchema, applicationPreparedSchema, decisionExplainedSchema, policyChangedSchema } from './credit.events.ts';
import { applicationSubmittedSchema } from './outside.events.ts';
import { modelVersionPromotedSchema, modelVersionRegisteredSchema, populationSnapshotPublishedSchema } from './model.events.ts';

export * from './credit.events.ts';
export * from './dead-letter.ts';
export * from './envelope.ts';
export * from './model.events.ts';
export * from './outside.events.ts';

/** One schema per type and version. */
export const eventDataSchemas = {
  'credit.application.submitted.v1': applicationSubmittedSchema,
  'credit.application.prepared.v1': applicationPreparedSchema,
  'credit.application.decided.v1': applicationDecidedSchema,
  'credit.decision.explained.v1': decisionExplainedSchema,
  'credit.policy.changed.v1': policyChangedSchema,
  'model.version.registered.v1': modelVersionRegisteredSchema,
  'model.version.promoted.v1': modelVersionPromotedSchema,
  'population.snapshot.published.v1': populationSnapshotPublishedSchema,
} as const satisfies Record<Topic, z.ZodType>;

/** The data of each topic's events. */
export type EventData<T extends Topic> = z.infer<(typeof eventDataSchemas)[T]>;
