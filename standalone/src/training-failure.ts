import type { TrainingView } from '@lisible/contracts';

/** Why a training gave no model, with every problem of the raw tables: by table, column, row and reason. */
export const trainingFailure = ({ message, problems }: Pick<TrainingView, 'message' | 'problems'>, dataDir: string): string => {
  if (problems.length === 0) return `The training on ${dataDir} failed (${message}): mend what it says and start again.`;
  return [
    `The raw tables in ${dataDir} cannot be learnt from: mend ${theseProblems(problems.length)} and start again.`,
    ...listProblems(problems),
  ].join('\n');
};

/** `this problem`, `these 2 problems`. */
export const theseProblems = (count: number): string => (count === 1 ? 'this problem' : `these ${count} problems`);

/** One indented line a problem. */
export const listProblems = (problems: Readonly<TrainingView['problems']>): readonly string[] =>
  problems.map(
    ({ table, column, row, reason }) =>
      `  ${[table, column, row === null ? null : `row ${row}`].filter((part) => part !== null).join(', ')}: ${reason}`,
  );
