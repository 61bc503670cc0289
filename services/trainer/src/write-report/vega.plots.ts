import type { Language } from '@lisible/contracts';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';
import { escapeHtml } from './html.ts';
import type { Axis, BarsPlot, LinesPlot, Plot, RangesPlot, Reference } from './plot.ts';

/** Okabe and Ito's palette, those of it that stand out from white; series differ by dash and shape too, never by colour alone. */
const looks = [
  { tone: '#0072B2', dash: [1, 0], shape: 'circle' },
  { tone: '#D55E00', dash: [6, 3], shape: 'square' },
  { tone: '#009E73', dash: [2, 2], shape: 'triangle-up' },
  { tone: '#CC79A7', dash: [8, 3, 2, 3], shape: 'diamond' },
  { tone: '#000000', dash: [10, 4], shape: 'cross' },
] as const;
const lookOf = (position: number) => looks[position % looks.length] ?? looks[0];

const ink = '#1f2933';
const quiet = '#6b7780';

type Json = Readonly<Record<string, unknown>>;

const sizes = { full: { width: 600, height: 300 }, small: { width: 270, height: 210 } } as const;
const rowHeight = 24;
const maxLabelWidth = 340;

const narrow = new Set("fijltIr.,;:|!'’()[] \u00a0\u202f·-");
const wide = new Set('mwMW%@—…');

/** Width of a text in a sans-serif type, px; Vega's own guess without a canvas is half as wide again, and cuts labels that would fit. */
const textWidth = (text: string, fontSize: number): number => {
  let ems = 0;
  for (const character of text) ems += narrow.has(character) ? 0.34 : wide.has(character) ? 0.92 : /\p{Lu}/u.test(character) ? 0.7 : 0.58;
  return ems * fontSize;
};

/** Vega's types leave out this setting of vega-scenegraph's. */
const hasWidth = (metrics: unknown): metrics is { width: (item: { readonly fontSize?: number }, text: unknown) => number } =>
  typeof metrics === 'object' && metrics !== null && 'width' in metrics;
const metrics: unknown = Reflect.get(vega, 'textMetrics');
if (hasWidth(metrics)) metrics.width = (item, text) => textWidth(String(text), item.fontSize ?? 11);

const locales: Readonly<Record<Language, Json>> = {
  fr: { decimal: ',', thousands: '\u202f', grouping: [3], currency: ['', '\u00a0€'], percent: '\u00a0%' },
  en: { decimal: '.', thousands: ',', grouping: [3], currency: ['€', ''], percent: '%' },
};

const axisOf = ({ title, format, domain, scale }: Axis, hasZero: boolean): Json => ({
  type: 'quantitative',
  title,
  axis: { format, tickCount: 6 },
  scale: {
    type: scale ?? 'linear',
    ...(scale === 'log' ? {} : { zero: hasZero }),
    nice: domain === undefined,
    ...(domain === undefined ? {} : { domain: [...domain], clamp: true }),
  },
});

const referenceLayers = (references: readonly Reference[], { x, y }: { readonly x: Axis; readonly y?: Axis }): readonly Json[] =>
  references.flatMap(({ kind, at, label }): readonly Json[] => {
    const line = { type: 'rule', color: quiet, strokeDash: [4, 3], clip: true };
    const text = {
      type: 'text',
      color: quiet,
      fontSize: 11,
      align: 'left',
      baseline: kind === 'vertical' ? 'top' : 'bottom',
      dx: 4,
      dy: -2,
      clip: true,
    };
    if (kind === 'diagonal') {
      const ends = [Math.max(x.domain?.[0] ?? 0, y?.domain?.[0] ?? 0), Math.min(x.domain?.[1] ?? 1, y?.domain?.[1] ?? 1)];
      return [
        {
          data: { values: ends.map((end) => ({ x: end, y: end })) },
          mark: { type: 'line', color: quiet, strokeDash: [4, 3], strokeWidth: 1 },
          encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
        },
      ];
    }
    const field = kind === 'vertical' ? 'x' : 'y';
    const data = { values: [{ at, label }] };
    const encoding = { [field]: { field: 'at', type: 'quantitative' } };
    // A vertical line's words stand at the top, a horizontal one's at the left end.
    const place = kind === 'vertical' ? { y: { value: 4 } } : { x: { value: 0 } };
    return [
      { data, mark: line, encoding },
      { data, mark: text, encoding: { ...encoding, ...place, text: { field: 'label' } } },
    ];
  });

