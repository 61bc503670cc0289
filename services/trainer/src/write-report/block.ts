import type { Plot } from './plot.ts';

/** A table: the first column names its row. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

/** How a claim stands: within its bounds, undecided or outside; `plain` claims nothing. */
export type Tone = 'plain' | 'good' | 'open' | 'bad';

export type Block =
  | { readonly kind: 'claim'; readonly tone: Tone; readonly text: string }
  | { readonly kind: 'prose'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'table'; readonly table: Table }
  | FigureBlock;

/** Sentence, plot and table of the same numbers. Several plots share one table and stand side by side. */
export interface FigureBlock {
  readonly kind: 'figure';
  /** Unique in the report. */
  readonly id: string;
  readonly title: string;
  /** Method, and number of rows behind it. */
  readonly caption: string;
  readonly plots: readonly { readonly title: string; readonly description: string; readonly plot: Plot }[];
  readonly table: Table | null;
}

export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export const claim = (text: string, tone: Tone = 'plain'): Block => ({ kind: 'claim', tone, text });
export const prose = (text: string): Block => ({ kind: 'prose', text });
export const heading = (text: string): Block => ({ kind: 'heading', text });
export const tableBlock = (table: Table): Block => ({ kind: 'table', table });
export const listBlock = (items: readonly string[]): Block => ({ kind: 'list', items });

/** Columns of a table: names first, then numbers unless said otherwise. */
export const columns = (first: string, ...others: readonly string[]): Table['columns'] => [
  { title: first, isNumber: false },
  ...others.map((title) => ({ title, isNumber: true })),
];

/** At most `most` of the items, evenly chosen, the first and the last among them. */
export const evenly = <T>(items: readonly T[], most: number): readonly T[] =>
  items.length <= most
    ? items
    : Array.from({ length: most }, (_, index) => items[Math.round((index * (items.length - 1)) / (most - 1))]).filter((item) => item !== undefined);
