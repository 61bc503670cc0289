import { z } from 'zod';
import { dataQualityNoteSchema, decisionOutcomeSchema, decisionSchema, greyZoneSchema, probabilitySchema, proposalSchema } from '../decision.ts';
import { fieldValueSchema } from '../application.ts';
import { cohortFilterSchema } from './cohorts.http.ts';

/** `application`: came through the door and has a ledger entry. `past-loan`: labelled training data, out-of-fold estimate, no ledger entry. */
export const dossierKindSchema = z.enum(['application', 'past-loan']);
export type DossierKind = z.infer<typeof dossierKindSchema>;

const pageNumberSchema = z.int().min(1).max(100_000);
const pageSizeSchema = z.int().min(1).max(100);

/** Body of `POST /v1/clients/search`: a search names people, so it never stands in an address. */
export const clientListQuerySchema = z.strictObject({
  /** Part of a client's or application's identifier, or of a name. */
  search: z.string().max(100).optional(),
  kind: dossierKindSchema.optional(),
  /** All of them hold. Values are compared as they are: who may see every dossier learns nothing from a filter. */
  filters: z.array(cohortFilterSchema).max(8).default([]),
  /** Names of fields or features whose values each row is to carry. */
  columns: z.array(z.string().max(100)).max(12).default([]),
  page: pageNumberSchema.default(1),
  pageSize: pageSizeSchema.default(25),
  /** `nextCursor` of the page before: the rows after it, whatever has arrived meanwhile; `page` then says nothing. */
  cursor: z.string().max(500).optional(),
  /** `submittedAt`, a field or a feature; with a minus the greatest first. What is missing comes last either way. */
  sort: z
    .string()
    .regex(/^-?[A-Za-z][A-Za-z0-9]{0,99}$/)
    .default('-submittedAt'),
});
export type ClientListQuery = z.infer<typeof clientListQuerySchema>;

/** `GET /v1/clients?kind=&page=1&pageSize=25&sort=-submittedAt`: the same list without a search, numbers as an address writes them. */
export const clientListParametersSchema = clientListQuerySchema.omit({ search: true, filters: true, columns: true, cursor: true }).extend({
  page: z.coerce.number().pipe(pageNumberSchema).default(1),
  pageSize: z.coerce.number().pipe(pageSizeSchema).default(25),
});
export type ClientListParameters = z.infer<typeof clientListParametersSchema>;

/** client-profile's part of a row. */
export const clientListItemSchema = z.object({
  clientId: z.string(),
  applicationId: z.string(),
  displayName: z.string().nullable(),
  kind: dossierKindSchema,
  submittedAt: z.iso.datetime(),
  currency: z.string(),
  creditAmount: z.number().nullable(),
  annuityAmount: z.number().nullable(),
  contractType: z.string().nullable(),
  /** Values of the columns asked for, by name. */
  columns: z.record(z.string(), fieldValueSchema).optional(),
});
export type ClientListItem = z.infer<typeof clientListItemSchema>;

/** The gateway's row: the decision joined where there is one. */
export const clientRowSchema = clientListItemSchema.extend({
  probabilityOfDefault: probabilitySchema.nullable(),
  proposal: proposalSchema.nullable(),
  decision: decisionOutcomeSchema.nullable(),
});
export type ClientRow = z.infer<typeof clientRowSchema>;

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    page: z.number().int(),
    pageSize: z.number().int(),
    total: z.number().int(),
    /** For the rows after these; null after the last. */
    nextCursor: z.string().nullable().optional(),
  });
export const clientPageSchema = pageOf(clientRowSchema);
export type ClientPage = z.infer<typeof clientPageSchema>;
export const clientItemPageSchema = pageOf(clientListItemSchema);
export type ClientItemPage = z.infer<typeof clientItemPageSchema>;

/** client-profile's part of `GET /v1/clients/{clientId}` (`?applicationId=` picks one of several; default the latest). */
export const clientRecordSchema = z.object({
  clientId: z.string(),
  displayName: z.string().nullable(),
  kind: dossierKindSchema,
  applicationId: z.string(),
  applicationIds: z.array(z.string()),
  branchId: z.string().nullable(),
  submittedAt: z.iso.datetime(),
  currency: z.string(),
  catalogueVersion: z.string(),
  /** Catalogue fields by name, missing as null. */
  fields: z.record(z.string(), fieldValueSchema),
  /** Application features of the catalogue by name (ratios, lengths), for display. */
  features: z.record(z.string(), z.number().nullable()),
  isHistoryMissing: z.boolean(),
  dataQuality: z.array(dataQualityNoteSchema),
  /** Past loans only: whether it was repaid. */
  defaulted: z.union([z.literal(0), z.literal(1)]).nullable(),
  asOf: z.iso.datetime(),
});
export type ClientRecord = z.infer<typeof clientRecordSchema>;

/** A past loan's out-of-fold estimate against today's policy. Never a ledger entry. */
export const pastLoanEstimateSchema = z.object({
  applicationId: z.string(),
  modelName: z.string(),
  modelVersion: z.string(),
  fold: z.number().int(),
  probabilityOfDefault: probabilitySchema,
  margin: z.number(),
  policyName: z.string(),
  policyVersion: z.number().int(),
  decisionThreshold: probabilitySchema,
  greyZone: greyZoneSchema,
  proposal: proposalSchema,
});
export type PastLoanEstimate = z.infer<typeof pastLoanEstimateSchema>;

/** `GET /v1/clients/{clientId}`: exactly one of `decision` and `pastLoanEstimate` may be present; both null while the decision is on its way. */
export const dossierSchema = clientRecordSchema.extend({
  decision: decisionSchema.nullable(),
  pastLoanEstimate: pastLoanEstimateSchema.nullable(),
});
export type Dossier = z.infer<typeof dossierSchema>;
