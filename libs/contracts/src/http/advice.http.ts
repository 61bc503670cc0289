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
