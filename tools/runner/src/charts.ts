import type { Page } from 'playwright-core';

/** A chart as a page shows it: what is drawn, what is said and what stands in its table. */
export interface ShownChart {
  readonly kind: string;
  readonly title: string;
  readonly sentence: string;
  /** The table's headings and rows, as they are read. */
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What is drawn of each series, in the table's order: bars by the value that the engine wrote into them, lines by where they run. */
  readonly drawn: readonly (readonly (number | null)[])[];
  /** Ends of the intervals that are drawn on bars, one after the other, as high as they stand beside the tallest bar. */
  readonly drawnEnds: readonly number[];
}

/** Every chart of the page; those that are not drawn yet have nothing drawn. */
export const readCharts = (page: Page): Promise<readonly ShownChart[]> =>
  page.evaluate(() => {
    const textOf = (element: Element | null): string => (element?.textContent ?? '').replaceAll(/\s+/gu, ' ').trim();
    const numberOf = (text: string | null): number | null => (text === null || text === '' || text === 'null' ? null : Number(text));
    /** Of a line: each corner's height, read on the axis between its lowest and its highest line of the grid. */
    const readLine = (figure: Element, path: Element): (number | null)[] => {
      const labels = [...figure.querySelectorAll('.apexcharts-yaxis-label tspan')].map((label) =>
        Number(
          textOf(label)
            .replaceAll(/[^\d.,-]/gu, '')
            .replaceAll(',', ''),
        ),
      );
      const heights = [...figure.querySelectorAll('.apexcharts-gridline')]
        .filter((line) => line.getAttribute('y1') === line.getAttribute('y2'))
        .map((line) => Number(line.getAttribute('y1')));
      const [top, bottom] = [Math.min(...heights), Math.max(...heights)];
      const most = Math.max(...labels);
      const corners = [...(path.getAttribute('d') ?? '').matchAll(/[ML]\s*(-?[\d.]+)[ ,](-?[\d.]+)/gu)];
      return corners.map(([, , y]) => ((bottom - Number(y)) / (bottom - top)) * most);
    };
    const readEnds = (figure: Element): number[] => {
      const bars = [...figure.querySelectorAll<SVGGraphicsElement>('.apexcharts-bar-area')].map((bar) => ({
        value: numberOf(bar.getAttribute('val')) ?? 0,
        box: bar.getBBox(),
      }));
      const tallest = bars.reduce<(typeof bars)[number] | null>((most, bar) => (bar.value > (most?.value ?? 0) ? bar : most), null);
      if (tallest === null) return [];
      const { value, box } = tallest;
      return [...figure.querySelectorAll('.apexcharts-bar-goals-markers line')].map(
        (line) => ((box.y + box.height - Number(line.getAttribute('y1'))) / box.height) * value,
      );
    };
    return [...document.querySelectorAll('figure.chart')].map((figure) => {
      const table = figure.querySelector('table');
      const kind = figure.getAttribute('data-kind') ?? '';
      const series = [...figure.querySelectorAll('.apexcharts-series')].toSorted(
        (a, b) => Number(a.getAttribute('data:realIndex')) - Number(b.getAttribute('data:realIndex')),
      );
      return {
        kind,
        title: textOf(figure.querySelector('figcaption .title')),
        sentence: textOf(figure.querySelector('figcaption .visually-hidden')),
        headings: [...(table?.querySelectorAll('thead th') ?? [])].map(textOf),
        rows: [...(table?.querySelectorAll('tbody tr') ?? [])].map((row) => [...row.children].map(textOf)),
        drawn: series.map((one) =>
          kind === 'lines'
            ? [...one.querySelectorAll('.apexcharts-line')].flatMap((path) => readLine(figure, path))
            : [...one.querySelectorAll('.apexcharts-bar-area')].map((bar) => numberOf(bar.getAttribute('val'))),
        ),
        drawnEnds: kind === 'bars' ? readEnds(figure) : [],
      };
    });
  });

/** A figure as a person reads it, and the width of half its last digit. Null where nothing is known. */
const readFigure = (text: string, language: 'fr' | 'en'): { readonly value: number; readonly halfDigit: number } | null => {
  const [thousands, decimal] = language === 'fr' ? [/[\s\u202f\u00a0]/gu, ','] : [/,/gu, '.'];
  const found = /[+−-]?\d[\d\s\u202f\u00a0.,]*/u.exec(text)?.[0];
  if (found === undefined) return null;
  const plain = found
    .replaceAll(thousands, '')
    .replace(decimal, '.')
    .replace('−', '-')
    .trim()
    .replace(/[.,]+$/u, '');
  return { value: Number(plain), halfDigit: 0.5 * 10 ** -(plain.split('.')[1]?.length ?? 0) + 1e-9 };
};

