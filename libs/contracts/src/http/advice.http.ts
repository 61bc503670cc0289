import { z } from 'zod';
import { modelReferenceSchema, policyReferenceSchema, probabilitySchema } from '../decision.ts';
import { localizedTextSchema } from '../language.ts';
import { estimatedOutcomeSchema, loanTermsSchema, preparedInputsSchema } from './simulations.http.ts';

const adviceSideSchema = z.object({ terms: loanTermsSchema, outcome: estimatedOutcomeSchema });

/**
 * `POST /v1/advice`. `change`: the smallest change that passes with a margin; `nothing-needed`: it passes as it is; `none`: no
 * reasonable change does.
 */
export const adviceSchema = z.object({
  applicationId: z.string(),
  currency: z.string(),
  ...modelReferenceSchema.shape,
  ...policyReferenceSchema.shape,
  kind: z.enum(['change', 'nothing-needed', 'none']),
  before: adviceSideSchema,
  /** For `change`, the one advised; for `none`, the tried one of the least risk; else null. */
  after: adviceSideSchema.nullable(),
  /** By how much the estimate had to lie below the least risk that is not approved at once, 0..1. */
  margin: probabilitySchema,
  /** Loans that were estimated. */
  tried: z.number().int(),
  /** For `none`: why, in words. */
  reason: localizedTextSchema.nullable(),
});
export type Advice = z.infer<typeof adviceSchema>;

/** Between services. */
export const preparedAdviceSchema = z.object({
  applicationId: z.string(),
  currency: z.string(),
  before: z.object({ terms: loanTermsSchema, inputs: preparedInputsSchema }),
  /** The least change first; features that differ from `before`'s only. */
  candidates: z.array(z.object({ terms: loanTermsSchema, cost: z.number(), inputs: preparedInputsSchema })),
});
export type PreparedAdvice = z.infer<typeof preparedAdviceSchema>;

export const assumedKinds = ['missing', 'out-of-range', 'unseen-category', 'repaired'] as const;

const possibilitySchema = z.object({ value: localizedTextSchema, probabilityOfDefault: probabilitySchema });

/** An input that is not known for sure, and what the estimate would be over its plausible values. */
export const assumedInputSchema = z.object({
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
