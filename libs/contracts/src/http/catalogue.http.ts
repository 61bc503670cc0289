import { z } from 'zod';
import { localizedTextSchema } from '../language.ts';

export const themes = ['identity', 'work', 'housing', 'loan-requested', 'past-loans', 'credit-bureau', 'payments', 'documents'] as const;
export const themeSchema = z.enum(themes);
export type Theme = z.infer<typeof themeSchema>;

export const unitSchema = z.enum(['none', 'currency', 'years', 'days', 'months', 'count', 'share', 'score', 'hour', 'square-metres-normalised']);
export type Unit = z.infer<typeof unitSchema>;

export const catalogueFieldSchema = z.object({
  name: z.string(),
  label: localizedTextSchema,
  definition: localizedTextSchema,
  theme: themeSchema,
  unit: unitSchema,
  type: z.enum(['number', 'integer', 'boolean', 'category', 'date', 'text']),
  isRequired: z.boolean(),
  isProtected: z.boolean(),
  isContact: z.boolean(),
  /** Allowed, ends included; null where open. */
  range: z.object({ min: z.number().nullable(), max: z.number().nullable() }).nullable(),
  categories: z.array(z.object({ value: z.string(), label: localizedTextSchema })).nullable(),
});
export type CatalogueField = z.infer<typeof catalogueFieldSchema>;

export const catalogueFeatureSchema = z.object({
  name: z.string(),
  label: localizedTextSchema,
  definition: localizedTextSchema,
  theme: themeSchema,
  unit: unitSchema,
  reasonCode: z.string(),
  /** What the codes 0, 1, 2, … mean, for a feature that codes an answer (a category, yes or no); null for a quantity. */
  valueLabels: z.array(localizedTextSchema).nullable(),
  /** Fields it is computed from. */
  derivedFrom: z.array(z.string()),
  isProtected: z.boolean(),
  /** In the model's vector. */
  isModelInput: z.boolean(),
});
export type CatalogueFeature = z.infer<typeof catalogueFeatureSchema>;

/** `GET /v1/catalogue`: what people read of the catalogue; immutable for one version. */
export const catalogueViewSchema = z.object({
  catalogueName: z.string(),
  catalogueVersion: z.string(),
  themes: z.array(z.object({ theme: themeSchema, label: localizedTextSchema })),
  fields: z.array(catalogueFieldSchema),
  features: z.array(catalogueFeatureSchema),
});
export type CatalogueView = z.infer<typeof catalogueViewSchema>;
