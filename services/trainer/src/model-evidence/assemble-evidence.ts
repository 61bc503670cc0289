import { modelEvidenceSchema } from '@lisible/contracts';
import type { LocalizedText, ModelEvidence } from '@lisible/contracts';
import { wilsonInterval } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { checkClaims } from './check-claims.ts';
import { compareCandidates } from './compare-candidates.ts';
import { describeDependence, describeImportance, describeInteractions } from './describe-behaviour.ts';
import { describeScorecard } from './describe-scorecard.ts';
import type { EvidenceInputs } from './evidence-inputs.ts';
import { featureWords } from './feature-words.ts';
import { houseBounds } from './house-bounds.ts';
import { fairnessByAttribute } from './measure-fairness.ts';
import { measurePolicy } from './measure-policy.ts';
import { measureCalibration, measureCost, measureDiscrimination } from './measure-quality.ts';
import { measureStability, spanOf, whyNoMonths } from './measure-stability.ts';
import { writeDataSheet } from './write-data-sheet.ts';

/** Shown of the features that rank best by themselves. */
const maxSingleFeatures = 20;

/**
 * All that is known of a model version, from its studies: pure, seeded by the training's own seed, a few seconds of work on tens of
 * thousands of rows, some hundred kilobytes as JSON. What comes out has passed `modelEvidenceSchema`: no NaN, no infinity.
 * @throws RangeError without a served candidate; ZodError where a number is none; StatisticsError for rows of one class
 */
export const assembleEvidence = (inputs: EvidenceInputs): ModelEvidence => {
  const { studies, labels, matrix, model, catalogue, about, policy, policyInputs, currency, manifest } = inputs;
  const served = studies.candidates.find(({ isServed }) => isServed);
  if (served === undefined) throw new RangeError('no candidate is the served model');
  const words = featureWords(catalogue, currency);
  const { decisionThreshold } = policy;
  const defaulted = labels.reduce((sum, label) => sum + label, 0);
  const importance = describeImportance(studies.attributions, catalogue, studies.seed);
  const noMonths = whyNoMonths(spanOf(studies.submittedAtMs));
  const measured: Omit<ModelEvidence, 'checks'> = {
    evidenceVersion: 1,
    modelName: manifest.modelName,
    modelVersion: manifest.modelVersion,
    createdAt: manifest.createdAt,
    sample: { rows: labels.length, defaulted, defaultRate: wilsonInterval(defaulted, labels.length), folds: studies.numFolds, seed: studies.seed },
    served: { numTrees: manifest.numTrees, numFeatures: studies.featureNames.length, hyperParameters: manifest.hyperParameters },
    discrimination: measureDiscrimination(labels, served),
    calibration: measureCalibration(labels, served, studies.folds, decisionThreshold),
    cost: measureCost(labels, served.probabilities, studies.folds, studies.numFolds, policy, studies.seed),
    policyEffect: measurePolicy(policy, labels, served.probabilities, policyInputs),
    candidates: compareCandidates(labels, studies.candidates, served, policy),
    servedChoice: {
      ...studies.servedChoice,
      increasing: [...studies.servedChoice.increasing],
      decreasing: [...studies.servedChoice.decreasing],
    },
    scorecard: studies.scorecard === null ? null : describeScorecard(studies.scorecard, words),
    search: describeSearch(studies.search),
    importance,
    dependence: describeDependence(studies.attributions, importance, words),
    interactions: describeInteractions(model, matrix, studies.featureNames, importance, studies.seed),
    stability: measureStability(labels, served, studies, decisionThreshold),
    learningCurve: studies.learningCurve.map(({ rows, rocAuc, trainRocAuc, logLoss }) => ({ rows: Math.round(rows), rocAuc, trainRocAuc, logLoss })),
    ablations: describeAblations(studies.ablations, catalogue),
    leakChecks: {
      checks: studies.leaks.checks.map((check) => ({ ...check })),
      singleFeatures: studies.leaks.singleFeatures.slice(0, maxSingleFeatures).map((entry) => ({ ...entry })),
      singleFeatureBound: studies.leaks.singleFeatureBound,
      suspects: [...studies.leaks.suspects],
      plausibleRocAuc: inputs.snapshot.source === 'synthetic' ? null : about.plausibleRocAuc,
      clients: studies.leaks.clients,
      clientsInSeveralFolds: studies.leaks.clientsInSeveralFolds,
      duplicateRowsAcrossFolds: studies.leaks.duplicateRowsAcrossFolds,
    },
    fairness: [...fairnessByAttribute(labels, served.probabilities, studies, decisionThreshold)],
    fairnessBound: houseBounds.approvalRatio.min,
    dataSheet: writeDataSheet(inputs, words),
    timings: studies.timings.map((timing) => ({ ...timing })),
    notMeasured: [...(noMonths === null ? [] : [noMonths]), ...studies.skipped.map(({ study, reason }) => ({ study, reason: inBoth(reason) }))],
  };
  return modelEvidenceSchema.parse({ ...measured, checks: checkClaims(measured) });
};

const inBoth = (reason: string | LocalizedText): LocalizedText => (typeof reason === 'string' ? { fr: reason, en: reason } : reason);

const describeSearch = (search: EvidenceInputs['studies']['search']): ModelEvidence['search'] =>
  search === null
    ? null
    : {
        budgetSeconds: search.budgetSeconds,
        seconds: search.seconds,
        space: search.space.map((dimension) => ({ ...dimension })),
        trials: search.trials.map(({ hyperParameters, innerLogLoss, isChosen }) => ({ settings: { ...hyperParameters }, innerLogLoss, isChosen })),
        nestedRocAuc: search.nestedRocAuc,
        usualRocAuc: search.usualRocAuc,
      };

const describeAblations = (ablations: EvidenceInputs['studies']['ablations'], { reasonGroups }: Catalogue): ModelEvidence['ablations'] =>
  ablations === null
    ? null
    : {
        judgedRows: ablations.judgedRows,
        folds: [...ablations.folds],
        rocAuc: ablations.rocAuc,
        groups: ablations.ablations.map(({ kind, group, featureNames, rocAucChange, logLossChange }) => ({
          kind,
          group,
          label: reasonGroups.find(({ code }) => code === group)?.label ?? { fr: group, en: group },
          numFeatures: featureNames.length,
          rocAucChange,
          logLossChange,
        })),
      };
