import { z } from 'zod';
import { greyZoneSchema, policyReferenceSchema } from '../decision.ts';
import { countSchema, intervalSchema, shareSchema } from '../evidence/measures.ts';
import { discriminationSchema } from '../evidence/quality.ts';
import { policySchema } from '../policy.ts';
import { identifierSchema } from '../application.ts';

/** Estimates are counted in bins of one point: bin `i` holds i/100 ≤ probability of default < (i+1)/100, the last one also 1. */
export const portfolioBins = 100;

/** A day in UTC, as decisions are counted: `2026-11-26`. */
const daySchema = z.iso.date();

/** Query of `GET /v1/portfolio`: decisions from the first to the last of these days, both included; all that are counted without. */
export const portfolioQuerySchema = z
  .strictObject({ from: daySchema.optional(), to: daySchema.optional(), modelVersion: identifierSchema.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, { path: ['to'], error: 'to < from' });
export type PortfolioQuery = z.infer<typeof portfolioQuerySchema>;

const outcomeCountsSchema = z.object({ approved: countSchema, referred: countSchema, declined: countSchema });

const binEdgesSchema = z.object({ lower: shareSchema, upper: shareSchema });

/** What was decided, counted from the events of scoring. */
export const decidedPortfolioSchema = z.object({
  /** First and last day on which anything at all is counted, whatever the query; null before the first decision. Nothing older is known here. */
  counted: z.object({ firstDay: daySchema, lastDay: daySchema }).nullable(),
  /** When the latest decision of the selection was made. */
  lastDecidedAt: z.iso.datetime().nullable(),
  applications: countSchema,
  /** After declared rules, threshold and grey zone. */
  decisions: outcomeCountsSchema,
  /** The model's own, before rules and grey zone. */
  proposals: outcomeCountsSchema.omit({ referred: true }),
  meanProbabilityOfDefault: shareSchema.nullable(),
  /** What was asked for, over the applications that say an amount. */
  requested: z.array(z.object({ currency: z.string(), applications: countSchema, amount: z.number() })),
  modelVersions: z.array(z.object({ modelVersion: z.string(), applications: countSchema })),
  policyVersions: z.array(z.object({ policyVersion: z.number().int().positive(), applications: countSchema })),
  /** Bins of one point by estimate, lowest first, up to the highest that holds anything. */
  distribution: z.array(z.object({ ...binEdgesSchema.shape, ...outcomeCountsSchema.shape })),
  overTime: z.object({
    /** The shortest step that gives few enough of them to be read; weeks begin on Monday. */
    step: z.enum(['day', 'week', 'month']),
    /** Oldest first; a step without a decision is there, with counts of 0. */
    steps: z.array(z.object({ firstDay: daySchema, ...outcomeCountsSchema.shape, meanProbabilityOfDefault: shareSchema.nullable() })),
  }),
});
export type DecidedPortfolio = z.infer<typeof decidedPortfolioSchema>;

/** `share` of all past loans; the default rate with Wilson's interval, null without rows. */
const pastLoanGroupSchema = z.object({ rows: countSchema, share: shareSchema, defaultRate: intervalSchema.nullable() });
export type PastLoanGroup = z.infer<typeof pastLoanGroupSchema>;

/** Loans whose outcome is known, by the champion's out-of-fold estimates. */
export const pastLoansPortfolioSchema = z.object({
  modelVersion: z.string(),
  /** When the population was read. */
  asOf: z.iso.datetime(),
  rows: countSchema,
  defaulted: countSchema,
  defaultRate: intervalSchema,
  /** Bins of one point by estimate, lowest first, up to the highest that holds anything. */
  distribution: z.array(z.object({ ...binEdgesSchema.shape, repaid: countSchema, defaulted: countSchema })),
  /** Of the model's evidence; null for a model without. */
  deciles: discriminationSchema.shape.deciles.nullable(),
  /** What the policy in force would have made of them. */
  underPolicy: z.object({
    /** `rules-included`: as in a decision. `estimate-alone`: threshold and grey zone, without declared rules. */
    basis: z.enum(['rules-included', 'estimate-alone']),
    approved: pastLoanGroupSchema,
    referred: pastLoanGroupSchema,
    declined: pastLoanGroupSchema,
  }),
});
export type PastLoansPortfolio = z.infer<typeof pastLoansPortfolioSchema>;

/** What the trainer is asked of past loans: the policy in force, which scoring owns. */
export const pastLoansQuestionSchema = z.object({ policy: policySchema });
export type PastLoansQuestion = z.infer<typeof pastLoansQuestionSchema>;

/** Answer of `GET /v1/portfolio`: aggregates only, nothing of a person. */
export const portfolioSchema = z.object({
  asOf: z.iso.datetime(),
  /** In force now; decisions were made under the versions named with them. */
  policy: z.object({
    ...policyReferenceSchema.shape,
    decisionThreshold: shareSchema,
    greyZone: greyZoneSchema,
    /** Whether applications have thresholds of their own, by their amount. */
    dependsOnAmount: z.boolean(),
  }),
  decided: decidedPortfolioSchema,
  pastLoans: pastLoansPortfolioSchema,
});
export type Portfolio = z.infer<typeof portfolioSchema>;
