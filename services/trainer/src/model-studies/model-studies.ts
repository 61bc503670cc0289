import type { LocalizedText } from '@lisible/contracts';
import type { Scorecard } from '@lisible/credit';
import type { HyperParameters } from '@lisible/tree-ensemble';

/** Calibrated, cross-fitted estimates, one a labelled row, in the order of the snapshot: probability = sigmoid(margin). */
export interface OutOfFold {
  readonly margins: Float64Array;
  readonly probabilities: Float64Array;
}

/** A value with the bounds of its 95 % confidence interval. */
export interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

export const candidateNames = ['constant', 'scorecard', 'boosted-unconstrained', 'boosted-monotone'] as const;
export type CandidateName = (typeof candidateNames)[number];

/** A model from simple to complex; all of them on the same folds, calibrated in the same way. */
export interface CandidateModel extends OutOfFold {
  readonly name: CandidateName;
  /** Numbers that the model holds: fitted on all rows (constant, scorecard), or its fold models' leaves on average. */
  readonly numParameters: number;
  /** Features that it may use. */
  readonly numFeatures: number;
  /** Processor seconds of its fits on all folds together. */
  readonly seconds: number;
  readonly isServed: boolean;
}

/** Why the served boosted model is the one it is. */
export interface ServedChoice {
  readonly served: 'boosted-unconstrained' | 'boosted-monotone';
  /** Features that the monotone model holds to a direction, by direction on the margin of default. */
  readonly increasing: readonly string[];
  readonly decreasing: readonly string[];
  /** ROC AUC of the monotone model less that of the unconstrained one, paired on the same rows. Null where no feature has a direction. */
  readonly rocAucChange: Interval | null;
  /** The monotone model is served unless it is worse by more than this. */
  readonly allowance: number;
}

/** Cross-validation repeated: folds, inner splits and model all redrawn from `seed`. The first is the training's own seed and folds. */
export interface SeedStudy extends OutOfFold {
  readonly seed: number;
  readonly folds: Uint8Array;
}

/** The same judged rows, models that saw fewer of the others. */
export interface LearningCurvePoint {
  /** Rows that the fitted models saw, on average over the folds. */
  readonly rows: number;
  readonly shareOfRows: number;
  readonly rocAuc: Interval;
  /** On the rows that it was fitted on. */
  readonly trainRocAuc: number;
  readonly logLoss: number;
}

/** What leaving out a group of features costs: paired on the same judged rows, the same folds, seed and settings. */
export interface Ablation {
  readonly kind: 'reason-group' | 'raw-table';
  /** A code of the catalogue's reason groups, or a raw table's name. */
  readonly group: string;
  readonly featureNames: readonly string[];
  /** Without the group less with it: negative where the group earns its place. */
  readonly rocAucChange: Interval;
  /** Without the group less with it: positive where the group earns its place. */
  readonly logLossChange: number;
}

export interface AblationStudy {
  /** Folds that were judged, fewer than the training's to save time. */
  readonly folds: readonly number[];
  readonly judgedRows: number;
  /** Of the model with every feature, on the judged rows. */
  readonly rocAuc: number;
  readonly ablations: readonly Ablation[];
}

/** A ranking by something that should tell nothing: 0.5 within its interval when it does not. */
export interface LeakCheck {
  readonly check: 'identifier' | 'row-order' | 'submission-time';
  /** Null where it cannot be told: identifiers without digits, one submission time. */
  readonly rocAuc: Interval | null;
}

export interface LeakStudy {
  readonly checks: readonly LeakCheck[];
  /** The best features by themselves, best first, either way round, missing values at the median. */
  readonly singleFeatures: readonly { readonly feature: string; readonly rocAuc: number }[];
  /** A feature that ranks this well alone is taken for a proxy of the outcome until shown otherwise. */
  readonly singleFeatureBound: number;
  readonly suspects: readonly string[];
  readonly clients: number;
  /** Clients with several labelled applications that stand in different folds. */
  readonly clientsInSeveralFolds: number;
  /** Rows whose features are, to the bit, those of an earlier row of another fold. */
  readonly duplicateRowsAcrossFolds: number;
}

