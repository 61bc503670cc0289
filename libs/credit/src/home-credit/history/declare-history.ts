import type { Unit } from '@lisible/contracts';
import {
  categorySentences,
  formatOf,
  say,
  type FeatureDraft,
  type HistoryFieldDefinition,
  type MonotoneDirection,
  type NotApplicable,
  type SentenceTemplates,
  type ValueFormat,
} from '../../catalogue/index.ts';
import type { HistoryQuery } from '../../lender/index.ts';
import {
  capitalise,
  changeSentences,
  lengthSentences,
  levelSentences,
  recencySentences,
  withoutArticle,
  type Gender,
  type Pair,
} from './history-sentences.ts';
import { themeOf, type HistoryReasonCode } from './reason-groups.ts';

/**
 * What kind of number a history field is; unit, range, format and sentences follow from it. `share` is 0..1, `percentage` may
 * pass 100 %, `span` is a length of time in years, `recency` the years since an event, `change` a later number less an
 * earlier one (worse when positive), `flag` 0 or 1.
 */
export type HistoryKind = 'count' | 'amount' | 'share' | 'percentage' | 'days' | 'months' | 'span' | 'recency' | 'change' | 'share-change' | 'flag';

interface KindRules {
  readonly unit: Unit;
  readonly decimals: number;
  readonly min: number | null;
  readonly max: number;
  readonly sentences: (label: Pair, silent: Pair, subject: Pair, gender: Gender) => SentenceTemplates;
}

/** Amounts beyond are refused by the tables' checks; sums of them stay below what a decimal holds exactly. */
export const LARGEST_AMOUNT = 1e11;
const LARGEST_SUM = 1e15;
const LARGEST_COUNT = 1e6;
const LONGEST_DAYS = 45_000;
const LONGEST_YEARS = 123;

const kinds: Readonly<Record<HistoryKind, KindRules>> = {
  count: { unit: 'count', decimals: 0, min: 0, max: LARGEST_COUNT, sentences: levelSentences },
  amount: { unit: 'currency', decimals: 0, min: 0, max: LARGEST_SUM, sentences: levelSentences },
  share: { unit: 'share', decimals: 1, min: 0, max: 1, sentences: levelSentences },
  percentage: { unit: 'share', decimals: 1, min: 0, max: 1e6, sentences: levelSentences },
  days: { unit: 'days', decimals: 1, min: 0, max: LONGEST_DAYS, sentences: lengthSentences },
  months: { unit: 'months', decimals: 1, min: 0, max: LONGEST_YEARS * 12, sentences: lengthSentences },
  span: { unit: 'years', decimals: 1, min: 0, max: LONGEST_YEARS, sentences: lengthSentences },
  recency: { unit: 'years', decimals: 1, min: 0, max: LONGEST_YEARS, sentences: recencySentences },
  change: { unit: 'count', decimals: 0, min: -LARGEST_COUNT, max: LARGEST_COUNT, sentences: changeSentences },
  'share-change': { unit: 'share', decimals: 1, min: -1e6, max: 1e6, sentences: changeSentences },
  flag: { unit: 'none', decimals: 0, min: 0, max: 1, sentences: (label) => categorySentences(label) },
};

/** One number of a client's past: its SQL and its words in one place. */
export interface HistoryWords {
  readonly name: string;
  readonly kind: HistoryKind;
  /** Gender of the French words; the thing measured with its article, in French and English; of a `recency`, the event. */
  readonly is: readonly [gender: Gender, fr: string, en: string];
  /** The full definition, where the label does not say it all. */
  readonly means?: Pair;
  /** Aggregate over the query's rows of one client; NULL where it cannot be told. */
  readonly sql: string;
  readonly code: HistoryReasonCode;
  readonly risk?: MonotoneDirection;
  readonly max?: number;
  readonly decimals?: number;
  readonly notApplicable?: readonly NotApplicable[];
}

export interface HistoryItem {
  readonly field: HistoryFieldDefinition;
  readonly feature: FeatureDraft;
  readonly sql: string;
}

const itself = (value: number): number => value;

const sentenceOf = (text: string): string => `${text}.`;

const labelOf = ({ kind, is: [, fr, en] }: HistoryWords): Pair => {
  if (kind === 'recency') return [`Temps écoulé depuis ${fr}`, `Time since ${en}`];
  return kind === 'flag' ? [capitalise(fr), capitalise(en)] : [withoutArticle(fr), withoutArticle(en)];
};

/** @param silent how it is said that the tables tell nothing, e.g. « Le fichier de crédit ne le dit pas » */
export const declareHistory = (tables: readonly string[], silent: Pair, words: readonly HistoryWords[]): readonly HistoryItem[] =>
  words.map((item): HistoryItem => {
    const { name, is, kind, code } = item;
    const { unit, min, max, sentences, ...rules } = kinds[kind];
    const label = labelOf(item);
    const shared = {
      name,
      label: say(...label),
      definition: say(...(item.means ?? [sentenceOf(label[0]), sentenceOf(label[1])])),
      theme: themeOf(code),
      unit,
    };
    const format: ValueFormat =
      kind === 'flag' ? { kind: 'boolean', decimals: 0, categories: null } : formatOf(unit, item.decimals ?? rules.decimals);
    return {
      field: { ...shared, range: { min, max: item.max ?? max }, tables },
      feature: {
        ...shared,
        derivedFrom: [name],
        reasonCode: code,
        monotoneDirection: item.risk ?? null,
        format,
        sentences: sentences(label, silent, [is[1], is[2]], is[0]),
        ...(item.notApplicable === undefined ? {} : { notApplicable: item.notApplicable }),
        compute: itself,
      },
      sql: item.sql,
    };
  });

/** « does not apply »: the client never had the thing that this other feature counts. */
export const where = (feature: string, value: number, fr: string, en: string): NotApplicable => ({ feature, value, statement: say(fr, en) });

/** One row a client: the items' aggregates over `rows`, which select at least the client's key. */
export const historyQuery = (
  tables: readonly string[],
  items: readonly HistoryItem[],
  rows: (source: (table: string) => string) => string,
): HistoryQuery => ({
  tables,
  fields: items.map(({ field }) => field.name),
  sql: (source) => `select
  cast(SK_ID_CURR as varchar) as "clientId",
${items.map(({ field, sql }) => `  cast(${sql} as double) as "${field.name}"`).join(',\n')}
from (${rows(source)}) as client_rows
group by SK_ID_CURR`,
});
