import { compareRocAuc } from '@lisible/credit';
import type { Catalogue, Scorecard, ScorecardColumn } from '@lisible/credit';
import { logit, sigmoid } from '@lisible/tree-ensemble';
import type { HyperParameters } from '@lisible/tree-ensemble';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import type { CandidateModel, OutOfFold, ServedChoice, SkippedStudy } from '../model-studies/model-studies.ts';
import { isForData, whyNot } from '../model-studies/why-not.ts';
import { crossValidate } from './cross-validate.ts';
import type { CrossValidation } from './cross-validate.ts';
import { calibrateAcrossFolds, gatherMargins } from './fit-folds.ts';
import { allFolds, rowsWhere } from './fold-plan.ts';
import type { FoldPlan, LabelledMatrix } from './fold-plan.ts';
import type { WorkMeter } from './work-meter.ts';

export interface Candidates {
  readonly candidates: readonly CandidateModel[];
  /** Of the boosted model that is served. */
  readonly served: CrossValidation;
  readonly servedConstraints: Int8Array | null;
  readonly servedChoice: ServedChoice;
  /** On all rows; null where it could not be fitted. */
  readonly scorecard: Scorecard | null;
  readonly skipped: readonly SkippedStudy[];
}

export interface CandidateSettings {
  readonly catalogue: Catalogue;
  readonly settingsOf: (fold: number) => HyperParameters;
  readonly monotoneAllowance: number;
  /** Without them only the boosted models are fitted: what a training must have to serve a model. */
  readonly withSimpleModels: boolean;
  readonly wantsFittedMargins: boolean;
}

/** The catalogue's directions on the margin of default, +1 or −1, one a feature; null where none is declared. */
export const monotoneConstraintsOf = (catalogue: Catalogue, featureNames: readonly string[]): Int8Array | null => {
  const directions = new Map(catalogue.features.map(({ name, monotoneDirection }) => [name, monotoneDirection]));
  const constraints = Int8Array.from(featureNames, (name) => {
    const direction = directions.get(name) ?? null;
    return direction === null ? 0 : direction === 'increases-risk' ? 1 : -1;
  });
  return constraints.some((constraint) => constraint !== 0) ? constraints : null;
};

/** How many fits `fitCandidates` makes: what its meter must count on. */
export const numCandidateFits = (plan: FoldPlan, constraints: Int8Array | null, withSimpleModels: boolean): number =>
  plan.numFolds * (constraints === null ? 1 : 2) + (withSimpleModels ? plan.numFolds + 1 : 0);

/**
 * Models from simple to complex on the same folds, all calibrated across folds: the constant default rate, a scorecard on weights of
 * evidence, boosted trees without and with the catalogue's directions. Decides which boosted model is served.
 * @throws UnlearnableDataError, StatisticsError where even the boosted trees learn nothing
 */
export const fitCandidates = async (
  pool: FitPool,
  data: LabelledMatrix,
  plan: FoldPlan,
  { catalogue, settingsOf, monotoneAllowance, withSimpleModels, wantsFittedMargins }: CandidateSettings,
  meter: WorkMeter,
): Promise<Candidates> => {
  const constraints = monotoneConstraintsOf(catalogue, data.featureNames);
  // Asked for together, so that no thread waits for the last fold of one before the first of the next.
  const [unconstrained, monotone, simple] = await Promise.all([
    crossValidate(pool, data, plan, { settingsOf, monotoneConstraints: null, wantsFittedMargins }, meter),
    constraints === null ? null : crossValidate(pool, data, plan, { settingsOf, monotoneConstraints: constraints, wantsFittedMargins }, meter),
    withSimpleModels ? crossValidateScorecard(pool, data, plan, scorecardColumnsOf(catalogue, data.featureNames), meter) : null,
  ]);
  const rocAucChange = monotone === null ? null : compareRocAuc(data.labels, monotone.margins, unconstrained.margins).difference;
  const isMonotoneServed = monotone !== null && rocAucChange !== null && rocAucChange.value >= -monotoneAllowance;
  const served = isMonotoneServed ? monotone : unconstrained;
  const heldTo = (direction: number): readonly string[] => data.featureNames.filter((_, feature) => constraints?.[feature] === direction);
  const boosted = (name: CandidateModel['name'], model: CrossValidation): CandidateModel => ({
    name,
    numParameters: meanLeaves(model),
    numFeatures: data.featureNames.length,
    seconds: model.seconds,
    margins: model.margins,
    probabilities: model.probabilities,
    isServed: model === served,
  });
  return {
    candidates: [
      ...(withSimpleModels ? [constantCandidate(data.labels, plan)] : []),
      ...(simple === null || simple.candidate === null ? [] : [simple.candidate]),
      boosted('boosted-unconstrained', unconstrained),
      ...(monotone === null ? [] : [boosted('boosted-monotone', monotone)]),
    ],
    served,
    servedConstraints: isMonotoneServed ? constraints : null,
    servedChoice: {
      served: isMonotoneServed ? 'boosted-monotone' : 'boosted-unconstrained',
      increasing: heldTo(1),
      decreasing: heldTo(-1),
      rocAucChange,
      allowance: monotoneAllowance,
    },
    scorecard: simple?.scorecard ?? null,
    skipped: simple?.skipped ?? [],
  };
};

