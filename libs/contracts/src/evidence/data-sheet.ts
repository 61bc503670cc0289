import { z } from 'zod';
import { localizedTextSchema } from '../language.ts';
import { countSchema, shareSchema } from './measures.ts';

/** How much of the population a raw table speaks of. */
export const tableCoverageSchema = z.object({
  table: z.string(),
  rows: countSchema,
  clients: countSchema,
  /** Of the labelled and of the unlabelled clients, 0..1; null where there are none. */
  labelledShare: shareSchema.nullable(),
  unlabelledShare: shareSchema.nullable(),
  isLearntFrom: z.boolean(),
  reason: localizedTextSchema.nullable(),
});

/** After Gebru et al., Datasheets for Datasets (2018): the headings that apply to a lender's training data. */
export const dataSheetSchema = z.object({
  source: z.enum(['raw-folder', 'synthetic']),
  catalogueName: z.string(),
  catalogueVersion: z.string(),
  snapshotId: z.string(),
  asOf: z.iso.datetime(),
  labelledRows: countSchema,
  unlabelledRows: countSchema,
  defaulted: countSchema,
  /** First and last submission of the labelled rows. */
  submittedFrom: z.iso.datetime(),
  submittedTo: z.iso.datetime(),
  /** What the lender says of its data, by heading. */
  words: z.array(
    z.object({
      heading: z.enum(['motivation', 'composition', 'collection', 'preprocessing', 'uses', 'distribution', 'maintenance', 'limits']),
      statements: z.array(localizedTextSchema).min(1),
    }),
  ),
  /** What the model may see, in the order of its inputs; range in the feature's unit, null where no value is known. */
  features: z.array(
    z.object({
      name: z.string(),
      label: localizedTextSchema,
      definition: localizedTextSchema,
      unit: z.string(),
      reasonCode: z.string(),
      monotoneDirection: z.enum(['increases-risk', 'decreases-risk']).nullable(),
      missingShare: shareSchema,
      min: z.number().nullable(),
      max: z.number().nullable(),
      /** The range as people read it; null where no value is known or the feature is a category. */
      range: localizedTextSchema.nullable(),
    }),
  ),
  protectedFields: z.array(z.object({ name: z.string(), label: localizedTextSchema, reason: localizedTextSchema })),
  /** Features of the catalogue that read a protected field and so stay out of the model. */
  protectedFeatures: z.array(z.object({ name: z.string(), label: localizedTextSchema })),
  coverage: z.array(tableCoverageSchema),
});
