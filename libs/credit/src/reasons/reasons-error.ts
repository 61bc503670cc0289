/** Why no reason can be written. */
export type ReasonsErrorCode = 'lengths-differ' | 'feature-unknown' | 'reason-group-unknown' | 'attribution-not-finite';

/** Attributions and catalogue do not fit together; the message names features, never their values. */
export class ReasonsError extends Error {
  override readonly name = 'ReasonsError';
  readonly code: ReasonsErrorCode;

  constructor(code: ReasonsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
