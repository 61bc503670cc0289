import { z } from 'zod';

/** What is wrong with one field, in the caller's language. */
export const fieldProblemSchema = z.object({ field: z.string(), code: z.string(), message: z.string() });
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

/** RFC 9457 `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  correlationId: z.string(),
  problems: z.array(fieldProblemSchema).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
