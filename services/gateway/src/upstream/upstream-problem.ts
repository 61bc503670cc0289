import type { Problem } from '@lisible/contracts';

/** The owner's own problem document, handed to the caller as it is. */
export class UpstreamProblem extends Error {
  override readonly name = 'UpstreamProblem';
  readonly problem: Problem;
  readonly retryAfter: string | undefined;

  constructor(problem: Problem, retryAfter?: string) {
    super(`${problem.code} (${problem.status})`);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}
