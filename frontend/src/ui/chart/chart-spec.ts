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
  /** The categories in short, where the axis has no room for them in full. */
  readonly axisLabels?: readonly string[];
  /** A value a category; null where nothing is known, which is drawn as a gap. */
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  /** How far chance may have moved each value of the one series that there is. */
  readonly intervals?: readonly ({ readonly lower: number; readonly upper: number } | null)[];
  readonly format: (value: number) => string;
}

/** What a colour stands for: an outcome, a direction, or nothing but itself. */
export type Tone = 'approved' | 'referred' | 'declined' | 'raises' | 'plain';

/** How many there are in each of neighbouring bins, one series on top of the other. */
export interface HistogramChart {
  readonly kind: 'histogram';
  readonly title: string;
  /** Heading of the table's first column. */
  readonly categoryHeading: string;
  /** The bins in words, each another. */
  readonly categories: readonly string[];
  /** The bins in short, where the axis has no room for them in full. */
  readonly axisLabels?: readonly string[];
  /** A count a bin; null where it is withheld. */
  readonly series: readonly { readonly label: string; readonly tone: Tone; readonly values: readonly (number | null)[] }[];
  /** What lies in a bin: this client, the threshold. */
  readonly marks: readonly { readonly bin: number; readonly label: string }[];
  readonly format: (value: number) => string;
}

/** Everything a chart is: plain arrays and words. Another way of drawing is another member of this union. */
export type ChartSpec = SignedBarsChart | SeriesChart | HistogramChart;

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
  /** Of a histogram's series: all of it, and the fullest bin. */
  readonly spread: (spread: Spread) => string;
}

/** Words of the table. */
export interface TableWords {
  /** A value that is not known. */
  readonly unknown: string;
  /** A value and how far chance may have moved it. */
  readonly interval: (interval: { readonly value: string; readonly lower: string; readonly upper: string }) => string;
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

/** What a sentence says of a series of counts. */
export interface Spread {
  readonly label: string;
  readonly total: string;
  readonly most: string;
  readonly mostAt: string;
}

/** A bin with what is marked in it. */
const markedCategory = ({ categories, marks }: HistogramChart, bin: number): string => {
  const labels = marks.filter((mark) => mark.bin === bin).map(({ label }) => label);
  return labels.length === 0 ? (categories[bin] ?? '') : `${categories[bin] ?? ''} (${labels.join(', ')})`;
};

const cellOf = (chart: SeriesChart | HistogramChart, value: number | null, index: number, words: TableWords): string => {
  if (value === null) return words.unknown;
  const interval = chart.kind === 'histogram' ? null : (chart.intervals?.[index] ?? null);
  return interval === null
    ? chart.format(value)
    : words.interval({ value: chart.format(value), lower: chart.format(interval.lower), upper: chart.format(interval.upper) });
};

/** The chart's figures as a table, in the chart's order. */
export const chartTable = (chart: ChartSpec, words: TableWords): ChartTable =>
  chart.kind === 'signed-bars'
    ? { headings: [chart.categoryHeading, chart.valueHeading], rows: chart.bars.map(({ label, value }) => [label, chart.format(value)]) }
    : {
        headings: [chart.categoryHeading, ...chart.series.map(({ label }) => label)],
        rows: chart.categories.map((category, index) => [
          chart.kind === 'histogram' ? markedCategory(chart, index) : category,
          ...chart.series.map(({ values }) => cellOf(chart, values[index] ?? null, index, words)),
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

const spreadOf = ({ categories, format }: HistogramChart, { label, values }: HistogramChart['series'][number]): Spread | null => {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, at: categories[index] ?? '' }]));
  const [first] = known;
  if (first === undefined) return null;
  const most = known.reduce((greatest, one) => (one.value > greatest.value ? one : greatest), first);
  return { label, total: format(known.reduce((sum, { value }) => sum + value, 0)), most: format(most.value), mostAt: most.at };
};

const itemsOf = (chart: ChartSpec, words: SentenceWords): readonly string[] => {
  switch (chart.kind) {
    case 'signed-bars':
      return chart.bars.map(({ label, value }) => words.labelled(label, chart.format(value)));
    case 'histogram': {
      const spreads = chart.series.map((series) => spreadOf(chart, series)).filter((spread) => spread !== null);
      return [...spreads.map(words.spread), ...chart.marks.map(({ bin, label }) => words.labelled(label, chart.categories[bin] ?? ''))];
    }
    case 'lines':
    case 'bars':
      return chart.series
        .map((series) => courseOf(chart, series))
        .filter((course) => course !== null)
        .map(words.course);
  }
};

/** The chart's figures as one sentence, in the chart's order; of a series, where it begins and ends and its summit. */
export const chartSentence = (chart: ChartSpec, words: SentenceWords): string =>
  words.sentence(chart.title, itemsOf(chart, words).join(words.separator));
