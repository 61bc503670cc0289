import type { TrainingView } from '@lisible/contracts';

/** One thing wrong with the raw tables. `row` 1 is the first row after the header; null column or row: the whole table or column. */
export type RawProblem = TrainingView['problems'][number];

/** `1 problem`, `2 problems`. */
export const countProblems = (count: number): string => `${count} ${count === 1 ? 'problem' : 'problems'}`;

/** The raw tables cannot be learnt from; every problem found is in the list. */
export class RawDataError extends Error {
  override readonly name = 'RawDataError';
  readonly problems: readonly RawProblem[];

  constructor(problems: readonly RawProblem[]) {
    super(`The raw tables have ${countProblems(problems.length)}.`);
    this.problems = problems;
  }
}

/** A column with a thousand bad values is one problem to its reader: the first rows, then how many there are. */
export const rowsListed = 3;

/** @param rows the first offending rows (no more than `rowsListed` are used), @param count how many there are in all */
export const listRows = (table: string, column: string | null, rows: readonly number[], count: number, reason: string): readonly RawProblem[] => [
  ...rows.slice(0, rowsListed).map((row) => ({ table, column, row, reason })),
  ...(count > rowsListed ? [{ table, column, row: null, reason: `${reason}: ${count} rows in all, the first ${rowsListed} are listed` }] : []),
];

/** A renamed column is mostly the same name in another case. */
export const withLikelyName = (problem: RawProblem, columns: readonly string[]): RawProblem => {
  const likely = columns.find((name) => name !== problem.column && name.toLowerCase() === problem.column?.toLowerCase());
  return likely === undefined ? problem : { ...problem, reason: `${problem.reason}: is it “${likely}”?` };
};
