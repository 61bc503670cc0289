import { rocAucInterval } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import type { HyperParameters } from '@lisible/tree-ensemble';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import { finalRoundsFactor, monotoneAllowance, numFolds, numInnerSplits } from '../hyper-parameters.ts';
import type { ModelStudies, SearchStudy } from '../model-studies/model-studies.ts';
import { studyModel } from '../model-studies/study-model.ts';
import type { StudyOrder } from '../model-studies/study-model.ts';
import { fitCandidates, monotoneConstraintsOf, numCandidateFits } from './candidates.ts';
import type { Candidates } from './candidates.ts';
import { finalRounds, fitFinalModel } from './cross-validate.ts';
import type { CrossValidation, FinalFit } from './cross-validate.ts';
import { calibrateAcrossFolds, fitFolds, gatherMargins } from './fit-folds.ts';
import { drawFoldPlan } from './fold-plan.ts';
import type { LabelledMatrix } from './fold-plan.ts';
import { describeSearch, roundsOnInnerSplits, searchHyperParameters } from './search-hyper-parameters.ts';
import type { NestedSearch } from './search-hyper-parameters.ts';
import type { Stopwatch } from './stopwatch.ts';
import { createWorkMeter } from './work-meter.ts';

export type ReportProgress = (phase: 'search' | 'cross-validation' | 'final-fit' | 'studies' | 'evidence', share: number, message: string) => void;

export interface LearnOrder {
  readonly catalogue: Catalogue;
  readonly seed: number;
  readonly hyperParameters: HyperParameters;
  /** Null: the settings above, for every fold. */
  readonly searchSeconds: number | null;
  /** Null: none, and of the candidates only the boosted ones. */
  readonly origins: StudyOrder['origins'] | null;
  readonly stopwatch: Stopwatch;
}

export interface LearntModel {
  readonly served: CrossValidation;
  readonly final: FinalFit;
  /** Of the final model: the usual ones, or those that a search chose. */
  readonly hyperParameters: HyperParameters;
  readonly monotoneConstraints: Int8Array | null;
  readonly studies: Omit<ModelStudies, 'timings'> | null;
}

/**
 * Everything that is learnt from a labelled matrix: a search if one is asked for, models from simple to complex on the same folds, the
 * final model, and what is worth knowing about it.
 * @throws UnlearnableDataError, StatisticsError where the data are too few or tell nothing; FitPoolError
 */
export const learnModel = async (
  pool: FitPool,
  data: LabelledMatrix,
  { catalogue, seed, hyperParameters: usual, searchSeconds, origins, stopwatch }: LearnOrder,
  report: ReportProgress,
): Promise<LearntModel> => {
  const { labels, featureNames } = data;
  const plan = drawFoldPlan(labels, { numFolds, numInnerSplits, seed });
  const constraints = monotoneConstraintsOf(catalogue, featureNames);

  const search =
    searchSeconds === null
      ? null
      : await stopwatch.time('search', () =>
          searchHyperParameters(pool, {
            plan,
            monotoneConstraints: constraints,
            budgetMs: searchSeconds * 1000,
            now: Date.now,
            onProgress: (share, message) => report('search', share, message),
          }),
        );

  const withSimpleModels = origins !== null;
  const numFits = numCandidateFits(plan, constraints, withSimpleModels) + (search === null ? 0 : plan.numFolds);
  const meter = createWorkMeter(numFits, (share, done) => report('cross-validation', share, `fit ${done} of ${numFits}`));
  const candidates = await stopwatch.time('cross-validation', () =>
    fitCandidates(
      pool,
      data,
      plan,
      {
        catalogue,
        settingsOf: (fold) => search?.folds[fold]?.chosen ?? usual,
        monotoneAllowance,
        withSimpleModels,
        wantsFittedMargins: withSimpleModels,
      },
      meter,
    ),
  );
  const { served, servedConstraints: monotoneConstraints } = candidates;
  const usualRocAuc = async (): Promise<SearchStudy['usualRocAuc']> => {
    const fits = await fitFolds(pool, plan, { settingsOf: () => usual, monotoneConstraints }, meter);
    return rocAucInterval(labels, calibrateAcrossFolds(gatherMargins(labels.length, fits), labels, plan).margins);
  };
  const searchStudy =
    search === null || searchSeconds === null
      ? null
      : await stopwatch.time('cross-validation', async () =>
          describeSearch(search, searchSeconds, { nestedRocAuc: rocAucInterval(labels, served.margins), usualRocAuc: await usualRocAuc() }),
        );

  report('final-fit', 0, '');
  const hyperParameters = search?.final.chosen ?? usual;
  const final = await stopwatch.time('final-fit', async () =>
    fitFinalModel(
      pool,
      labels,
      served,
      { hyperParameters, monotoneConstraints, numRounds: await roundsOf(pool, search, candidates, hyperParameters) },
      (share, message) => report('final-fit', share, message),
    ),
  );

  const studies =
    origins === null
      ? null
      : await studyModel(pool, { data, origins, catalogue, candidates, hyperParameters, timed: stopwatch.time }, (share, message) =>
          report('studies', share, message),
        );
  return { served, final, hyperParameters, monotoneConstraints, studies: studies === null ? null : { ...studies, search: searchStudy } };
};

/** The folds' own rounds, unless a search gave each of them settings of its own. */
const roundsOf = async (
  pool: FitPool,
  search: NestedSearch | null,
  { served, servedConstraints }: Candidates,
  hyperParameters: HyperParameters,
): Promise<number> =>
  finalRounds(
    search === null ? served.bestRounds : await roundsOnInnerSplits(pool, served, { hyperParameters, monotoneConstraints: servedConstraints }),
    finalRoundsFactor,
  );
