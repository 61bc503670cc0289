/** Every way an input of this room can be refused; closed, so that a caller can switch over it. */
export const treeEnsembleErrorCodes = [
  'no-rows',
  'no-features',
  'matrix-shape-differs',
  'row-length-differs',
  'labels-length-differs',
  'label-not-binary',
  'one-class',
  'feature-names-differ',
  'bad-hyper-parameter',
  'bad-monotone-constraint',
  'bad-interaction-constraint',
  'bad-weight',
  'category-out-of-range',
  'bad-seed',
  'bad-calibration',
  'path-too-wide',
  'not-json',
  'bad-format',
  'unsupported-version',
  'too-large',
  'out-of-memory',
  'cancelled',
  'thread-died',
  'arrays-differ',
  'index-out-of-range',
  'cycle',
  'not-finite',
  'bad-cover',
  'bad-categories',
  'unsupported-model',
] as const;

export type TreeEnsembleErrorCode = (typeof treeEnsembleErrorCodes)[number];

/** An input that this room refuses; `code` says which rule, the message names the offending thing, never a client's value. */
export class TreeEnsembleError extends Error {
  override readonly name = 'TreeEnsembleError';
  readonly code: TreeEnsembleErrorCode;

  constructor(code: TreeEnsembleErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
