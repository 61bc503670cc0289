import type { z } from 'zod';

/** The environment does not fit; the message names every bad key and echoes no value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Parses the environment once, at the composition root. @throws EnvironmentError */
export const readEnvironment = <T extends z.ZodObject>(schema: T, source: Readonly<Record<string, string | undefined>> = process.env): z.infer<T> => {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const keys = [...new Set(result.error.issues.map((issue) => `${issue.path.join('.')} (${expectation(issue)})`))];
  throw new EnvironmentError(`The environment does not fit: ${keys.join(', ')}. Correct these variables and start again.`);
};

/** zod's messages may quote what they received (`received "x"`); the code of the issue never does. */
const expectation = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_type') return `${issue.expected} expected`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  return issue.code === 'invalid_format' ? `${issue.format} expected` : 'not acceptable';
};
