/** A candidate of the scorecard: one value a row. */
export interface ScorecardColumn {
  readonly featureName: string;
  /** One number a row, NaN where missing; for `category` a code, equal codes being the same category. */
  readonly values: ArrayLike<number>;
  readonly kind: 'number' | 'category';
  /**
   * Which way the default rate must move from bin to bin as the value grows; `either` takes the better of the two directions,
   * `free` lets bins go up and down. Of no effect on categories, which have no order of their own.
   */
  readonly trend: 'increases-risk' | 'decreases-risk' | 'either' | 'free';
}

export interface ScorecardOptions {
  /** Bins a feature at most, the missing bin apart; at least 2. */
  readonly maxBins: number;
  /** Equal-count bins that the optimal programme merges; at least `maxBins`. */
  readonly maxPrebins: number;
  /** Least share of the rows that a bin may hold, 0..0.5. */
  readonly minShareOfRows: number;
  /** Least number of defaulted and of repaid rows that a bin may hold; at least 1. */
  readonly minRowsOfClass: number;
  /** Features below this information value are left out. */
  readonly minInformationValue: number;
  /** A feature whose WoE correlates more than this with that of a stronger feature already in is left out, 0..1. */
  readonly maxCorrelation: number;
  /** A feature stays when Wald's test of its coefficient is at most this, 0..1; 1 asks nothing. */
  readonly maxPValue: number;
  /** Features in the scorecard at most. */
  readonly maxFeatures: number;
  /** Ridge penalty λ/2·Σβ² on the coefficients of WoE, the intercept spared; ≥ 0. */
  readonly lambdaL2: number;
  /** Points that double the odds of repayment (PDO). */
  readonly pointsToDoubleOdds: number;
  /** Total of points at `baseOdds`. */
  readonly baseScore: number;
  /** Repaid for one defaulted, at `baseScore`. */
  readonly baseOdds: number;
}

export const defaultScorecardOptions: ScorecardOptions = {
  maxBins: 6,
  maxPrebins: 20,
  minShareOfRows: 0.05,
  minRowsOfClass: 20,
  minInformationValue: 0.02,
  maxCorrelation: 0.8,
  maxPValue: 0.05,
  maxFeatures: 30,
  lambdaL2: 0,
  pointsToDoubleOdds: 20,
  baseScore: 600,
  baseOdds: 50,
};

/** Which values fall into a bin. JSON-safe: null stands for an open end. */
export type BinMembers =
  /** lower ≤ value < upper. */
  | { readonly kind: 'interval'; readonly lower: number | null; readonly upper: number | null }
  | { readonly kind: 'categories'; readonly codes: readonly number[] }
  | { readonly kind: 'missing' };

/** What a bin holds and says. */
export interface Bin {
  readonly members: BinMembers;
  readonly rows: number;
  readonly defaults: number;
  readonly shareOfRows: number;
  /** 0..1; null of a bin without rows. */
  readonly defaultRate: number | null;
  /**
   * Weight of evidence, ln(share of all repaid rows / share of all defaulted rows) of the bin: above 0 it is safer than the
   * portfolio, below 0 riskier (Siddiqi, 2006; optbinning). 0 for a missing bin too thin to judge.
   */
  readonly woe: number;
  /** Its part of the feature's information value, (share of repaid − share of defaulted) · WoE; ≥ 0. */
  readonly informationValue: number;
}

/** A feature cut into bins. The missing bin is always there, last, even without rows; a code never seen has WoE 0. */
export interface Binning {
  readonly bins: readonly Bin[];
  readonly informationValue: number;
}

export interface ScorecardBin extends Bin {
  /** Points that the bin earns, unrounded; more is safer. */
  readonly points: number;
}

export interface ScorecardFeature {
  readonly featureName: string;
  /** Column in the matrix. */
  readonly position: number;
  readonly kind: 'number' | 'category';
  /** Intervals from low to high, or categories from safe to risky; then the missing bin. */
  readonly bins: readonly ScorecardBin[];
  readonly informationValue: number;
  /** Of WoE on the log-odds of default: negative, since a higher WoE is safer. */
  readonly coefficient: number;
  readonly standardError: number;
}

/** Why a candidate is not in the scorecard. */
export type ScorecardRejection = 'one-bin' | 'information-value-too-low' | 'correlated' | 'sign-not-expected' | 'not-significant' | 'no-place-left';

/** A logistic regression on the weights of evidence of binned features, with points: plain JSON data. */
export interface Scorecard {
  /** Every column that it was fitted on, in the order that `scorecardMargins` expects. */
  readonly columnNames: readonly string[];
  readonly rows: number;
  readonly defaults: number;
  /** Of the log-odds of default. */
  readonly intercept: number;
  readonly interceptStandardError: number;
  /** By information value, strongest first. */
  readonly features: readonly ScorecardFeature[];
  readonly rejected: readonly { readonly featureName: string; readonly informationValue: number; readonly reason: ScorecardRejection }[];
  readonly pointsToDoubleOdds: number;
  readonly baseScore: number;
  readonly baseOdds: number;
}
