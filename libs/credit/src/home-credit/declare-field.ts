import type { LocalizedText, Theme, Unit } from '@lisible/contracts';
import {
  say,
  type CategoryDefinition,
  type FeatureDraft,
  type FieldDefinition,
  type MonotoneDirection,
  type NotApplicable,
  type SentenceTemplates,
  type ValueFormat,
} from '../catalogue/index.ts';
import { categorySentences, comparisonSentences } from './sentences.ts';

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

interface Words {
  readonly name: string;
  readonly column: string;
  /** French, English. */
  readonly label: readonly [string, string];
  readonly definition: readonly [string, string];
  readonly theme: Theme;
  /** Group of the feature that codes this field. */
  readonly reasonCode: string;
  readonly isRequired?: boolean;
  readonly isImportant?: boolean;
  readonly isActionable?: boolean;
  readonly protection?: LocalizedText;
  readonly monotoneDirection?: MonotoneDirection;
  readonly sentences?: SentenceTemplates;
  readonly notApplicable?: readonly NotApplicable[];
}

const fieldOf = (
  words: Words,
  rest: Pick<FieldDefinition, 'type' | 'unit'> & Partial<Pick<FieldDefinition, 'range' | 'categories' | 'notBefore'>>,
): FieldDefinition => ({
  name: words.name,
  label: say(...words.label),
  definition: say(...words.definition),
  theme: words.theme,
  unit: rest.unit,
  type: rest.type,
  purpose: words.protection === undefined ? 'credit-assessment' : 'fairness-measurement',
  isRequired: words.isRequired ?? false,
  isImportant: words.isImportant ?? false,
  protection: words.protection ?? null,
  isContact: false,
  isActionable: words.isActionable ?? false,
  monotoneDirection: words.monotoneDirection ?? null,
  range: rest.range ?? null,
  categories: rest.categories ?? null,
  notBefore: rest.notBefore ?? null,
});

const itself = (value: number): number => value;

const codingFeature = (words: Words, field: FieldDefinition, format: ValueFormat, sentences: SentenceTemplates): FeatureDraft => ({
  name: field.name,
  label: field.label,
  definition: field.definition,
  theme: field.theme,
  unit: field.unit,
  derivedFrom: [field.name],
  reasonCode: words.reasonCode,
  monotoneDirection: field.monotoneDirection,
  format,
  sentences: words.sentences ?? sentences,
  ...(words.notApplicable === undefined ? {} : { notApplicable: words.notApplicable }),
  compute: itself,
});

const formatKinds = {
  none: 'number',
  currency: 'currency',
  years: 'years',
  days: 'days',
  months: 'months',
  count: 'integer',
  share: 'share',
  score: 'score',
  hour: 'hour',
  'square-metres-normalised': 'number',
} as const satisfies Record<Unit, ValueFormat['kind']>;

/** How a number in this unit is written unless a feature says otherwise. */
export const formatOf = (unit: Unit, decimals: number): ValueFormat => ({ kind: formatKinds[unit], decimals, categories: null });

export interface NumberWords extends Words {
  readonly unit: Unit;
  readonly min: number | null;
  readonly max: number | null;
  readonly isWhole?: boolean;
  readonly decimals?: number;
}

export const numberField = (words: NumberWords): HomeCreditField => {
  const field = fieldOf(words, { type: words.isWhole === true ? 'integer' : 'number', unit: words.unit, range: { min: words.min, max: words.max } });
  return {
    field,
    column: { name: words.column, conversion: 'number', isOptional: false },
    rawCategories: new Map(),
    feature: codingFeature(words, field, formatOf(words.unit, words.decimals ?? 0), comparisonSentences(words.label)),
  };
};

export const booleanField = (words: Words & { readonly conversion?: 'flag' | 'yes-no' }): HomeCreditField => {
  const field = fieldOf(words, { type: 'boolean', unit: 'none' });
  return {
    field,
    column: { name: words.column, conversion: words.conversion ?? 'flag', isOptional: false },
    rawCategories: new Map(),
    feature: codingFeature(words, field, { kind: 'boolean', decimals: 0, categories: null }, categorySentences(words.label)),
  };
};

/** The source's word, the value in an application, its labels, and the category whose code it takes if not its own. */
export type CategoryWords = readonly [raw: string, value: string, fr: string, en: string, codedAs?: string];

export const categoryField = (words: Words & { readonly categories: readonly CategoryWords[] }): HomeCreditField => {
  const categories = words.categories.map(([, value, fr, en, codedAs]): CategoryDefinition => ({
    value,
    label: say(fr, en),
    ...(codedAs === undefined ? {} : { codedAs }),
  }));
  const field = fieldOf(words, { type: 'category', unit: 'none', categories });
  return {
    field,
    column: { name: words.column, conversion: 'category', isOptional: false },
    rawCategories: new Map(words.categories.map(([raw, value]) => [raw, value])),
    feature: codingFeature(words, field, { kind: 'category', decimals: 0, categories }, categorySentences(words.label)),
  };
};

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