/** All figures of a sentence. */
const figuresIn = (sentence: string, language: 'fr' | 'en'): readonly number[] =>
  [...sentence.matchAll(/[+−-]?\d(?:[\d.,]|[\s\u202f\u00a0](?=\d{3}(?!\d)))*/gu)].flatMap(([text]) => readFigure(text, language)?.value ?? []);

/** What is drawn of a line lies this close to what it stands for, as a share of the greatest: a pixel or two. */
const lineTolerance = 0.015;

/** What a table says of intervals, in brackets behind their values. */
const endsIn = (chart: ShownChart, language: 'fr' | 'en'): readonly number[] =>
  chart.kind === 'bars' ? chart.rows.flatMap((row) => row.slice(1).flatMap((cell) => figuresIn(/\((.*)\)$/u.exec(cell)?.[1] ?? '', language))) : [];

/** Where a chart's sentence or table says another thing than its drawing, in words. */
export const findChartProblems = (chart: ShownChart, language: 'fr' | 'en'): readonly string[] => {
  const problems: string[] = [];
  const note = (problem: string): void => void problems.push(`${chart.title}: ${problem}`);
  const columns = chart.headings.slice(1).map((heading, index) => ({
    heading,
    cells: chart.rows.map((row) => row[index + 1] ?? ''),
    figures: chart.rows.map((row) => readFigure(row[index + 1] ?? '', language)),
  }));
  if (chart.rows.length === 0) note('its table is empty');
  if (!chart.sentence.includes(chart.title)) note('its sentence does not say its title');
  if (chart.drawn.length !== columns.length) note(`${chart.drawn.length} series are drawn, ${columns.length} stand in the table`);
  const ends = endsIn(chart, language);
  const highest = Math.max(...ends, ...columns.flatMap(({ figures }) => figures.map((figure) => figure?.value ?? 0)));
  if (chart.drawnEnds.length !== ends.length) note(`${chart.drawnEnds.length} ends of intervals are drawn, ${ends.length} stand in the table`);
  else if (ends.some((end, place) => Math.abs(end - (chart.drawnEnds[place] ?? Number.NaN)) > highest * lineTolerance))
    note('an interval ends elsewhere than its table says');
  for (const [index, { heading, cells, figures }] of columns.entries()) {
    const drawn = chart.drawn[index] ?? [];
    const known = figures.flatMap((figure) => figure ?? []);
    if (known.length === 0) continue;
    if (chart.kind === 'lines') {
      const greatest = Math.max(...columns.flatMap((column) => column.figures.map((figure) => figure?.value ?? 0)), 1);
      if (drawn.length !== known.length) note(`${heading}: ${drawn.length} corners are drawn, ${known.length} are known`);
      else if (known.some(({ value }, place) => Math.abs(value - (drawn[place] ?? Number.NaN)) > greatest * lineTolerance))
        note(`${heading}: the line runs elsewhere`);
    } else
      for (const [place, figure] of figures.entries()) {
        const bar = drawn[place] ?? 0;
        if (Math.abs(bar - (figure?.value ?? 0)) > (figure?.halfDigit ?? 1e-9))
          note(`${chart.rows[place]?.[0]}: ${bar} is drawn, ${cells[place]} stands in the table`);
      }
    const said = figuresIn(chart.sentence, language);
    const says = (value: number): boolean => said.includes(value);
    if (chart.kind === 'signed-bars') {
      for (const [place, row] of chart.rows.entries())
        if (!chart.sentence.includes(row[0] ?? '') || !chart.sentence.includes(cells[place] ?? '')) note(`its sentence leaves out ${row.join(' ')}`);
      continue;
    }
    if (!chart.sentence.includes(heading)) note(`its sentence leaves out ${heading}`);
    if (!says(Math.max(...known.map(({ value }) => value)))) note(`${heading}: its sentence does not say the greatest`);
    const total = known.reduce((sum, { value }) => sum + value, 0);
    if (chart.kind === 'histogram' && !says(total)) note(`${heading}: its sentence does not say that there are ${total}`);
    if (chart.kind !== 'histogram' && !(says(known[0]?.value ?? 0) && says(known.at(-1)?.value ?? 0)))
      note(`${heading}: its sentence does not say both ends`);
  }
  return problems;
};
