/** Why a statistic cannot be computed. */
export type StatisticsErrorCode =
  | 'empty'
  | 'lengths-differ'
  | 'label-not-binary'
  | 'one-class'
  | 'class-too-small'
  | 'score-not-finite'
  | 'probability-out-of-range'
  | 'argument-out-of-range'
  | 'separable'
  | 'slope-not-positive';

/** Input for which the statistic asked has no value. The message holds counts and positions, never a client's values. */
export class StatisticsError extends Error {
  override readonly name = 'StatisticsError';
  readonly code: StatisticsErrorCode;

  constructor(code: StatisticsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
