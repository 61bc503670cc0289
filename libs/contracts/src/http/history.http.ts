import { z } from 'zod';
import { localizedTextSchema } from '../language.ts';

/** `loans`: monthly statements of loans with the lender; `cards`: of its credit cards; `instalments`: what fell due; `bureau`: credits of the credit bureau. */
export const historyMonthKinds = ['loans', 'cards', 'instalments', 'bureau'] as const;
export const historyMonthKindSchema = z.enum(historyMonthKinds);
export type HistoryMonthKind = z.infer<typeof historyMonthKindSchema>;

/** How many months of a client's past are kept for charts, the month of the application included. */
export const historyMonthsKept = 48;

const amountSchema = z.number().nullable();

/** One month of one kind, everything of the client taken together. */
export const clientMonthSchema = z.object({
  /** Relative to the application: 0 is its month, -1 the one before. */
  month: z.number().int().max(0),
  /** Loans, cards or credits with a statement, or instalments that fell due. */
  count: z.number().int(),
  /** Of those, how many were late. */
  lateCount: z.number().int(),
  /** Of the latest of them, in days; null where the source does not tell. */
  longestDelayDays: z.number().int().nullable(),
  /** Owed on cards; null elsewhere. */
  balanceAmount: amountSchema,
  /** Of cards; null elsewhere. */
  limitAmount: amountSchema,
  /** Of instalments; null elsewhere. */
  dueAmount: amountSchema,
  /** Of what was due that month, at any time before the application; null elsewhere. */
  paidAmount: amountSchema,
});
export type ClientMonth = z.infer<typeof clientMonthSchema>;

/** `GET /v1/clients/{clientId}/history`: the client's past month by month, as of the population snapshot. */
export const clientHistorySchema = z.object({
  clientId: z.string(),
  currency: z.string(),
  monthsKept: z.number().int(),
  /** Only kinds that tell something of the client, months oldest first; a month without a statement is left out. */
  series: z.array(z.object({ kind: historyMonthKindSchema, months: z.array(clientMonthSchema).min(1) })),
  /** Why nothing is told, in words; null where something is. */
  silence: localizedTextSchema.nullable(),
  asOf: z.iso.datetime().nullable(),
});
export type ClientHistory = z.infer<typeof clientHistorySchema>;
