import { z } from 'zod';

/** Identifiers travel in addresses, keys and logs: short, printable, no separators. */
export const identifierSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);

/** A catalogue field's value in JSON; `null` and absence both mean missing. */
export const fieldValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type FieldValue = z.infer<typeof fieldValueSchema>;

/**
 * One credit request: the envelope below plus the catalogue's fields under business names, flat beside it.
 * Which fields exist, their types and ranges are the catalogue's word (`validateApplication` of `@lisible/credit`).
 */
export const applicationSchema = z
  .object({
    applicationId: identifierSchema,
    clientId: identifierSchema,
    branchId: identifierSchema.optional(),
    /** ISO 8601 date-time in UTC. */
    submittedAt: z.iso.datetime(),
    /** ISO 4217. */
    currency: z.string().regex(/^[A-Z]{3}$/),
  })
  .catchall(fieldValueSchema);
export type Application = z.infer<typeof applicationSchema>;

export const applicationEnvelopeFields = ['applicationId', 'clientId', 'branchId', 'submittedAt', 'currency'] as const;
