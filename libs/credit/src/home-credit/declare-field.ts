import {
  codingFeature,
  comparisonSentences,
  declareBoolean,
  declareCategory,
  declareNumber,
  fieldOf,
  formatOf,
  say,
  type CategoryDefinition,
  type FeatureDraft,
  type FieldDefinition,
  type FieldWords,
  type NumberWords as NumberFieldWords,
} from '../catalogue/index.ts';

export { formatOf } from '../catalogue/index.ts';

/**
 * How a column of the source becomes a field: `relative-days` are whole days before the application (negative),
 * `relative-years` whole years, `flag` is 0/1, `yes-no` is Y/N or Yes/No.
 */
export type ColumnConversion = 'number' | 'flag' | 'yes-no' | 'category' | 'relative-days' | 'text';

/** One field of the lender, the column it comes from and the feature that is its plain coding. */
export interface HomeCreditField {
  readonly field: FieldDefinition;
  /** Column of application_train and application_test; contact columns exist in the synthetic population only. */
  readonly column: { readonly name: string; readonly conversion: ColumnConversion; readonly isOptional: boolean };
  /** The source's words for the field's categories. */
  readonly rawCategories: ReadonlyMap<string, string>;
  readonly feature: FeatureDraft | null;
}

interface Words extends FieldWords {
  readonly column: string;
}

export interface NumberWords extends NumberFieldWords {
  readonly column: string;
}

export const numberField = (words: NumberWords): HomeCreditField => ({
  ...declareNumber(words),
  column: { name: words.column, conversion: 'number', isOptional: false },
  rawCategories: new Map(),
});

export const booleanField = (words: Words & { readonly conversion?: 'flag' | 'yes-no' }): HomeCreditField => ({
  ...declareBoolean(words),
  column: { name: words.column, conversion: words.conversion ?? 'flag', isOptional: false },
  rawCategories: new Map(),
});

/** The source's word, the value in an application, its labels, and the category whose code it takes if not its own. */
export type CategoryWords = readonly [raw: string, value: string, fr: string, en: string, codedAs?: string];

export const categoryField = (words: Words & { readonly categories: readonly CategoryWords[] }): HomeCreditField => ({
  ...declareCategory({
    ...words,
    categories: words.categories.map(([, value, fr, en, codedAs]): CategoryDefinition => ({
      value,
      label: say(fr, en),
      ...(codedAs === undefined ? {} : { codedAs }),
    })),
  }),
  column: { name: words.column, conversion: 'category', isOptional: false },
  rawCategories: new Map(words.categories.map(([raw, value]) => [raw, value])),
});

const DAYS_PER_YEAR = 365.25;
/** No date of a living client lies further back. */
const LONGEST_LIFE_DAYS = 45_000;

/** Days to years of 365.25 days. */
export const toYears = (days: number): number => days / DAYS_PER_YEAR;

/** A date; its feature is the length in years from that date to submission, under a name of its own. */
export const dateField = (
  words: Words & {
    readonly length: { readonly name: string; readonly label: readonly [string, string]; readonly definition: readonly [string, string] };
    readonly notBefore?: string;
  },
): HomeCreditField => {
  const { length } = words;
  // A later date is a shorter length: the direction belongs to the length alone.
  const field = {
    ...fieldOf(words, { type: 'date', unit: 'none', range: { min: 0, max: LONGEST_LIFE_DAYS }, notBefore: words.notBefore ?? null }),
    monotoneDirection: null,
  };
  return {
    field,
    column: { name: words.column, conversion: 'relative-days', isOptional: false },
    rawCategories: new Map(),
    feature: {
      ...codingFeature(words, field, formatOf('years', 1), comparisonSentences(length.label)),
      name: length.name,
      label: say(...length.label),
      definition: say(...length.definition),
      unit: 'years',
      monotoneDirection: words.monotoneDirection ?? null,
      compute: toYears,
    },
  };
};

/**
 * The field without a feature of its own: the dossier shows it and features of several fields may count it, but on its own it tells the
 * model nothing that holds on rows it has not seen (README, « how a feature earns its place »).
 */
export const withoutFeature = (declared: HomeCreditField): HomeCreditField => ({ ...declared, feature: null });

/** Contact data: identifies the client, assesses nothing, has no feature. */
export const contactField = (words: Pick<Words, 'name' | 'column' | 'label' | 'definition'>): HomeCreditField => ({
  field: {
    ...fieldOf({ ...words, theme: 'identity', reasonCode: '' }, { type: 'text', unit: 'none' }),
    purpose: 'identification',
    isContact: true,
    isActionable: true,
  },
  column: { name: words.column, conversion: 'text', isOptional: true },
  rawCategories: new Map(),
  feature: null,
});

/** A claim that declared rules may read and nothing else: it has no feature, so no model ever sees it. */
export const policyField = (words: Pick<Words, 'name' | 'column' | 'label' | 'definition' | 'theme'>): HomeCreditField => ({
  field: { ...fieldOf({ ...words, reasonCode: '' }, { type: 'boolean', unit: 'none' }), purpose: 'policy-rule' },
  column: { name: words.column, conversion: 'flag', isOptional: true },
  rawCategories: new Map(),
  feature: null,
});
