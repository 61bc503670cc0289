import { createRandom } from '@lisible/credit';
import type { HyperParameters } from '@lisible/tree-ensemble';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import { hyperParameters as usual, searchSpace } from '../hyper-parameters.ts';
import type { SearchStudy, SearchTrial } from '../model-studies/model-studies.ts';
import { allFolds, derivedSeed, rowsWhere } from './fold-plan.ts';
import type { FoldPlan } from './fold-plan.ts';

/** Inner splits are judged in groups: each setting stops and is judged on three tenths of the rows that it may use. */
const numRotations = 3;
/** Share of the time in which settings are tried on the first rotation; the rest compares the best of them on the others. */
const exploringShare = 0.6;
const numFinalists = 4;

export interface SearchResult {
  readonly trials: readonly SearchTrial[];
  readonly chosen: HyperParameters;
  /** Of the chosen settings; null where there was no time for a single trial. */
  readonly innerLogLoss: number | null;
}

/** A search for each fold that never sees it, and one on all rows for the final model. */
export interface NestedSearch {
  readonly folds: readonly SearchResult[];
  readonly final: SearchResult;
  readonly seconds: number;
}

interface Trial {
  readonly hyperParameters: HyperParameters;
  readonly losses: readonly number[];
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The same seed draws the same settings in the same order, however many of them there is time for. */
export function* drawSettings(seed: number): Generator<HyperParameters, never> {
  const random = createRandom(seed);
  yield usual;
  for (;;) yield searchSpace.reduce((settings, { draw }) => ({ ...settings, ...draw(random) }), usual);
}

export interface SearchSettings {
  readonly plan: FoldPlan;
  readonly monotoneConstraints: Int8Array | null;
  readonly budgetMs: number;
  readonly now: () => number;
  readonly onProgress: (share: number, message: string) => void;
}

/**
 * Random search within a time, plain and in two rungs: as many settings as there is time for on one rotation of the inner splits,
 * then the best few on the other rotations; the least mean log loss over the most rotations wins. Rows of `withoutFold` are never
 * touched. How many settings are tried depends on the machine, which ones does not.
 */
const searchOnce = async (
  pool: FitPool,
  withoutFold: number | null,
  { plan, monotoneConstraints, budgetMs, now }: SearchSettings,
  onTrial: (numTrials: number) => void,
): Promise<SearchResult> => {
  const startedAtMs = now();
  const endsAtMs = startedAtMs + budgetMs;
  const explores = (): boolean => now() < startedAtMs + exploringShare * budgetMs;
  const mayUse = (row: number): boolean => plan.folds[row] !== withoutFold;
  const isInRotation = (row: number, rotation: number): boolean => (plan.splits[row] ?? 0) % numRotations === rotation;
  const judge = async (hyperParameters: HyperParameters, rotation: number, giveUpAtMs: number): Promise<number | null> => {
    const fit = await pool.tryTrees({
      rows: rowsWhere(plan.folds.length, (row) => mayUse(row) && !isInRotation(row, rotation)),
      stoppingRows: rowsWhere(plan.folds.length, (row) => mayUse(row) && isInRotation(row, rotation)),
      judgedRows: new Uint32Array(0),
      columns: null,
      labels: null,
      hyperParameters,
      monotoneConstraints,
      seed: derivedSeed(plan.seed, 30 + rotation),
      giveUpAtMs,
    });
    return fit?.stoppingLogLoss ?? null;
  };

  const settings = drawSettings(derivedSeed(plan.seed, 50 + (withoutFold ?? plan.numFolds)));
  const trials: Trial[] = [];
  const explore = async (): Promise<void> => {
    while (explores()) {
      const { value: hyperParameters } = settings.next();
      const loss = await judge(hyperParameters, 0, endsAtMs);
      if (loss === null) return;
      trials.push({ hyperParameters, losses: [loss] });
      onTrial(trials.length);
    }
  };
  await Promise.all(Array.from({ length: pool.numWorkers }, explore));

  const ranked = trials.toSorted((a, b) => meanOf(a.losses) - meanOf(b.losses));
  let finalists = ranked.filter((trial, rank) => rank < numFinalists || trial.hyperParameters === usual);
  for (let rotation = 1; rotation < numRotations && finalists.length > 1; rotation++) {
    const losses = await Promise.all(finalists.map(({ hyperParameters }) => judge(hyperParameters, rotation, endsAtMs)));
    // A rotation that not every finalist was judged on would compare unlike with unlike.
    const complete = losses.filter((loss) => loss !== null);
    if (complete.length < losses.length) break;
    finalists = finalists.map((trial, index) => ({ ...trial, losses: [...trial.losses, complete[index] ?? Number.NaN] }));
  }
  const [winner] = finalists.toSorted((a, b) => meanOf(a.losses) - meanOf(b.losses));
  const judged = [...finalists, ...ranked.filter((trial) => finalists.every(({ hyperParameters }) => hyperParameters !== trial.hyperParameters))];
  return {
    trials: judged.map(({ hyperParameters, losses }) => ({
      hyperParameters,
      innerLogLoss: meanOf(losses),
      innerSplits: losses.length,
      isChosen: hyperParameters === winner?.hyperParameters,
    })),
    chosen: winner?.hyperParameters ?? usual,
    innerLogLoss: winner === undefined ? null : meanOf(winner.losses),
  };
};

/** The budget is shared out evenly: a part for each fold, so that what is reported is honest, and one for the final model. */
export const searchHyperParameters = async (pool: FitPool, settings: SearchSettings): Promise<NestedSearch> => {
  const { plan, budgetMs, now, onProgress } = settings;
  const startedAtMs = now();
  const parts = [...allFolds(plan), null];
  const results: SearchResult[] = [];
  for (const [index, fold] of parts.entries()) {
    const elapsedMs = now() - startedAtMs;
    const budget = Math.max(0, budgetMs - elapsedMs) / (parts.length - index);
    const place = fold === null ? 'for the final model' : `without fold ${fold + 1}`;
    const result = await searchOnce(pool, fold, { ...settings, budgetMs: budget }, (numTrials) => {
      const sinceStartMs = now() - startedAtMs;
      const secondsLeft = Math.max(0, Math.ceil((budgetMs - sinceStartMs) / 1000));
      onProgress(Math.min(1, sinceStartMs / budgetMs), `search ${place}: ${numTrials} settings tried, ${secondsLeft} s left`);
    });
    results.push(result);
  }
  const final = results.at(-1);
  if (final === undefined) throw new RangeError('a search has one part at least');
  return { folds: results.slice(0, -1), final, seconds: (now() - startedAtMs) / 1000 };
};

/** Rounds that early stopping chooses on the inner splits of all rows: how long a final model with searched settings grows. */
export const roundsOnInnerSplits = async (
  pool: FitPool,
  plan: FoldPlan,
  { hyperParameters, monotoneConstraints }: { readonly hyperParameters: HyperParameters; readonly monotoneConstraints: Int8Array | null },
): Promise<readonly number[]> => {
  const fits = await Promise.all(
    Array.from({ length: numRotations }, (_, split) =>
      pool.fitTrees({
        rows: rowsWhere(plan.splits.length, (row) => plan.splits[row] !== split),
        stoppingRows: rowsWhere(plan.splits.length, (row) => plan.splits[row] === split),
        judgedRows: new Uint32Array(0),
        columns: null,
        labels: null,
        hyperParameters,
        monotoneConstraints,
        seed: derivedSeed(plan.seed, 40 + split),
      }),
    ),
  );
  return fits.map(({ bestRound }) => bestRound);
};

/** What the evidence says of a search. */
export const describeSearch = (
  { folds, final, seconds }: NestedSearch,
  budgetSeconds: number,
  { nestedRocAuc, usualRocAuc }: Pick<SearchStudy, 'nestedRocAuc' | 'usualRocAuc'>,
): SearchStudy => ({
  budgetSeconds,
  seconds,
  space: searchSpace.map(({ name, description }) => ({ name, description })),
  trials: final.trials,
  chosen: final.chosen,
  folds: folds.map(({ trials, chosen, innerLogLoss }, fold) => ({ fold, trials: trials.length, chosen, innerLogLoss })),
  nestedRocAuc,
  usualRocAuc,
});
