/** Why a cohort is not answered: a closed list. */
export type CohortErrorCode = 'column-unknown' | 'too-many-filters' | 'column-filtered-twice' | 'filter-empty' | 'lengths-differ';

export class CohortError extends Error {
  override readonly name = 'CohortError';
  readonly code: CohortErrorCode;
  /** The column that is meant, where one is. */
  readonly column: string | null;

  constructor(code: CohortErrorCode, message: string, column: string | null = null) {
    super(message);
    this.code = code;
    this.column = column;
  }
}
