import type { ApexOptions } from 'apexcharts';
import type { ChartSpec, HistogramChart, SeriesChart, SignedBarsChart, Tone } from './chart-spec.ts';

/** Resolved colours of the theme in force: SVG attributes cannot read the tokens themselves. */
export interface ChartColours {
  readonly ink: string;
  readonly raises: string;
  readonly lowers: string;
  readonly approved: string;
  readonly referred: string;
  readonly declined: string;
  readonly surface: string;
  readonly inkSoft: string;
  readonly line: string;
  readonly fontFamily: string;
}

export interface DrawnChart {
  readonly type: 'bar' | 'line';
  readonly height: number;
  readonly series: { name: string; data: (number | null)[] | { x: string; y: number | null; fillColor?: string }[] }[];
  readonly options: ApexOptions;
}

/** Breaks a label into lines of about `width` characters, never inside a word. */
export const wrapLabel = (label: string, width: number): string[] =>
  label.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    return last !== undefined && last.length + word.length < width ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);

const leastBarHeight = 58;
const lineHeight = 18;

const drawSignedBars = (chart: SignedBarsChart, colours: ChartColours, widthPx: number, isMotionReduced: boolean): DrawnChart => {
  const isNarrow = widthPx < 400;
  const labels = chart.bars.map(({ label, value }) => [...wrapLabel(label, isNarrow ? 15 : 22), chart.format(value)]);
  // Bars are equally apart, so the longest label sets the distance.
  const barHeight = Math.max(leastBarHeight, ...labels.map((lines) => (lines.length + 0.75) * lineHeight));
  const values = chart.bars.map(({ value }) => value);
  const greatest = Math.max(...values, 0);
  const least = Math.min(...values, 0);
  return {
    type: 'bar',
    height: chart.bars.length * barHeight + 12,
    series: [{ name: chart.valueHeading, data: values }],
    options: {
      chart: {
        type: 'bar',
        background: 'transparent',
        fontFamily: colours.fontFamily,
        toolbar: { show: false },
        zoom: { enabled: false },
        animations: { enabled: !isMotionReduced, speed: 300 },
        parentHeightOffset: 0,
        redrawOnParentResize: true,
      },
      plotOptions: { bar: { horizontal: true, barHeight: '46%', borderRadius: 3, borderRadiusApplication: 'end', distributed: true } },
      colors: values.map((value) => (value < 0 ? colours.lowers : colours.raises)),
      // The figure stands in the label, where it fits at any width.
      dataLabels: { enabled: false },
      legend: { show: false },
      tooltip: { enabled: false },
      states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
      grid: { show: false, padding: { left: 18, right: 4, top: -20, bottom: -12 } },
      annotations: { xaxis: [{ x: 0, borderColor: colours.ink, strokeDashArray: 0, borderWidth: 2 }] },
      xaxis: {
        categories: labels,
        // Only as far as the bars reach; every figure stands in its label, so the axis needs none.
        min: least === 0 ? 0 : least - 0.04 * (greatest - least),
        max: greatest === 0 ? 0 : greatest + 0.04 * (greatest - least),
        labels: { show: false },
        axisBorder: { show: false },
        axisTicks: { show: false },
      },
      yaxis: { labels: { maxWidth: isNarrow ? 140 : 220, style: { colors: colours.ink, fontSize: '14px' } } },
    },
  };
};

const seriesHeight = 240;

/** Pixels that a letter of a label takes, and the air beside a label. */
const letterWidth = 6.5;
const labelAir = 14;
/** Of the figures beside the vertical axis. */
const axisWidth = 60;

/** Every so many categories a label, so that none is cut at this width. */
const labelEvery = (categories: readonly string[], widthPx: number): number => {
  const room = Math.max(...categories.map(({ length }) => length)) * letterWidth + labelAir;
  const places = Math.max(1, Math.floor((widthPx - axisWidth) / room));
  return Math.max(1, Math.ceil(categories.length / places));
};

/** Ticks are whole: « 15 » where a value is written « 15,0 ». */
const withoutZero = (text: string): string => text.replace(/[.,]0(?!\d)/u, '');

/** Half of the first label lies left of its bar, and left of the axis where the figures beside that are short. */
const firstLabelAir = ([first = '']: readonly string[]): number => Math.max(12, (first.length * letterWidth) / 2 - axisWidth / 2);

/**
 * Beside bars the engine keeps half of the widest label free on the right, whichever label that is. The last one that is shown needs only what it reaches
 * beyond the last bar: the rest is taken back.
 */
