import type { Scorecard, ScorecardColumn, ScorecardOptions } from '@lisible/credit';
import type { FeatureMatrix, HyperParameters, TreeEnsemble } from '@lisible/tree-ensemble';

/** What every fit reads: sent to each worker once, its arrays in shared memory. */
export interface SharedData {
  readonly matrix: FeatureMatrix;
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
  readonly featureNames: readonly string[];
}

/** Boosted trees, fitted on some rows and columns of the shared matrix. Positions are those of the whole matrix. */
export interface TreesOrder {
  readonly kind: 'trees';
  readonly rows: Uint32Array;
  /** Rows that early stopping watches; null = every round is grown. */
  readonly stoppingRows: Uint32Array | null;
  /** Rows whose margins are wanted. */
  readonly judgedRows: Uint32Array;
  /** Columns to learn from, ascending; null = all. */
  readonly columns: Uint32Array | null;
  /** Another outcome than the shared one, 0 or 1 a row of the matrix. */
  readonly labels: Uint8Array | null;
  readonly hyperParameters: HyperParameters;
  /** -1, 0 or +1 a column of the matrix; null = none. */
  readonly monotoneConstraints: Int8Array | null;
  readonly seed: number;
  /** The clock's time (ms since 1970) at which an unfinished fit is given up; null = never. */
  readonly giveUpAtMs: number | null;
}

export interface TreesFit {
  readonly kind: 'trees';
  readonly ensemble: TreeEnsemble;
  /** One a judged row, in their order; not calibrated. */
  readonly margins: Float64Array;
  readonly bestRound: number;
  /** Log loss of the stopping rows at the best round; NaN without any. */
  readonly stoppingLogLoss: number;
  /** Processor seconds. */
  readonly seconds: number;
}

/** A scorecard on weights of evidence, its bins fitted on the same rows as its coefficients. */
export interface ScorecardOrder {
  readonly kind: 'scorecard';
  readonly rows: Uint32Array;
  readonly judgedRows: Uint32Array;
  /** Of each column of the matrix. */
  readonly columns: readonly Pick<ScorecardColumn, 'featureName' | 'kind' | 'trend'>[];
  readonly options: Partial<ScorecardOptions>;
}

export interface ScorecardFit {
  readonly kind: 'scorecard';
  readonly scorecard: Scorecard;
  /** One a judged row, in their order; not calibrated. */
  readonly margins: Float64Array;
  readonly seconds: number;
}

/** A fit with a time limit that was not done by then. */
export interface GivenUpFit {
  readonly kind: 'given-up';
}

export type FitOrder = TreesOrder | ScorecardOrder;
export type FitResult = TreesFit | ScorecardFit | GivenUpFit;

/** A worker is asked for one fit at a time. */
export interface FitRequest {
  readonly id: number;
  readonly order: FitOrder;
}

/** An error crosses threads as its name, code and message: its class does not. */
export interface FitFailure {
  readonly name: string;
  readonly code: string | null;
  readonly message: string;
  readonly stack: string | null;
}

export type FitReply =
  | { readonly kind: 'round'; readonly id: number; readonly round: number }
  | { readonly kind: 'done'; readonly id: number; readonly result: FitResult }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: FitFailure };

/** Copies an array into memory that threads share. */
export const shareFloats = (values: Float32Array): Float32Array => {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
};

export const shareBytes = (values: Uint8Array): Uint8Array => {
  const shared = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
};
