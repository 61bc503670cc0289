import { z } from 'zod';
import { identifierSchema } from '../application.ts';
import {
  decisionOutcomeSchema,
  featureValuesSchema,
  greyZoneSchema,
  modelReferenceSchema,
  policyReferenceSchema,
  probabilitySchema,
  proposalSchema,
  ruleHitSchema,
} from '../decision.ts';
import { reasonCodeSchema } from '../explanation.ts';
import { localizedTextSchema } from '../language.ts';

const amountSchema = z.number().positive().max(1_000_000_000);

/** What is asked for, as far as the client may change it: amounts in the application's currency, the term in months. */
export const loanTermsSchema = z.object({
  creditAmount: z.number(),
  annuityAmount: z.number(),
  goodsPriceAmount: z.number().nullable(),
  termMonths: z.number().int(),
});
export type LoanTerms = z.infer<typeof loanTermsSchema>;

/** The term or the instalment, never both: each follows from the other. */
export const loanChangeSchema = z
  .strictObject({
    creditAmount: amountSchema.optional(),
    termMonths: z.number().int().min(1).max(600).optional(),
    annuityAmount: amountSchema.optional(),
  })
  .refine(({ termMonths, annuityAmount }) => termMonths === undefined || annuityAmount === undefined, { path: ['annuityAmount'] });
export type LoanChange = z.infer<typeof loanChangeSchema>;

/** Whose loan. It names a person, so it is posted and never stands in an address. */
export const simulatedApplicationSchema = z.strictObject({ clientId: identifierSchema, applicationId: identifierSchema });
export type SimulatedApplication = z.infer<typeof simulatedApplicationSchema>;

/** Body of `POST /v1/simulations`. Nothing is recorded. */
export const simulationRequestSchema = simulatedApplicationSchema.extend({ change: loanChangeSchema.default({}) });
export type SimulationRequest = z.infer<typeof simulationRequestSchema>;

export const leverNames = ['creditAmount', 'termMonths', 'annuityAmount'] as const;
/** Something that the client can change, and between which bounds it is simulated. */
export const leverSchema = z.object({
  name: z.enum(leverNames),
  label: localizedTextSchema,
  min: z.number(),
  max: z.number(),
  step: z.number().positive(),
  /** Where only some values are on offer: those, smallest first; others are taken to the nearest. */
  values: z.array(z.number()).nullable(),
});
export type Lever = z.infer<typeof leverSchema>;

/** What model and policy make of one set of inputs. */
export const estimatedOutcomeSchema = z.object({
  probabilityOfDefault: probabilitySchema,
  decisionThreshold: probabilitySchema,
  greyZone: greyZoneSchema,
  proposal: proposalSchema,
  decision: decisionOutcomeSchema,
  ruleHits: z.array(ruleHitSchema),
});
export type EstimatedOutcome = z.infer<typeof estimatedOutcomeSchema>;

const simulatedSideSchema = z.object({ terms: loanTermsSchema, outcome: estimatedOutcomeSchema, reasonCodes: z.array(reasonCodeSchema) });

export const simulationSchema = z.object({
  applicationId: z.string(),
  currency: z.string(),
  ...modelReferenceSchema.shape,
  ...policyReferenceSchema.shape,
  levers: z.array(leverSchema),
  /** As asked, by the model and the policy in force now. */
  before: simulatedSideSchema,
  after: simulatedSideSchema,
  /** What makes the estimate worth less, in words. */
  note: localizedTextSchema.nullable(),
});
export type Simulation = z.infer<typeof simulationSchema>;

/** Inputs of model and policy. */
export const preparedInputsSchema = z.object({
  features: featureValuesSchema,
  policyInputs: z.record(z.string(), z.union([z.number(), z.boolean(), z.null()])),
});
export type PreparedInputs = z.infer<typeof preparedInputsSchema>;

/** Between services: client-profile prepares, the explainer estimates. */
export const preparedSimulationSchema = z.object({
  applicationId: z.string(),
  currency: z.string(),
  levers: z.array(leverSchema),
  note: localizedTextSchema.nullable(),
  before: z.object({ terms: loanTermsSchema, inputs: preparedInputsSchema }),
  /** Features that differ from `before`'s only. */
  after: z.object({ terms: loanTermsSchema, inputs: preparedInputsSchema }),
});
export type PreparedSimulation = z.infer<typeof preparedSimulationSchema>;
