import type { ErrorCode, LocalizedText } from '@lisible/contracts';

/** What is wrong with one field, in every language; the problem filter picks the caller's. */
export interface LocalizedFieldProblem {
  readonly field: string;
  readonly code: string;
  readonly message: LocalizedText;
}

/**
 * The sender's fault: never retried. Over HTTP it becomes the problem document of its code;
 * in a handler, a dead letter.
 */
export class RejectedError extends Error {
  override readonly name = 'RejectedError';
  readonly code: ErrorCode;
  /** What went wrong, for the person who asked; identifiers only, never a client's data. */
  readonly detail: LocalizedText;
  readonly problems: readonly LocalizedFieldProblem[];

  constructor(code: ErrorCode, detail: LocalizedText, problems: readonly LocalizedFieldProblem[] = []) {
    super(`${code}: ${detail.en}`);
    this.code = code;
    this.detail = detail;
    this.problems = problems;
  }
}

/**
 * Something needed is absent or slow for now: the same request may succeed later.
 * Over HTTP it answers the code's status; in a handler the topic pauses with back-off and nothing becomes a dead letter.
 */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly code: ErrorCode;
  readonly detail: LocalizedText;

  constructor(code: ErrorCode, detail: LocalizedText, cause?: unknown) {
    super(`${code}: ${detail.en}`, { cause });
    this.code = code;
    this.detail = detail;
  }
}

/** The `code` of an error of Node or PostgreSQL. By shape, not `instanceof`: in Jest, Node's own errors come from another realm. */
export const findErrorCode = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;
