/** CHANGE WHAT A MODEL IS HELD TO HERE. Each claim of the report stands beside its bound, whichever way it ends. */
export const houseBounds = {
  /** ROC AUC beyond that of the best single feature. */
  rocAucGain: { min: 0.01, max: null },
  calibrationSlope: { min: 0.95, max: 1.05 },
  /** Ten bins of equal count. */
  expectedCalibrationError: { min: null, max: 0.01 },
  /** In the riskiest decile and around the threshold. */
  observedToExpected: { min: 0.9, max: 1.1 },
  /** Cost at the threshold fixed beforehand over the optimum in hindsight. */
  costAhead: { min: null, max: 1.02 },
  /** The scorecard's ROC AUC less the served model's: a complex model must earn its complexity. */
  scorecardAdvantage: { min: null, max: 0 },
  /** ROC AUC of a ranking that should tell nothing. */
  silentRanking: { min: 0.47, max: 0.53 },
  sharedClients: { min: null, max: 0 },
  /** Four-fifths rule (29 CFR 1607.4 D), of approval rates. */
  approvalRatio: { min: 0.8, max: null },
  /** Observed over expected within a protected group. */
  withinGroups: { min: 0.8, max: 1.25 },
} as const satisfies Record<string, Bounds>;

export interface Bounds {
  readonly min: number | null;
  readonly max: number | null;
}

/** What counts as around the threshold: a quarter of it to either side. */
export const aroundThreshold = (threshold: number): { readonly from: number; readonly to: number } => ({
  from: 0.75 * threshold,
  to: Math.min(1, 1.25 * threshold),
});

/** Labelled rows must span this many days before anything is said of stability over time. */
export const minDaysForMonths = 90;
