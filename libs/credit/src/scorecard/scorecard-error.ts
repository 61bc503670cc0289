/** Why no scorecard or regression could be fitted or applied. */
export type ScorecardErrorCode =
  'option-out-of-range' | 'column-duplicate' | 'no-feature-selected' | 'separable' | 'singular' | 'not-converged' | 'matrix-does-not-fit';

/** Data that no scorecard can be fitted to, or a matrix of another shape. The message holds names and counts, never a client's values. */
export class ScorecardError extends Error {
  override readonly name = 'ScorecardError';
  readonly code: ScorecardErrorCode;

  constructor(code: ScorecardErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
