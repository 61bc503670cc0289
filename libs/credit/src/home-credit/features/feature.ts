/** How a feature of several fields is written down, and the small statistics that these features are made of. */
import type { Theme, Unit } from '@lisible/contracts';
import {
  say,
  type FeatureDraft,
  type FeatureFunction,
  type MonotoneDirection,
  type NotApplicable,
  type SentenceTemplates,
  type ValueFormat,
} from '../../catalogue/index.ts';
import { formatOf } from '../declare-field.ts';
import { comparisonSentences } from '../sentences.ts';

interface FeatureWords {
  readonly name: string;
  readonly label: readonly [string, string];
  readonly definition: readonly [string, string];
  readonly theme: Theme;
  readonly unit: Unit;
  readonly decimals?: number;
  readonly format?: ValueFormat;
  readonly from: readonly string[];
  readonly reasonCode: string;
  readonly monotoneDirection?: MonotoneDirection;
  readonly sentences?: SentenceTemplates;
  readonly notApplicable?: readonly NotApplicable[];
  readonly compute: FeatureFunction;
}

export const feature = (words: FeatureWords): FeatureDraft => ({
  name: words.name,
  label: say(...words.label),
  definition: say(...words.definition),
  theme: words.theme,
  unit: words.unit,
  derivedFrom: words.from,
  reasonCode: words.reasonCode,
  monotoneDirection: words.monotoneDirection ?? null,
  format: words.format ?? formatOf(words.unit, words.decimals ?? 0),
  sentences: words.sentences ?? comparisonSentences(words.label),
  ...(words.notApplicable === undefined ? {} : { notApplicable: words.notApplicable }),
  compute: words.compute,
});

export const isKnown = (value: number): boolean => !Number.isNaN(value);
/** NaN when nothing is known; otherwise a statistic of what is. */
export const overKnown =
  (statistic: (known: readonly number[]) => number): FeatureFunction =>
  (...values) => {
    const known = values.filter(isKnown);
    return known.length === 0 ? Number.NaN : statistic(known);
  };
export const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
export const mean = (values: readonly number[]): number => total(values) / values.length;
export const ratio: FeatureFunction = (numerator = Number.NaN, denominator = Number.NaN) => numerator / denominator;
export const difference: FeatureFunction = (left = Number.NaN, right = Number.NaN) => left - right;
export const countMissing: FeatureFunction = (...values) => values.length - values.filter(isKnown).length;
