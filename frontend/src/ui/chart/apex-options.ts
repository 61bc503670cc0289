import type { ApexOptions } from 'apexcharts';
import type { ChartSpec, SignedBarsChart } from './chart-spec.ts';

/** Resolved colours of the theme in force: SVG attributes cannot read the tokens themselves. */
export interface ChartColours {
  readonly ink: string;
  readonly inkSoft: string;
  readonly line: string;
  readonly raises: string;
  readonly lowers: string;
  readonly fontFamily: string;
}

export interface DrawnChart {
  readonly type: 'bar';
  readonly height: number;
  readonly series: { name: string; data: number[] }[];
  readonly options: ApexOptions;
}

/** Breaks a label into lines of about `width` characters, never inside a word. */
export const wrapLabel = (label: string, width: number): string[] =>
  label.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    return last !== undefined && last.length + word.length < width ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);

const barHeight = 58;

const drawSignedBars = (chart: SignedBarsChart, colours: ChartColours, widthPx: number, isMotionReduced: boolean): DrawnChart => {
  const isNarrow = widthPx < 520;
  const reach = Math.max(...chart.bars.map(({ value }) => Math.abs(value)), Number.EPSILON);
  const hasNegative = chart.bars.some(({ value }) => value < 0);
  const hasPositive = chart.bars.some(({ value }) => value > 0);
  return {
    type: 'bar',
    height: chart.bars.length * barHeight + 30,
    series: [{ name: chart.valueHeading, data: chart.bars.map(({ value }) => value) }],
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
      colors: chart.bars.map(({ value }) => (value < 0 ? colours.lowers : colours.raises)),
      // The figure stands in the label, where it fits at any width.
      dataLabels: { enabled: false },
      legend: { show: false },
      tooltip: { enabled: false },
      states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
      grid: { borderColor: colours.line, strokeDashArray: 3, xaxis: { lines: { show: true } }, yaxis: { lines: { show: false } }, padding: { left: 4, right: 12, top: -16, bottom: -4 } },
      annotations: { xaxis: [{ x: 0, borderColor: colours.ink, strokeDashArray: 0, borderWidth: 2 }] },
      xaxis: {
        categories: chart.bars.map(({ label, value }) => [...wrapLabel(label, isNarrow ? 15 : 28), chart.format(value)]),
        min: hasNegative ? -reach * 1.08 : 0,
        max: hasPositive ? reach * 1.08 : 0,
        tickAmount: isNarrow ? 2 : 4,
        labels: { style: { colors: colours.inkSoft, fontSize: '13px' }, formatter: (value: string) => chart.format(Number(value)) },
        axisBorder: { show: false },
        axisTicks: { show: false },
      },
      yaxis: { labels: { maxWidth: isNarrow ? 130 : 260, style: { colors: colours.ink, fontSize: '14px' } } },
    },
  };
};

/** How the chart engine draws a chart in a box `widthPx` wide. */
export const drawChart = (chart: ChartSpec, colours: ChartColours, widthPx: number, isMotionReduced: boolean): DrawnChart =>
  drawSignedBars(chart, colours, widthPx, isMotionReduced);
