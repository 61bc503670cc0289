import type { LocalizedText, Theme, Unit } from '@lisible/contracts';
import type { CategoryDefinition, FieldDefinition, MonotoneDirection, NotApplicable, SentenceTemplates, ValueFormat } from './catalogue.ts';
import { say, type FeatureDraft } from './define-catalogue.ts';
import { categorySentences, comparisonSentences, type Pair } from './sentences.ts';

/** What a declaration says of a field, whatever its type. */
export interface FieldWords {
  readonly name: string;
  readonly label: Pair;
  readonly definition: Pair;
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

/** A field and the feature that is its plain coding. */
export interface DeclaredField {
  readonly field: FieldDefinition;
  readonly feature: FeatureDraft;
}

export const fieldOf = (
  words: FieldWords,
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

export const codingFeature = (words: FieldWords, field: FieldDefinition, format: ValueFormat, sentences: SentenceTemplates): FeatureDraft => ({
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

export interface NumberWords extends FieldWords {
  readonly unit: Unit;
  readonly min: number | null;
  readonly max: number | null;
  readonly isWhole?: boolean;
  readonly decimals?: number;
}

export const declareNumber = (words: NumberWords): DeclaredField => {
  const field = fieldOf(words, { type: words.isWhole === true ? 'integer' : 'number', unit: words.unit, range: { min: words.min, max: words.max } });
  return { field, feature: codingFeature(words, field, formatOf(words.unit, words.decimals ?? 0), comparisonSentences(words.label)) };
};

export const declareBoolean = (words: FieldWords): DeclaredField => {
  const field = fieldOf(words, { type: 'boolean', unit: 'none' });
  return { field, feature: codingFeature(words, field, { kind: 'boolean', decimals: 0, categories: null }, categorySentences(words.label)) };
};

export const declareCategory = (words: FieldWords & { readonly categories: readonly CategoryDefinition[] }): DeclaredField => {
  const { categories } = words;
  const field = fieldOf(words, { type: 'category', unit: 'none', categories });
  return { field, feature: codingFeature(words, field, { kind: 'category', decimals: 0, categories }, categorySentences(words.label)) };
};
