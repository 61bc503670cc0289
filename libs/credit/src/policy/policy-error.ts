/** Why no policy can be recommended or applied. */
export type PolicyErrorCode = 'no-probability' | 'probability-out-of-range' | 'cost-out-of-range' | 'capacity-out-of-range' | 'no-amount';

/** A policy that cannot be built or applied; the message names no client. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: PolicyErrorCode;

  constructor(code: PolicyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