/** Leaves and the base value of a fold's model, on average. */
const meanLeaves = ({ foldModels }: CrossValidation): number => {
  const leaves = foldModels.flatMap(({ trees }) => trees).reduce((sum, tree) => sum + tree.leftChild.filter((child) => child < 0).length, 0);
  return Math.round(1 + leaves / foldModels.length);
};

/** Everybody has the default rate of the other folds. */
const constantCandidate = (labels: Uint8Array, plan: FoldPlan): CandidateModel => {
  const marginOfFold = allFolds(plan).map((fold) => {
    const others = labels.filter((_, row) => plan.folds[row] !== fold);
    return logit(others.reduce((sum, label) => sum + label, 0) / others.length);
  });
  const margins = Float64Array.from(plan.folds, (fold) => marginOfFold[fold] ?? Number.NaN);
  return { name: 'constant', numParameters: 1, numFeatures: 0, seconds: 0, margins, probabilities: margins.map(sigmoid), isServed: false };
};

/** Categories as such, numbers in order; the catalogue's direction, or whichever way round fits better. */
const scorecardColumnsOf = (catalogue: Catalogue, featureNames: readonly string[]): readonly Omit<ScorecardColumn, 'values'>[] => {
  const features = new Map(catalogue.features.map((feature) => [feature.name, feature]));
  return featureNames.map((featureName) => {
    const feature = features.get(featureName);
    return {
      featureName,
      kind: feature?.format.kind === 'category' ? 'category' : 'number',
      trend: feature?.monotoneDirection ?? 'either',
    };
  });
};

interface SimpleModel {
  readonly candidate: CandidateModel | null;
  readonly scorecard: Scorecard | null;
  readonly skipped: readonly SkippedStudy[];
}

/** Bins, selection and coefficients anew in each fold; the scorecard that is shown is fitted on all rows. */
const crossValidateScorecard = async (
  pool: FitPool,
  { labels }: LabelledMatrix,
  plan: FoldPlan,
  columns: readonly Omit<ScorecardColumn, 'values'>[],
  meter: WorkMeter,
): Promise<SimpleModel> => {
  const fitOn = async (rows: Uint32Array, judgedRows: Uint32Array) => {
    const piece = meter.begin();
    const fit = await pool.fitScorecard({ rows, judgedRows, columns, options: {} });
    piece.done();
    return { ...fit, judgedRows };
  };
  const numRows = labels.length;
  try {
    const [whole, ...fits] = await Promise.all([
      fitOn(
        rowsWhere(numRows, () => true),
        new Uint32Array(0),
      ),
      ...allFolds(plan).map((fold) =>
        fitOn(
          rowsWhere(numRows, (row) => plan.folds[row] !== fold),
          rowsWhere(numRows, (row) => plan.folds[row] === fold),
        ),
      ),
    ]);
    const { margins, probabilities }: OutOfFold = calibrateAcrossFolds(gatherMargins(numRows, fits), labels, plan);
    const { scorecard } = whole;
    const candidate: CandidateModel = {
      name: 'scorecard',
      // A weight of evidence a bin, a coefficient a feature, the intercept.
      numParameters: 1 + scorecard.features.reduce((sum, { bins }) => sum + 1 + bins.length, 0),
      numFeatures: scorecard.features.length,
      seconds: fits.reduce((sum, fit) => sum + fit.seconds, 0),
      margins,
      probabilities,
      isServed: false,
    };
    return { candidate, scorecard, skipped: [] };
  } catch (error) {
    if (!isForData(error)) throw error;
    return { candidate: null, scorecard: null, skipped: [{ study: 'scorecard', reason: whyNot(error) }] };
  }
};