/** Looks are literal in the data, so that Vega draws no legend: the report writes one that can be read and printed. */
const literal = (field: string): Json => ({ field, type: 'nominal', scale: null });
const color = literal('tone');

const linesSpec = ({ x, y, series, references = [], zone }: LinesPlot): Json => {
  const values = series.flatMap(({ name, mark, points }, position) =>
    points.map((point, order) => ({ series: name, ...lookOf(position), mark, order, ...point })),
  );
  const xEncoding = { field: 'x', ...axisOf(x, false) };
  const yEncoding = { field: 'y', ...axisOf(y, false) };
  const detail = { field: 'series', type: 'nominal' };
  const order = { field: 'order', type: 'quantitative' };
  const line = { x: xEncoding, y: yEncoding, color, detail, order, strokeDash: literal('dash') };
  const range = { x: xEncoding, y: { ...yEncoding, field: 'lower' }, y2: { field: 'upper' }, color, detail };
  const only = (...marks: readonly string[]): Json => ({ transform: [{ filter: { field: 'mark', oneOf: marks } }] });
  const withInterval = (...marks: readonly string[]): Json => ({
    transform: [{ filter: 'isValid(datum.lower)' }, { filter: { field: 'mark', oneOf: marks } }],
  });
  return {
    data: { values },
    layer: [
      ...(zone === undefined
        ? []
        : [
            {
              data: { values: [zone] },
              mark: { type: 'rect', color: '#E69F00', opacity: 0.22 },
              encoding: { x: { field: 'from', type: 'quantitative' }, x2: { field: 'to' } },
            },
          ]),
      ...referenceLayers(references, { x, y }),
      { ...withInterval('line', 'line-and-points'), mark: { type: 'area', opacity: 0.18, clip: true }, encoding: range },
      { ...withInterval('points'), mark: { type: 'rule', strokeWidth: 1.5, clip: true }, encoding: range },
      { ...only('line', 'line-and-points'), mark: { type: 'line', strokeWidth: 2, clip: true }, encoding: line },
      { ...only('steps'), mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2, clip: true }, encoding: line },
      {
        ...only('points', 'line-and-points'),
        mark: { type: 'point', filled: true, size: 46, opacity: 1, clip: true },
        encoding: { x: xEncoding, y: yEncoding, color, shape: literal('shape') },
      },
    ],
  };
};

const rowAxis = (labels: readonly string[]): Json => ({
  field: 'label',
  type: 'nominal',
  sort: [...labels],
  title: null,
  axis: { labelLimit: maxLabelWidth, ticks: false, domain: false, grid: false },
});

/** Labels and marks share the width of a plot, so that plots of long and of short labels are drawn to one scale. */
const rowWidth = (labels: readonly string[], size: 'full' | 'small' = 'full'): number => {
  const labelWidth = Math.min(maxLabelWidth, Math.max(0, ...labels.map((label) => textWidth(label, 11))));
  return size === 'full' ? Math.max(260, 650 - labelWidth) : Math.max(120, 310 - labelWidth);
};

const unique = (labels: readonly string[]): readonly string[] => [...new Set(labels)];

const seriesNames = (rows: RangesPlot['rows']): readonly string[] => unique(rows.flatMap(({ series }) => series ?? []));

