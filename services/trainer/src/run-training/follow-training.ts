import { setTimeout } from 'node:timers/promises';
import { problemSchema, trainingViewSchema } from '@lisible/contracts';
import type { TrainingRequest, TrainingView } from '@lisible/contracts';

export interface TrainingOrder {
  /** The running trainer, `http://host:port`. */
  readonly url: string;
  readonly internalToken: string;
  readonly dataDir: string;
  readonly seed?: number;
  /** Seconds of a search over hyper-parameters; absent = the house's usual settings. */
  readonly searchSeconds?: number;
  /** `none`: a model without evidence, quick; `full` unless said otherwise. */
  readonly studies?: TrainingRequest['studies'];
  /** History tables to learn from, whatever their coverage; absent = those that cover enough. */
  readonly learnFrom?: TrainingRequest['learnFrom'];
  /** Called at each change, the last one included. */
  readonly onProgress?: (view: TrainingView) => void;
  readonly pollEveryMs?: number;
}

/**
 * Asks a running trainer for a training and follows it to its end; `phase` of the answer is `done` or `failed`.
 * @throws Error when the trainer refuses (its problem's title and detail) or does not answer
 */
export const runTraining = async ({ url, internalToken, onProgress, pollEveryMs = 500, ...request }: TrainingOrder): Promise<TrainingView> => {
  const ask = async (path: string, init: RequestInit = {}): Promise<TrainingView> => {
    const response = await fetch(url + path, {
      ...init,
      headers: { authorization: `Bearer ${internalToken}`, 'content-type': 'application/json', 'accept-language': 'en' },
    });
    const content: unknown = await response.json();
    if (response.ok) return trainingViewSchema.parse(content);
    const problem = problemSchema.safeParse(content).data;
    throw new Error(
      problem === undefined
        ? `the trainer answered ${response.status}`
        : [problem.title, problem.detail].filter((part) => part !== undefined).join(': '),
    );
  };
  let view = await ask('/trainings', { method: 'POST', body: JSON.stringify(request) });
  let reported = '';
  for (;;) {
    const state = `${view.phase} ${view.share} ${view.message}`;
    if (state !== reported) onProgress?.(view);
    reported = state;
    if (view.phase === 'done' || view.phase === 'failed') return view;
    await setTimeout(pollEveryMs);
    view = await ask(`/trainings/${view.trainingId}`);
  }
};
