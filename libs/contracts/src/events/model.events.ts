import { z } from 'zod';
import { modelReferenceSchema } from '../decision.ts';

/** `model.version.registered.v1` */
export const modelVersionRegisteredSchema = z.object({
  ...modelReferenceSchema.shape,
  snapshotId: z.string(),
  manifestHash: z.string(),
  rocAuc: z.number(),
});
export type ModelVersionRegistered = z.infer<typeof modelVersionRegisteredSchema>;

/** `model.version.promoted.v1` */
export const modelVersionPromotedSchema = z.object({
  ...modelReferenceSchema.shape,
  alias: z.literal('champion'),
  previousVersion: z.string().nullable(),
  /** `bootstrap` (the policy for a first version) or a person's identifier. */
  promotedBy: z.string(),
});
export type ModelVersionPromoted = z.infer<typeof modelVersionPromotedSchema>;

/** `population.snapshot.published.v1` */
export const populationSnapshotPublishedSchema = z.object({
  snapshotId: z.string(),
  labelledRows: z.number().int(),
  publishedAt: z.iso.datetime(),
});
export type PopulationSnapshotPublished = z.infer<typeof populationSnapshotPublishedSchema>;
