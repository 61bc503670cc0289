import type { Catalogue } from '@lisible/credit';
import type { HyperParameters } from '@lisible/tree-ensemble';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import type { Candidates } from '../train-model/candidates.ts';
import type { LabelledMatrix } from '../train-model/fold-plan.ts';
import { createWorkMeter } from '../train-model/work-meter.ts';
import type { WorkMeter } from '../train-model/work-meter.ts';
import { ablate, featureGroups, numAblationFits } from './ablations.ts';
import { attributeSample } from './attributions.ts';
import { checkLeaks } from './leaks.ts';
import type { RowOrigins } from './leaks.ts';
import { learningCurve } from './learning-curve.ts';
import type { ModelStudies, ProtectedAttribute, SkippedStudy } from './model-studies.ts';
import { measurePredictability, planPredictability } from './protected-predictability.ts';
import { repeatWithSeeds } from './repeat-with-seeds.ts';
import { protectedHyperParameters, quickened, studySettings } from './study-settings.ts';
import { isForData, whyNot } from './why-not.ts';

export interface StudyOrder {
  readonly data: LabelledMatrix;
  readonly origins: RowOrigins & { readonly protectedAttributes: readonly ProtectedAttribute[] };
  readonly catalogue: Catalogue;
  readonly candidates: Candidates;
  /** Of the final model. */
  readonly hyperParameters: HyperParameters;
  /** Runs a part of the work and keeps how long it took. */
  readonly timed: <T>(part: string, work: () => Promise<T>) => Promise<T>;
}

/**
 * Everything that is worth knowing about a model and can be learnt from its own data: other seeds, fewer rows, fewer features, leaks,
 * protected attributes, attributions. A study that the data are too few for is left out, with the reason.
 */
export const studyModel = async (
  pool: FitPool,
  { data, origins, catalogue, candidates, hyperParameters, timed }: StudyOrder,
  onProgress: (share: number, message: string) => void,
): Promise<Omit<ModelStudies, 'search' | 'timings'>> => {
  const { labels, featureNames } = data;
  const { served, servedConstraints: monotoneConstraints } = candidates;
  const groups = featureGroups(catalogue, featureNames);
  const predictability = {
    hyperParameters: protectedHyperParameters,
    maxRows: studySettings.protectedRows,
    numFolds: studySettings.protectedFolds,
    minGroupRows: studySettings.protectedGroupRows,
    seed: served.seed,
  };
  const protectedPlan = planPredictability(origins.protectedAttributes, predictability);
  const ablationSettings = { groups, hyperParameters: quickened(hyperParameters), monotoneConstraints, numFolds: studySettings.ablationFolds };

  const skipped: SkippedStudy[] = [...candidates.skipped];
  const attempt = async <T>(study: string, otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await timed(study, work);
    } catch (error) {
      if (!isForData(error)) throw error;
      skipped.push({ study, reason: whyNot(error) });
      return otherwise;
    }
  };

  // In fits of the served model's size, as measured on the shared extract; the parts below are in the order of the work.
  const shareOf = weigh([
    ['seeds', studySettings.numExtraSeeds * served.numFolds],
    ['learning-curve', studySettings.learningShares.reduce((sum, share) => sum + share + 0.12, 0) * served.numFolds],
    ['ablations', numAblationFits(ablationSettings) * 0.5],
    ['protected-attributes', protectedPlan.tasks.length * studySettings.protectedFolds * 0.22],
    ['attributions', 0.5],
    ['leaks', 0.5],
  ]);
  const meterOf = (part: Parameters<typeof shareOf>[0], numFits: number, words: string): WorkMeter =>
    createWorkMeter(numFits, (share, done) => {
      const { start, length } = shareOf(part);
      onProgress(start + share * length, `study: ${words}, ${done} of ${numFits} fits`);
    });

  const seeds = await attempt('seeds', [], () =>
    repeatWithSeeds(
      pool,
      labels,
      served,
      { hyperParameters, monotoneConstraints, numExtraSeeds: studySettings.numExtraSeeds },
      meterOf('seeds', studySettings.numExtraSeeds * served.numFolds, 'other seeds'),
    ),
  );
  const curve = await attempt('learning-curve', [], () =>
    learningCurve(
      pool,
      labels,
      served,
      { hyperParameters, monotoneConstraints, shares: studySettings.learningShares },
      meterOf('learning-curve', studySettings.learningShares.length * served.numFolds, 'fewer rows'),
    ),
  );
  const ablations = await attempt('ablations', null, async () =>
    groups.length === 0
      ? null
      : ablate(pool, data, served, ablationSettings, meterOf('ablations', numAblationFits(ablationSettings), 'fewer features')),
  );
  const protectedPredictability = await attempt('protected-attributes', [], () =>
    measurePredictability(
      pool,
      protectedPlan,
      predictability,
      meterOf('protected-attributes', protectedPlan.tasks.length * predictability.numFolds, 'protected attributes'),
    ),
  );
  onProgress(shareOf('attributions').start, 'study: attributions');
  const attributions = await timed('attributions', async () => attributeSample(data, served, studySettings.attributedRows));
  onProgress(shareOf('leaks').start, 'study: leaks');
  const leaks = await timed('leaks', async () => checkLeaks(data, served.folds, origins, studySettings));

  return {
    seed: served.seed,
    numFolds: served.numFolds,
    folds: served.folds,
    featureNames,
    hyperParameters,
    candidates: candidates.candidates,
    servedChoice: candidates.servedChoice,
    scorecard: candidates.scorecard,
    seeds,
    learningCurve: curve,
    ablations,
    leaks,
    protectedAttributes: origins.protectedAttributes,
    protectedPredictability,
    attributions,
    submittedAtMs: origins.submittedAtMs,
    skipped,
  };
};

/** Where each part begins on the whole, and how much of it it is, 0..1, by weight and in order. */
const weigh = <Part extends string>(weights: readonly (readonly [Part, number])[]): ((part: Part) => { start: number; length: number }) => {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return (wanted) => {
    const position = weights.findIndex(([part]) => part === wanted);
    const before = weights.slice(0, position).reduce((sum, [, weight]) => sum + weight, 0);
    return { start: before / total, length: (weights[position]?.[1] ?? 0) / total };
  };
};