const lastLabelAir = (categories: readonly string[], widthPx: number): number => {
  const every = labelEvery(categories, widthPx);
  const last = Math.floor((categories.length - 1) / every) * every;
  const shown = categories.filter((_, index) => index % every === 0);
  const half = (Math.max(0, ...shown.map(({ length }) => length)) * letterWidth) / 2;
  const barsBeyond = ((categories.length - last - 0.5) * (widthPx - axisWidth)) / Math.max(1, categories.length);
  return Math.max(16, half - barsBeyond) - half;
};

/** What is written along the axis. */
const shownAlong = ({ categories, axisLabels }: SeriesChart | HistogramChart): readonly string[] => axisLabels ?? categories;

/** As high as anything is drawn: bars of a histogram stand on each other. */
const greatestOf = (chart: SeriesChart | HistogramChart): number => {
  if (chart.kind === 'histogram')
    return Math.max(0, ...chart.categories.map((_, bin) => chart.series.reduce((sum, { values }) => sum + (values[bin] ?? 0), 0)));
  const ends = chart.intervals?.map((interval) => interval?.upper ?? 0) ?? [];
  return Math.max(0, ...ends, ...chart.series.flatMap(({ values }) => values.map((value) => value ?? 0)));
};

/** Steps that a reader counts in, each times a power of ten; the figures beside the axis are whole. */
const readableSteps = [1, 2, 2.5, 5, 10];

/** The lowest top that whole readable steps lead to and that nothing drawn is above. */
const topOf = (greatest: number): { readonly max: number; readonly tickAmount: number } => {
  const tops = [3, 4, 2].flatMap((tickAmount) => {
    const power = 10 ** Math.floor(Math.log10(Math.max(1, greatest / tickAmount)));
    return readableSteps
      .map((step) => step * power)
      .filter((step) => Number.isInteger(step) && step * tickAmount >= greatest)
      .map((step) => ({ max: step * tickAmount, tickAmount }));
  });
  return tops.reduce((lowest, top) => (top.max < lowest.max ? top : lowest));
};

/** What all charts along an order share: no toolbar, no tooltip (the table says it all), quiet lines. */
const alongAnOrder = (chart: SeriesChart | HistogramChart, colours: ChartColours, widthPx: number, isMotionReduced: boolean): ApexOptions => ({
  chart: {
    type: chart.kind === 'lines' ? 'line' : 'bar',
    stacked: chart.kind === 'histogram',
    background: 'transparent',
    fontFamily: colours.fontFamily,
    foreColor: colours.inkSoft,
    toolbar: { show: false },
    zoom: { enabled: false },
    animations: { enabled: !isMotionReduced, speed: 300 },
    parentHeightOffset: 0,
    redrawOnParentResize: true,
  },
  dataLabels: { enabled: false },
  legend: {
    show: chart.series.length > 1,
    position: 'top',
    horizontalAlign: 'left',
    fontSize: '13px',
    labels: { colors: colours.ink },
    markers: { offsetX: -4 },
    itemMargin: { horizontal: 8 },
    offsetX: -4,
    onItemClick: { toggleDataSeries: false },
  },
  tooltip: { enabled: false },
  states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
  grid: {
    borderColor: colours.line,
    strokeDashArray: 0,
    padding: {
      left: firstLabelAir(shownAlong(chart)),
      right: chart.kind === 'lines' ? 24 : lastLabelAir(shownAlong(chart), widthPx),
      top: 0,
      bottom: 0,
    },
  },
  yaxis: {
    min: 0,
    ...topOf(greatestOf(chart)),
    decimalsInFloat: 0,
    labels: { formatter: (value: number) => withoutZero(chart.format(Math.round(value))), style: { colors: colours.inkSoft, fontSize: '12px' } },
  },
});

const alongAxis = (labels: readonly string[], colours: ChartColours): ApexXAxis => ({
  categories: [...labels],
  labels: { rotate: 0, hideOverlappingLabels: false, style: { fontSize: '12px', colors: labels.map(() => colours.inkSoft) } },
  axisBorder: { color: colours.inkSoft },
  axisTicks: { show: false },
  tooltip: { enabled: false },
});

const colourOf = (tone: Tone, colours: ChartColours): string => (tone === 'plain' ? colours.inkSoft : colours[tone]);

/**
 * Marks are found by their label: those that are not shown are told apart by signs without width, a few of them, since the engine measures the label
 * with the most signs.
 */
const withoutWidth = ['\u200b', '\u200c', '\u200d', '\u2060'] as const;
const hiddenLabel = (index: number): string => index.toString(withoutWidth.length).replaceAll(/\d/gu, (digit) => withoutWidth[Number(digit)] ?? '');

