import { z } from 'zod';
import { fieldValueSchema, identifierSchema } from '../application.ts';
import { intervalSchema } from '../evidence/measures.ts';
import { localizedTextSchema } from '../language.ts';
import { policySchema } from '../policy.ts';
import { unitSchema } from './catalogue.http.ts';

/** A field or feature of the catalogue; dates are compared as days before the application. */
const comparedNameSchema = z.string().min(1).max(100);

/**
 * What a group has in common: values of a range (`from` included, `to` excluded, null where open), or one of some answers (null: not given).
 * Both are taken to the declared grid of `GET /v1/cohorts/grid`: the answer says what was applied.
 */
export const cohortFilterSchema = z.union([
  z.strictObject({ field: comparedNameSchema, from: z.number().nullable(), to: z.number().nullable() }),
  z.strictObject({ field: comparedNameSchema, isOneOf: z.array(fieldValueSchema).min(1).max(100) }),
]);
export type CohortFilter = z.infer<typeof cohortFilterSchema>;

/** `everybody`: the population; `similar`: nearest to the client by attributions; `approved`: those the model proposes to approve; `filters`: those that pass all. */
export const cohortNames = ['everybody', 'similar', 'approved', 'filters'] as const;
export const cohortSchema = z.strictObject({
  name: z.enum(cohortNames),
  /** For `filters` only, each on a field of its own. */
  filters: z.array(cohortFilterSchema).max(4).default([]),
});
export type Cohort = z.infer<typeof cohortSchema>;

/** The client who is placed: one application or past loan of theirs. */
export const placedClientSchema = z.strictObject({ clientId: identifierSchema, applicationId: identifierSchema });
export type PlacedClient = z.infer<typeof placedClientSchema>;

/** Body of `POST /v1/cohorts/comparison`: it names people, so it never stands in an address. */
export const cohortComparisonRequestSchema = z.strictObject({
  cohort: cohortSchema,
  /** Names of fields and features, all compared in one go. */
  features: z.array(comparedNameSchema).max(250).default([]),
  /** Two of them against each other. */
  pair: z.tuple([comparedNameSchema, comparedNameSchema]).nullable().default(null),
  client: placedClientSchema.nullable().default(null),
});
export type CohortComparisonRequest = z.infer<typeof cohortComparisonRequestSchema>;

/** The gateway to client-profile: with what the owners of the policy and of the explanation say. */
export const cohortQuestionSchema = cohortComparisonRequestSchema.extend({
  /** In force; wanted by `approved`. */
  policy: policySchema.nullable().default(null),
  /** Of the client's application; wanted by `similar` unless it is a past loan. */
  attributions: z
    .object({ modelVersion: z.string(), featureNames: z.array(z.string()), shapValues: z.array(z.number()) })
    .nullable()
    .default(null),
});
export type CohortQuestion = z.infer<typeof cohortQuestionSchema>;

/** Share that defaulted, 0..1, with its 95 % Wilson interval. */
const defaultRateSchema = intervalSchema;

/** Null: withheld, because it would tell of fewer clients than the privacy floor. */
const countSchema = z.number().int().nonnegative().nullable();

export const cohortBinSchema = z.object({
  /** Of an interval: included; null where it is open. Null for bars. */
  from: z.number().nullable(),
  /** Of an interval: excluded; null where it is open. Null for bars. */
  to: z.number().nullable(),
  /** Of a bar; null for intervals. */
  value: fieldValueSchema,
  count: countSchema,
  /** Null where the count is, where nobody is, and where outcomes are not told. */
  defaultRate: defaultRateSchema.nullable(),
});
export type CohortBin = z.infer<typeof cohortBinSchema>;

/** Where the client lies among those of the group whose value is known. */
const placeSchema = z.object({
  value: fieldValueSchema,
  /** Position in `bins`. */
  bin: z.number().int().nullable(),
  /** To the hundredth. « plus élevé que 82 % du groupe » is 0.82. Null for answers, which have no order, and where the value is missing. */
  shareBelow: z.number().min(0).max(1).nullable(),
  shareEqual: z.number().min(0).max(1).nullable(),
});

const quantileSchema = z.number().nullable();
export const comparedFeatureSchema = z.object({
  feature: z.string(),
  kind: z.enum(['histogram', 'bars']),
  unit: unitSchema,
  missingShare: z.number().min(0).max(1).nullable(),
  /** Of known values, exact, by linear interpolation; null for answers and where it would be one person's value. */
  quantiles: z.object({ q05: quantileSchema, q25: quantileSchema, q50: quantileSchema, q75: quantileSchema, q95: quantileSchema }),
  /** The same bins for every group of one snapshot. */
  bins: z.array(cohortBinSchema),
  client: placeSchema.nullable(),
});
export type ComparedFeature = z.infer<typeof comparedFeatureSchema>;

const axisSchema = z.object({
  feature: z.string(),
  kind: z.enum(['histogram', 'bars']),
  unit: unitSchema,
  bins: z.array(cohortBinSchema.pick({ from: true, to: true, value: true })),
  client: placeSchema.pick({ value: true, bin: true }).nullable(),
});

export const comparedPairSchema = z.object({
  first: axisSchema,
  second: axisSchema,
  /** Row by row: bins of the first × bins of the second; clients that miss either are left out. */
  cells: z.array(cohortBinSchema.pick({ count: true, defaultRate: true })),
});
export type ComparedPair = z.infer<typeof comparedPairSchema>;

/** Why the group is one. */
export const similarGroupSchema = z.object({
  /** Distance of the furthest, in log-odds. */
  radius: z.number().nonnegative(),
  modelVersion: z.string(),
  /** Reasons that weigh the same way on the client and on at least four in five of the group; weightiest first. */
  shared: z.array(
    z.object({ code: z.string(), label: localizedTextSchema, direction: z.enum(['increases-risk', 'decreases-risk']), shareAlike: z.number() }),
  ),
  statement: localizedTextSchema,
});
export type SimilarGroup = z.infer<typeof similarGroupSchema>;

/** The population snapshot that was read. */
const readAsOfSchema = z.object({ snapshotId: z.string(), asOf: z.iso.datetime() });

export const cohortComparisonSchema = readAsOfSchema.extend({
  /** As applied: filters on the declared grid. */
  cohort: cohortSchema,
  groupSize: z.number().int(),
  populationSize: z.number().int(),
  /** How the group's loans ended; null where a protected field plays a part: outcomes are not told by sex, age or family. */
  outcome: z.object({ defaulted: z.number().int(), defaultRate: defaultRateSchema }).nullable(),
  features: z.array(comparedFeatureSchema),
  pair: comparedPairSchema.nullable(),
  /** For `similar` only. */
  similar: similarGroupSchema.nullable(),
});
export type CohortComparison = z.infer<typeof cohortComparisonSchema>;

/** `GET /v1/cohorts/grid`: what filters may tell apart. */
export const cohortGridSchema = readAsOfSchema.extend({
  populationSize: z.number().int(),
  /** No group, and no difference of two, of fewer clients is told of. */
  privacyFloor: z.number().int(),
  fields: z.array(
    z.object({
      field: z.string(),
      unit: unitSchema,
      isProtected: z.boolean(),
      /** Where a range may begin and end; null for answers. */
      edges: z.array(z.number()).nullable(),
      /** Answers that can only be chosen together stand together; null for ranges. */
      answers: z.array(z.array(fieldValueSchema)).nullable(),
    }),
  ),
});
export type CohortGrid = z.infer<typeof cohortGridSchema>;
