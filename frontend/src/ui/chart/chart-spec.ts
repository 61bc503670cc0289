/** Signed quantities side by side: right of zero raises the risk, left of zero lowers it. */
export interface SignedBarsChart {
  readonly kind: 'signed-bars';
  /** What is shown, as a phrase without a full stop. */
  readonly title: string;
  /** Headings of the table's two columns. */
  readonly categoryHeading: string;
  readonly valueHeading: string;
  readonly bars: readonly { readonly label: string; readonly value: number }[];
  /** Writes a value for a person; chart, sentence and table all use it. */
  readonly format: (value: number) => string;
}

/** Everything a chart is: plain arrays and words. Another way of drawing is another member of this union. */
export type ChartSpec = SignedBarsChart;

export interface ChartTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Words of the language in force that the sentence is built with. */
export interface SentenceWords {
  /** « Label : value » */
  readonly labelled: (label: string, value: string) => string;
  /** The whole sentence around the joined items. */
  readonly sentence: (title: string, items: string) => string;
  readonly separator: string;
}

/** The chart's figures as a table, in the chart's order. */
export const chartTable = (chart: ChartSpec): ChartTable => ({
  headings: [chart.categoryHeading, chart.valueHeading],
  rows: chart.bars.map(({ label, value }) => [label, chart.format(value)]),
});

/** The chart's figures as one sentence, in the chart's order. */
export const chartSentence = (chart: ChartSpec, words: SentenceWords): string =>
  words.sentence(chart.title, chart.bars.map(({ label, value }) => words.labelled(label, chart.format(value))).join(words.separator));