const drawHistogram = (chart: HistogramChart, colours: ChartColours, widthPx: number, isMotionReduced: boolean): DrawnChart => {
  const every = labelEvery(shownAlong(chart), widthPx);
  const labels = shownAlong(chart).map((label, index) => (index % every === 0 ? label : hiddenLabel(index)));
  const marked = new Set(chart.marks.map(({ bin }) => bin));
  const isAlone = chart.series.length === 1;
  return {
    type: 'bar',
    height: seriesHeight,
    series: chart.series.map(({ label, values }) => ({
      name: label,
      data: values.map((value, index) => ({ x: labels[index] ?? '', y: value, ...(isAlone && marked.has(index) ? { fillColor: colours.ink } : {}) })),
    })),
    options: {
      ...alongAnOrder(chart, colours, widthPx, isMotionReduced),
      colors: chart.series.map(({ tone }) => colourOf(tone, colours)),
      // Neighbours told apart without colour, too.
      stroke: { width: 1, colors: [colours.surface] },
      fill: {
        type: chart.series.map(({ tone }) => (tone === 'referred' ? 'pattern' : 'solid')),
        pattern: { style: 'slantedLines', width: 5, height: 5, strokeWidth: 3 },
      },
      plotOptions: { bar: { columnWidth: '100%', borderRadius: 0 } },
      annotations: {
        xaxis: chart.marks.map(({ bin, label }) => ({
          x: labels[bin] ?? '',
          borderColor: colours.ink,
          strokeDashArray: isAlone ? 0 : 4,
          borderWidth: isAlone ? 0 : 2,
          label: {
            text: label,
            orientation: 'horizontal',
            position: 'top',
            offsetY: -6,
            borderWidth: 0,
            textAnchor: bin > chart.categories.length * 0.8 ? 'end' : bin < chart.categories.length * 0.2 ? 'start' : 'middle',
            style: { background: 'transparent', color: colours.ink, fontSize: '13px', fontWeight: 700 },
          },
        })),
      },
      xaxis: alongAxis(labels, colours),
    },
  };
};

/** A bar with a stroke at either end of its interval. */
const withInterval = (x: string, y: number | null, interval: { readonly lower: number; readonly upper: number } | null, { ink }: ChartColours) => ({
  x,
  y,
  goals:
    interval === null
      ? []
      : [interval.lower, interval.upper].map((value) => ({ name: '', value, strokeColor: ink, strokeHeight: 2, strokeWidth: 8 })),
});

const drawSeries = (chart: SeriesChart, colours: ChartColours, widthPx: number, isMotionReduced: boolean): DrawnChart => {
  const every = labelEvery(shownAlong(chart), widthPx);
  const isLines = chart.kind === 'lines';
  // The second series is a measure for the first: a limit, what was paid.
  const palette = isLines ? [colours.lowers, colours.inkSoft] : chart.series.length > 1 ? [colours.inkSoft, colours.lowers] : [colours.raises];
  const dates = shownAlong(chart).map((label, index) => (index % every === 0 ? label : ''));
  return {
    type: isLines ? 'line' : 'bar',
    height: seriesHeight,
    series: chart.series.map(({ label, values }) => ({
      name: label,
      data:
        chart.intervals === undefined
          ? [...values]
          : values.map((value, index) => withInterval(dates[index] ?? '', value, chart.intervals?.[index] ?? null, colours)),
    })),
    options: {
      ...alongAnOrder(chart, colours, widthPx, isMotionReduced),
      colors: palette,
      // Told apart without colour, too.
      stroke: isLines ? { width: [3, 2], curve: 'straight', dashArray: [0, 6] } : { width: 0 },
      markers: { size: isLines && chart.categories.length < 13 ? 4 : 0, strokeWidth: 0 },
      plotOptions: { bar: { columnWidth: '70%', borderRadius: 2, borderRadiusApplication: 'end' } },
      xaxis: alongAxis(dates, colours),
    },
  };
};

/** How the chart engine draws a chart in a box `widthPx` wide. */
export const drawChart = (chart: ChartSpec, colours: ChartColours, widthPx: number, isMotionReduced: boolean): DrawnChart => {
  switch (chart.kind) {
    case 'signed-bars':
      return drawSignedBars(chart, colours, widthPx, isMotionReduced);
    case 'histogram':
      return drawHistogram(chart, colours, widthPx, isMotionReduced);
    case 'lines':
    case 'bars':
      return drawSeries(chart, colours, widthPx, isMotionReduced);
  }
};
