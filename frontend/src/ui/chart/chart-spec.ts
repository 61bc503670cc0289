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

/** Quantities along an order, such as months: `lines` for what lasts, `bars` for what happens. */
export interface SeriesChart {
  readonly kind: 'lines' | 'bars';
  readonly title: string;
  /** Heading of the table's first column. */
  readonly categoryHeading: string;
  readonly categories: readonly string[];
  /** A value a category; null where nothing is known, which is drawn as a gap. */
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  readonly format: (value: number) => string;
  /** Bars that share their place because only one of them is known there; side by side otherwise. */
  readonly isStacked?: boolean;
}

/** Everything a chart is: plain arrays and words. Another way of drawing is another member of this union. */
export type ChartSpec = SignedBarsChart | SeriesChart;

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
  /** Of a series: its first, last and greatest known value, each with its category. */
  readonly course: (course: Course) => string;
  /** A value that is not known, in the table. */
  readonly unknown: string;
}

/** What a sentence says of a series: all of it would be a table. */
export interface Course {
  readonly label: string;
  readonly first: string;
  readonly firstAt: string;
  readonly last: string;
  readonly lastAt: string;
  readonly most: string;
  readonly mostAt: string;
}

/** The chart's figures as a table, in the chart's order. */
export const chartTable = (chart: ChartSpec, unknown: string): ChartTable =>
  chart.kind === 'signed-bars'
    ? { headings: [chart.categoryHeading, chart.valueHeading], rows: chart.bars.map(({ label, value }) => [label, chart.format(value)]) }
    : {
        headings: [chart.categoryHeading, ...chart.series.map(({ label }) => label)],
        rows: chart.categories.map((category, index) => [
          category,
          ...chart.series.map(({ values }) => {
            const value = values[index] ?? null;
            return value === null ? unknown : chart.format(value);
          }),
        ]),
      };

const courseOf = (chart: SeriesChart, { label, values }: SeriesChart['series'][number]): Course | null => {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, at: chart.categories[index] ?? '' }]));
  const [first, last] = [known.at(0), known.at(-1)];
  if (first === undefined || last === undefined) return null;
  const most = known.reduce((greatest, one) => (one.value > greatest.value ? one : greatest), first);
  return {
    label,
    first: chart.format(first.value),
    firstAt: first.at,
    last: chart.format(last.value),
    lastAt: last.at,
    most: chart.format(most.value),
    mostAt: most.at,
  };
};

/** The chart's figures as one sentence, in the chart's order; of a series, where it begins and ends and its summit. */
export const chartSentence = (chart: ChartSpec, words: SentenceWords): string =>
  words.sentence(
    chart.title,
    (chart.kind === 'signed-bars'
      ? chart.bars.map(({ label, value }) => words.labelled(label, chart.format(value)))
      : chart.series.flatMap((series) => {
          const course = courseOf(chart, series);
          return course === null ? [] : [words.course(course)];
        })
    ).join(words.separator),
  );
