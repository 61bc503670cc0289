import { z } from 'zod';
import { modelReferenceSchema, policyReferenceSchema, probabilitySchema } from '../decision.ts';
import { localizedTextSchema } from '../language.ts';
import { estimatedOutcomeSchema, preparedInputsSchema } from './simulations.http.ts';

/** Why an input is not known for sure; `stale`: it was true some time before the application. */
export const assumedKinds = ['missing', 'out-of-range', 'unseen-category', 'repaired', 'stale'] as const;

const possibilitySchema = z.object({ value: localizedTextSchema, probabilityOfDefault: probabilitySchema });

/** An input that is not known for sure, and what the estimate would be over its plausible values. */
export const assumedInputSchema = z.object({
  /** A field of the application, or `history` for all that is known of the client's past. */
  field: z.string(),
  label: localizedTextSchema,
  kind: z.enum(assumedKinds),
  /** The remark on it, a whole sentence. */
  statement: localizedTextSchema,
  lowest: possibilitySchema,
  highest: possibilitySchema,
  /** Whether one of its plausible values gives another decision. */
  couldChangeDecision: z.boolean(),
});
export type AssumedInput = z.infer<typeof assumedInputSchema>;

/** `POST /v1/assumptions`: what weighs on this decision without being known. */
export const assumptionsSchema = z.object({
  applicationId: z.string(),
  ...modelReferenceSchema.shape,
  ...policyReferenceSchema.shape,
  outcome: estimatedOutcomeSchema,
  /** Greatest effect first; those that hardly move the estimate are counted only. */
  inputs: z.array(assumedInputSchema),
  /** Unknown inputs that move the estimate by less than a tenth of a case in 100, whatever their value. */
  lightInputs: z.number().int(),
  /** Labels of unknown inputs that the population has no plausible value of, so that nobody can say how much they weigh. */
  unmeasuredInputs: z.array(localizedTextSchema),
  isHistoryMissing: z.boolean(),
});
export type Assumptions = z.infer<typeof assumptionsSchema>;

/** Between services. */
export const preparedAssumptionsSchema = z.object({
  applicationId: z.string(),
  currency: z.string(),
  before: preparedInputsSchema,
  isHistoryMissing: z.boolean(),
  inputs: z.array(
    assumedInputSchema.pick({ field: true, label: true, kind: true, statement: true }).extend({
      /** Features that differ from `before`'s only. */
      variants: z.array(z.object({ value: localizedTextSchema, inputs: preparedInputsSchema })),
    }),
  ),
});
export type PreparedAssumptions = z.infer<typeof preparedAssumptionsSchema>;
