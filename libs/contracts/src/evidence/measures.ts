import { z } from 'zod';
import { localizedTextSchema } from '../language.ts';

/** A value with the bounds of its 95 % confidence interval, all in the value's own unit. */
export const intervalSchema = z.object({ value: z.number(), lower: z.number(), upper: z.number() });
export type EvidenceInterval = z.infer<typeof intervalSchema>;

/** Between 0 and 1. */
export const shareSchema = z.number().min(0).max(1);

/** A count of rows, clients or applications: whole, ≥ 0. */
export const countSchema = z.number().int().min(0);

/** Something that could not be measured on these data, and why, in words. */
export const notMeasuredSchema = z.object({ study: z.string(), reason: localizedTextSchema });

/** Rows below which a group is not shown: fewer would say something of the people in it. */
export const evidenceGroupFloor = 20;
