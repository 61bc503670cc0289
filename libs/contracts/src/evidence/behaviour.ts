import { z } from 'zod';
import { localizedTextSchema } from '../language.ts';
import { countSchema, intervalSchema, shareSchema } from './measures.ts';

/** What the model leans on: exact SHAP values on the log-odds, out of fold, of a seeded sample of labelled rows. */
export const importanceSchema = z.object({
  rows: countSchema,
  /** By mean |SHAP|, greatest first; log-odds, ≥ 0, bootstrap over rows, as of the rank; `share` of the sum over features, 0..1. */
  features: z.array(
    z.object({
      feature: z.string(),
      meanAbsoluteShap: intervalSchema,
      share: shareSchema,
      rankLower: z.number().min(1),
      rankUpper: z.number().min(1),
    }),
  ),
  /** The same of the features told as one reason: their SHAP values are added row by row first. */
  reasonGroups: z.array(
    z.object({ code: z.string(), label: localizedTextSchema, numFeatures: countSchema, meanAbsoluteShap: intervalSchema, share: shareSchema }),
  ),
});

/** How one feature moves the margin: its SHAP values by bins of its own values (at least the floor of rows each). */
export const dependenceSchema = z.object({
  feature: z.string(),
  kind: z.enum(['number', 'category']),
  bins: z.array(
    z.object({
      /** The bin's values, or the category's label, or missing, as people read them. */
      label: localizedTextSchema,
      /** Mean value of the bin; null for a category or missing values. */
      meanValue: z.number().nullable(),
      isMissing: z.boolean(),
      rows: countSchema,
      /** SHAP value of the feature, log-odds: mean, and the 10 % and 90 % quantiles. */
      meanShap: z.number(),
      lowerShap: z.number(),
      upperShap: z.number(),
    }),
  ),
});

/** Two features whose joint effect is more than the sum of theirs. */
export const interactionSchema = z.object({
  first: z.string(),
  second: z.string(),
  /** Friedman and Popescu's H (2008), 0 for none: root of the share of the joint partial dependence's variance that is interaction. */
  strength: z.number().min(0),
  /** The same in log-odds: standard deviation of what the sum of both effects misses. */
  deviation: z.number().min(0),
});

const sampleQuality = { rows: countSchema, defaulted: countSchema, defaultRate: shareSchema, rocAuc: intervalSchema };

export const stabilitySchema = z.object({
  folds: z.array(z.object({ fold: countSchema, ...sampleQuality, observedToExpected: intervalSchema.nullable() })),
  seeds: z.array(
    z.object({
      seed: z.number().int(),
      rocAuc: intervalSchema,
      logLoss: z.number().min(0),
      /** Share of proposals that differ from those of the first seed, 0..1; 0 for the first. */
      changedProposals: shareSchema,
    }),
  ),
  /** By calendar month of submission (UTC, `2025-03`); null where the rows span too little time, as `notMeasured` says. */
  months: z
    .array(
      z.object({
        month: z.string(),
        rows: countSchema,
        defaulted: countSchema,
        defaultRate: shareSchema,
        rocAuc: intervalSchema.nullable(),
        observedToExpected: intervalSchema.nullable(),
        /** Population stability index of the estimates against all rows, ≥ 0; above 0.25 is read as a shift. */
        psi: z.number().min(0),
      }),
    )
    .nullable(),
});

export const learningCurveSchema = z.array(
  z.object({
    /** Rows that the models were fitted on, mean over folds. */
    rows: countSchema,
    rocAuc: intervalSchema,
    /** On the fitted rows themselves, 0..1: the gap to `rocAuc` is what was learnt by heart. */
    trainRocAuc: shareSchema,
    logLoss: z.number().min(0),
  }),
);

export const ablationsSchema = z.object({
  judgedRows: countSchema,
  folds: z.array(countSchema),
  /** With every feature, on the judged rows, 0..1. */
  rocAuc: shareSchema,
  groups: z.array(
    z.object({
      kind: z.enum(['reason-group', 'raw-table']),
      group: z.string(),
      label: localizedTextSchema,
      numFeatures: countSchema,
      /** ROC AUC without the group less with it, paired by row: negative where the group earns its place. */
      rocAucChange: intervalSchema,
      /** Log loss, the same way: positive where the group earns its place. */
      logLossChange: z.number(),
    }),
  ),
});

export const leakChecksSchema = z.object({
  /** Rankings by what should tell nothing: 0.5 lies within the interval when it does not. Null: cannot be told. */
  checks: z.array(z.object({ check: z.enum(['identifier', 'row-order', 'submission-time']), rocAuc: intervalSchema.nullable() })),
  /** The best features by themselves, either way round, 0..1. */
  singleFeatures: z.array(z.object({ feature: z.string(), rocAuc: shareSchema })),
  /** ROC AUC from which one feature alone is taken for a proxy of the outcome. */
  singleFeatureBound: shareSchema,
  suspects: z.array(z.string()),
  /** ROC AUC above which the whole model is taken to know too much, by what is known of these data; null without such knowledge. */
  plausibleRocAuc: shareSchema.nullable(),
  clients: countSchema,
  clientsInSeveralFolds: countSchema,
  duplicateRowsAcrossFolds: countSchema,
});

/** A protected attribute: the model sees none of it; measured on the model's proposals, out of fold. */
export const fairnessAttributeSchema = z.object({
  attribute: z.string(),
  label: localizedTextSchema,
  /** The group that others are held against: the largest. */
  referenceGroup: z.string(),
  groups: z.array(
    z.object({
      group: z.string(),
      label: localizedTextSchema,
      rows: countSchema,
      defaulted: countSchema,
      defaultRate: intervalSchema,
      /** Share whom the model proposes to approve, 0..1. */
      approvalRate: intervalSchema,
      /** Approval rate over the reference group's, ≥ 0; 1 is equal; null for the reference itself. */
      approvalRatio: intervalSchema.nullable(),
      /** Share approved among those who repaid, 0..1 (equal opportunity: Hardt et al. 2016); null where none repaid. */
      opportunity: intervalSchema.nullable(),
      /** That share less the reference group's, −1..1. */
      opportunityDifference: intervalSchema.nullable(),
      /** Defaults observed over expected within the group; null where it cannot be told. */
      observedToExpected: intervalSchema.nullable(),
      /** Calibration slope within the group; null where it cannot be told. */
      calibrationSlope: intervalSchema.nullable(),
      rocAuc: intervalSchema.nullable(),
      /** How well the model's inputs tell this group from the others, out of fold: 0.5 not at all, 1 fully. */
      predictability: intervalSchema.nullable(),
    }),
  ),
  /** Rows on which it was measured how well the inputs tell the groups; absent where it was not. */
  predictabilityRows: countSchema.optional(),
  /** Rows whose group is unknown, or too small to be shown. */
  rowsNotShown: countSchema,
});