const rangesSpec = ({ x, rows, references = [], size }: RangesPlot): Json => {
  const names = seriesNames(rows);
  const labels = unique(rows.map(({ label }) => label));
  const y = rowAxis(labels);
  const offset = names.length < 2 ? {} : { yOffset: { field: 'series', type: 'nominal', sort: [...names] } };
  const xEncoding = axisOf(x, false);
  return {
    width: rowWidth(labels, size),
    height: Math.max(labels.length, 2) * rowHeight * (names.length < 2 ? 1 : 1 + 0.4 * (names.length - 1)),
    data: { values: rows.map((row) => ({ ...row, ...lookOf(Math.max(0, names.indexOf(row.series ?? ''))) })) },
    layer: [
      ...referenceLayers(
        // Rows fill the height: there is no place for words beside a line.
        references.map((reference) => ({ ...reference, label: '' })),
        { x },
      ),
      {
        mark: { type: 'rule', strokeWidth: 2, clip: true },
        encoding: { x: { field: 'lower', ...xEncoding }, x2: { field: 'upper' }, y, color, ...offset },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1, clip: true },
        encoding: { x: { field: 'value', ...xEncoding }, y, color, shape: literal('shape'), ...offset },
      },
    ],
  };
};

const barsSpec = ({ x, rows, size }: BarsPlot): Json => ({
  width: rowWidth(
    rows.map(({ label }) => label),
    size,
  ),
  height: Math.max(rows.length, 2) * rowHeight,
  data: { values: rows },
  mark: { type: 'bar', color: looks[0].tone, height: { band: 0.68 } },
  encoding: { x: { field: 'value', ...axisOf(x, true) }, y: rowAxis(rows.map(({ label }) => label)) },
});

const specOf = (plot: Plot): Json => {
  switch (plot.kind) {
    case 'lines':
      return linesSpec(plot);
    case 'ranges':
      return rangesSpec(plot);
    case 'bars':
      return barsSpec(plot);
  }
};

const config = {
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  background: 'transparent',
  // The report gives each plot one title and one description instead.
  aria: false,
  view: { stroke: null },
  axis: {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 400,
    titlePadding: 8,
    gridColor: '#e4e8eb',
    domainColor: quiet,
    tickColor: quiet,
    labelOverlap: true,
  },
};

/** Names and looks of a plot's series where there are several, for the legend beside it. */
export const legendOf = (
  plot: Plot,
): readonly { readonly name: string; readonly tone: string; readonly dash: string; readonly isLine: boolean }[] => {
  if (plot.kind === 'bars') return [];
  const series =
    plot.kind === 'lines'
      ? plot.series.map(({ name, mark }) => ({ name, isLine: mark !== 'points' }))
      : seriesNames(plot.rows).map((name) => ({ name, isLine: false }));
  return series.length < 2
    ? []
    : series.map(({ name, isLine }, position) => ({ name, isLine, tone: lookOf(position).tone, dash: lookOf(position).dash.join(' ') }));
};

/** Vega-Lite's own type spells out every key; it checks what is in them itself, as it compiles. */
const isTopLevelSpec = (spec: object): spec is TopLevelSpec => 'mark' in spec || 'layer' in spec;

/** Draws a plot as an SVG element: one image for who listens, with `title` and `description`. `id` must be unique in the page. */
export const drawPlot = async (
  plot: Plot,
  { id, title, description, language }: { readonly id: string; readonly title: string; readonly description: string; readonly language: Language },
): Promise<string> => {
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...sizes[plot.size ?? 'full'],
    ...specOf(plot),
    config: { ...config, locale: { number: locales[language] } },
  };
  if (!isTopLevelSpec(spec)) throw new TypeError(`no plot can be drawn of ${id}`);
  const compiled = compile(spec);
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    const [, width = '', height = ''] = /^<svg[^>]* viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
    const clips = new Map<string, string>();
    const clipOf = (name: string): string => {
      const known = clips.get(name) ?? `${id}-clip-${clips.size + 1}`;
      clips.set(name, known);
      return known;
    };
    const marks = svg
      .replace(/^<svg[^>]*>/, '')
      // One image for who listens: Vega names every mark, though told not to.
      .replaceAll(/ (?:role|aria-[a-z]+|pointer-events)="[^"]*"/g, '')
      // Vega counts its clip paths on from plot to plot: a page may hold an id once, and the same plot is the same text.
      .replaceAll(/(id="|url\(#)((?:clip|gradient)[\w-]*)/g, (_, before: string, name: string) => before + clipOf(name));
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" style="max-width:${width}px" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-desc">${escapeHtml(description)}</desc>${marks}`;
  } finally {
    view.finalize();
  }
};