/** A protected attribute cut into groups; the model sees none of it. */
export interface ProtectedAttribute {
  /** A field of the catalogue. */
  readonly attribute: string;
  readonly label: LocalizedText;
  readonly groups: readonly { readonly group: string; readonly label: LocalizedText; readonly rows: number }[];
  /** By row, the position in `groups`; −1 where unknown. */
  readonly groupOfRow: Int8Array;
}

/** How well the model's inputs tell the groups of a protected attribute: out of fold, one group against the rest. */
export interface ProtectedPredictability {
  readonly attribute: string;
  readonly groups: readonly { readonly group: string; readonly rows: number; readonly rocAuc: Interval }[];
  /** Mean over groups, weighted by their rows. */
  readonly meanRocAuc: number;
  /** Rows that were fitted on and judged: a seeded sample where there are many. */
  readonly rows: number;
  readonly folds: number;
}

/** Exact SHAP values of the served fold models, each row by the model that never saw it: base value + sum = margin. */
export interface AttributionStudy {
  /** Ascending positions of a seeded sample of the labelled rows. */
  readonly rows: Uint32Array;
  readonly featureNames: readonly string[];
  /** Row-major, sampled rows × features, on the calibrated log-odds. */
  readonly shapValues: Float64Array;
  /** Of each sampled row: its fold model's base value. */
  readonly baseValues: Float64Array;
  /** The rows' features, row-major, NaN = missing. */
  readonly featureValues: Float32Array;
}

export interface SearchTrial {
  readonly hyperParameters: HyperParameters;
  /** Log loss on inner splits, averaged over those that were tried. */
  readonly innerLogLoss: number;
  readonly innerSplits: number;
  readonly isChosen: boolean;
}

/** A search judged on inner splits only; the folds' models each had a search of their own, so that `nestedRocAuc` is honest. */
export interface SearchStudy {
  readonly budgetSeconds: number;
  readonly seconds: number;
  readonly space: readonly { readonly name: string; readonly description: string }[];
  /** On all rows, for the final model. */
  readonly trials: readonly SearchTrial[];
  readonly chosen: HyperParameters;
  /** `innerLogLoss`: null where there was no time for a single trial. */
  readonly folds: readonly {
    readonly fold: number;
    readonly trials: number;
    readonly chosen: HyperParameters;
    readonly innerLogLoss: number | null;
  }[];
  /** Out of fold, of models whose settings were searched without the judged fold: what the candidates and the manifest report. */
  readonly nestedRocAuc: Interval;
  /** The same folds with the house's usual settings. */
  readonly usualRocAuc: Interval;
}

/** A study that could not be made, and why: too few rows of a class, one group only. */
export interface SkippedStudy {
  readonly study: string;
  readonly reason: LocalizedText;
}

/** All that a training learns about its model beside the model: what evidence.json is made of. */
export interface ModelStudies {
  readonly seed: number;
  readonly numFolds: number;
  /** Fold that judges each row: the same for every candidate. */
  readonly folds: Uint8Array;
  readonly featureNames: readonly string[];
  readonly hyperParameters: HyperParameters;
  readonly candidates: readonly CandidateModel[];
  readonly servedChoice: ServedChoice;
  /** Fitted on all rows; null where no feature earned a place. */
  readonly scorecard: Scorecard | null;
  readonly seeds: readonly SeedStudy[];
  readonly learningCurve: readonly LearningCurvePoint[];
  readonly ablations: AblationStudy | null;
  readonly leaks: LeakStudy;
  readonly protectedAttributes: readonly ProtectedAttribute[];
  readonly protectedPredictability: readonly ProtectedPredictability[];
  readonly attributions: AttributionStudy;
  readonly search: SearchStudy | null;
  /** Milliseconds since 1970 at which each row's application was submitted: for stability over time. */
  readonly submittedAtMs: Float64Array;
  readonly skipped: readonly SkippedStudy[];
  /** Wall-clock seconds of each part of the work, in the order in which it ran. */
  readonly timings: readonly { readonly part: string; readonly seconds: number }[];
}
