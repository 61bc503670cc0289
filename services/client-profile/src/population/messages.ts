import type { CohortFilter, FieldValue, Policy } from '@lisible/contracts';
import type { FeatureComparison, PairComparison, Withheld } from '@lisible/credit';
import type { ColumnSpec } from './column-specs.ts';

/** What the population is read from: local files of one snapshot, and of the model in force where it was trained on that snapshot. */
export interface PopulationSource {
  readonly snapshotId: string;
  /** ISO 8601. */
  readonly asOf: string;
  readonly applicationsPath: string;
  readonly featuresPath: string | null;
  readonly model: {
    readonly modelVersion: string;
    readonly estimatesPath: string;
    /** Null for a model trained before attributions were kept. */
    readonly attributionsPath: string | null;
  } | null;
  readonly columns: readonly ColumnSpec[];
  readonly displayNameFields: readonly string[];
  readonly privacyFloor: number;
  /** Bytes that the columns may take. */
  readonly maxBytes: number;
}

export interface LoadedPopulation {
  readonly numRows: number;
  readonly numColumns: number;
  /** Of columns, texts and attributions. */
  readonly bytes: number;
  readonly seconds: number;
}

/** The client who is placed; `values` and `attributions` are told for one who is not in the population. */
export interface PlacedValues {
  readonly clientId: string;
  readonly applicationId: string;
  /** By column, NaN where missing. */
  readonly values: Readonly<Record<string, number>> | null;
  /** By reason code, log-odds; null where they are not known. */
  readonly attributions: Readonly<Record<string, number>> | null;
}

export interface CompareRequest {
  readonly cohort: { readonly name: 'everybody' | 'similar' | 'approved' | 'filters'; readonly filters: readonly CohortFilter[] };
  readonly features: readonly string[];
  readonly pair: readonly [string, string] | null;
  readonly client: PlacedValues | null;
  readonly policy: Policy | null;
}

/** A column as it was compared. */
export interface ComparedColumn extends FeatureComparison {
  readonly edges: readonly number[];
  readonly kind: 'values' | 'ranges';
  /** The client's own number; NaN where it is missing, null without a client. */
  readonly value: number | null;
}

export interface ComparedGroup {
  readonly kind: 'compared';
  readonly filters: readonly CohortFilter[];
  readonly groupSize: number;
  readonly populationSize: number;
  /** Null where a protected column plays a part. */
  readonly defaulted: number | null;
  readonly features: readonly ComparedColumn[];
  readonly pair: (PairComparison & { readonly axes: readonly Pick<ComparedColumn, 'name' | 'edges' | 'kind' | 'value'>[] }) | null;
  readonly similar: {
    readonly radius: number;
    readonly modelVersion: string;
    readonly shared: readonly { readonly code: string; readonly mean: number; readonly shareAlike: number }[];
  } | null;
}

export type CompareReply =
  | ComparedGroup
  | { readonly kind: 'withheld'; readonly reason: Withheld; readonly column: string | null }
  /** The client is not in the population: ask again with their values. */
  | { readonly kind: 'client-unknown' }
  | { readonly kind: 'column-unknown' | 'filter-invalid' | 'column-filtered-twice'; readonly column: string }
  | { readonly kind: 'no-estimates' | 'no-attributions' };

export interface GridReply {
  readonly populationSize: number;
  readonly fields: readonly {
    readonly name: string;
    readonly edges: readonly number[] | null;
    readonly answers: readonly (readonly FieldValue[])[] | null;
  }[];
}

export interface ListRequest {
  /** Already a `searchKey`; null matches all. */
  readonly searchKey: string | null;
  readonly filters: readonly CohortFilter[];
  /** `submittedAt` or a column's name. */
  readonly sort: string;
  readonly isDescending: boolean;
  readonly offset: number;
  readonly limit: number;
  /** Rows that come after this place only: a number (NaN where missing) and an identifier; one of that very identifier too where `isIncluded`. */
  readonly after: { readonly value: number; readonly applicationId: string; readonly isIncluded: boolean } | null;
  readonly columns: readonly string[];
}

export interface ListedClient {
  readonly clientId: string;
  readonly applicationId: string;
  readonly displayName: string | null;
  /** ISO 8601. */
  readonly submittedAt: string;
  readonly currency: string;
  readonly creditAmount: number | null;
  readonly annuityAmount: number | null;
  readonly contractType: FieldValue;
  readonly columns: Readonly<Record<string, FieldValue>>;
  /** What the list is sorted by; NaN where it is missing. */
  readonly sortValue: number;
}

export type ListReply =
  | { readonly kind: 'listed'; readonly total: number; readonly items: readonly ListedClient[] }
  | { readonly kind: 'column-unknown' | 'filter-invalid'; readonly column: string };

export interface Replies {
  readonly load: LoadedPopulation;
  readonly compare: CompareReply;
  readonly grid: GridReply;
  readonly list: ListReply;
}

export type ThreadRequest =
  | { readonly id: number; readonly kind: 'load'; readonly content: PopulationSource }
  | { readonly id: number; readonly kind: 'compare'; readonly content: CompareRequest }
  | { readonly id: number; readonly kind: 'grid'; readonly content: null }
  | { readonly id: number; readonly kind: 'list'; readonly content: ListRequest }
  | { readonly id: number; readonly kind: 'stop'; readonly content: null };

export type ThreadReply =
  | { readonly id: number; readonly kind: 'done'; readonly content: Replies[keyof Replies] }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string; readonly stack: string | null };
