import type { LocalizedText, Theme, Unit } from '@lisible/contracts';
import type { LoanReading } from '../simulation/index.ts';

/** What a field may be used for; a field without a purpose has no place in an application. */
export type Purpose = 'identification' | 'credit-assessment' | 'policy-rule' | 'fairness-measurement';

/** Which way the risk of default moves when the value grows, where credit sense demands one way. */
export type MonotoneDirection = 'increases-risk' | 'decreases-risk';

export interface CategoryDefinition {
  /** What stands in the application's JSON. */
  readonly value: string;
  readonly label: LocalizedText;
  /** Another category whose code this one takes in features, so that a protected trait does not enter through it. */
  readonly codedAs?: string;
}

/** Allowed values, ends included; null where open. */
export interface AllowedRange {
  readonly min: number | null;
  readonly max: number | null;
}

export interface FieldDefinition {
  /** Business name in camelCase, e.g. `incomeAmount`. */
  readonly name: string;
  readonly label: LocalizedText;
  readonly definition: LocalizedText;
  readonly theme: Theme;
  readonly unit: Unit;
  readonly type: 'number' | 'integer' | 'boolean' | 'category' | 'date' | 'text';
  readonly purpose: Purpose;
  /** An application without it is refused. */
  readonly isRequired: boolean;
  /** Its absence is worth a data-quality note, though not a refusal. */
  readonly isImportant: boolean;
  /** Why the model may not see it (law, policy of the lender); null when it may. */
  readonly protection: LocalizedText | null;
  /** Names, addresses: they identify the client and assess nothing. */
  readonly isContact: boolean;
  /** Whether the client can change it within months. */
  readonly isActionable: boolean;
  readonly monotoneDirection: MonotoneDirection | null;
  /** Numbers: the value itself. Texts: the length. Dates: days before submission. */
  readonly range: AllowedRange | null;
  /** In declared order: the position of a category is its code in features (from 0). */
  readonly categories: readonly CategoryDefinition[] | null;
  /** A date that may not come before this other date field (employment before birth). */
  readonly notBefore: string | null;
}

/**
 * A number about a client's past that the lender's history tables yield, one a client; NaN where it cannot be told. It reaches
 * people and the model through features only.
 */
export interface HistoryFieldDefinition {
  /** Business name in camelCase, apart from every field's. */
  readonly name: string;
  readonly label: LocalizedText;
  readonly definition: LocalizedText;
  readonly theme: Theme;
  readonly unit: Unit;
  readonly range: AllowedRange | null;
  /** Every raw table that it needs: it is learnt from when all of them are. */
  readonly tables: readonly string[];
}

/** What a client's past says, by name of the history field; null and absence both mean that it cannot be told. */
export type HistoryRow = Readonly<Record<string, number | null>>;

/** How a feature's value is written for a person. */
export interface ValueFormat {
  readonly kind: 'number' | 'score' | 'integer' | 'share' | 'currency' | 'days' | 'months' | 'years' | 'hour' | 'boolean' | 'category';
  /** Decimals shown at most, exactly so many for `score`; of the percentage for `share`. */
  readonly decimals: number;
  /** For `category`: the value is a position in this list. */
  readonly categories: readonly CategoryDefinition[] | null;
}

/**
 * Whole sentences about one feature of one client, beside the typical value of clients approved near the threshold.
 * `{value}` and `{typical}` stand for the two formatted values. `higher`, `lower` hold both; `same` holds
 * `{value}`; `missing` (the client's value is absent) holds neither, or `{typical}`.
 */
export interface SentenceTemplates {
  readonly higher: LocalizedText;
  readonly lower: LocalizedText;
  readonly same: LocalizedText;
  readonly missing: LocalizedText;
}

/** A reason for a feature to have no value that is no gap in the file: no car has no age. */
export interface NotApplicable {
  /** Holds when this other feature has this value. */
  readonly feature: string;
  readonly value: number;
  /** A whole sentence in place of `missing`. */
  readonly statement: LocalizedText;
}

/**
 * Computes a feature from the numerically coded fields named in `derivedFrom`, in that order, and from nothing else.
 * Coding: numbers as they are; booleans 0/1; categories by position; dates as whole days before submission;
 * `submittedAt` as whole hours since 1970 in UTC; missing as NaN. The result is NaN when it cannot be told.
 */
export type FeatureFunction = (...inputs: number[]) => number;

export interface FeatureDefinition {
  readonly name: string;
  readonly label: LocalizedText;
  readonly definition: LocalizedText;
  readonly theme: Theme;
  readonly unit: Unit;
  /** Fields, history fields (or `submittedAt`) that `compute` reads, in its argument order. */
  readonly derivedFrom: readonly string[];
  /** A code of `Catalogue.reasonGroups`: features that share one are told as one reason. */
  readonly reasonCode: string;
  /** Derived from a protected field; such a feature never enters the model. */
  readonly isProtected: boolean;
  readonly monotoneDirection: MonotoneDirection | null;
  readonly format: ValueFormat;
  readonly sentences: SentenceTemplates;
  /** The first that holds is said when the client's value is absent. */
  readonly notApplicable?: readonly NotApplicable[];
  readonly compute: FeatureFunction;
}

export interface ReasonGroup {
  /** Stable, e.g. `EXTERNAL_SCORES`. */
  readonly code: string;
  readonly label: LocalizedText;
}

/** A claim or ratio that declared rules may read; booleans are computed as 0/1. */
export interface PolicyInputDefinition {
  readonly name: string;
  readonly label: LocalizedText;
  readonly type: 'number' | 'boolean';
  readonly derivedFrom: readonly string[];
  readonly compute: FeatureFunction;
}

/** Everything that one lender's data means: a second lender is a second catalogue. */
export interface Catalogue {
  readonly name: string;
  /** Changes whenever a field, a feature or a meaning does. */
  readonly version: string;
  readonly themes: readonly { readonly theme: Theme; readonly label: LocalizedText }[];
  readonly fields: readonly FieldDefinition[];
  /** Empty for a lender without history tables. */
  readonly historyFields: readonly HistoryFieldDefinition[];
  readonly features: readonly FeatureDefinition[];
  readonly reasonGroups: readonly ReasonGroup[];
  readonly policyInputs: readonly PolicyInputDefinition[];
  /** Words that source systems write where they know nothing (`XNA`): taken as missing, with a note. */
  readonly missingMarkers: readonly string[];
  /** Contact fields that make up the name shown for a client, in order. */
  readonly displayNameFields: readonly string[];
  /** How amount, instalment and term hang together; absent where no loan can be simulated. */
  readonly loan?: LoanReading;
}
