import { drawChart, wrapLabel } from './apex-options.ts';
import { chartSentence, chartTable, type ChartSpec, type HistogramChart, type SeriesChart, type Spread } from './chart-spec.ts';

const chart: ChartSpec = {
  kind: 'signed-bars',
  title: 'Ce qui compte',
  categoryHeading: 'Raison',
  valueHeading: 'Points',
  bars: [
    { label: 'Scores', value: 4 },
    { label: 'Autres', value: -0.5 },
  ],
  format: (value) => `${value} pt`,
};
const colours = {
  ink: 'black',
  raises: 'red',
  lowers: 'blue',
  approved: 'green',
  referred: 'gold',
  declined: 'brown',
  surface: 'white',
  inkSoft: 'grey',
  line: 'silver',
  fontFamily: 'sans-serif',
};

const tableWords = {
  unknown: '?',
  interval: ({ value, lower, upper }: { value: string; lower: string; upper: string }) => `${value} (${lower}–${upper})`,
};

describe('a chart', () => {
  it('says, tabulates and draws the same figures', () => {
    const words = {
      labelled: (label: string, value: string) => `${label} : ${value}`,
      sentence: (title: string, items: string) => `${title} : ${items}.`,
      separator: ' ; ',
      course: () => '',
      spread: () => '',
    };
    expect(chartSentence(chart, words)).toBe('Ce qui compte : Scores : 4 pt ; Autres : -0.5 pt.');
    expect(chartTable(chart, tableWords)).toEqual({
      headings: ['Raison', 'Points'],
      rows: [
        ['Scores', '4 pt'],
        ['Autres', '-0.5 pt'],
      ],
    });
    const drawn = drawChart(chart, colours, 600, false);
    expect(drawn.series).toEqual([{ name: 'Points', data: [4, -0.5] }]);
    expect(drawn.options.colors).toEqual(['red', 'blue']);
    expect(drawn.options.xaxis?.categories).toEqual([
      ['Scores', '4 pt'],
      ['Autres', '-0.5 pt'],
    ]);
  });

  it('gives every label the room of its lines', () => {
    const long = { ...chart, bars: [{ label: 'Nombre d’étages (minimum) de l’immeuble (moyenne)', value: 1 }, ...chart.bars] };
    expect(drawChart(long, colours, 300, false).height / 3).toBeGreaterThan(drawChart(chart, colours, 300, false).height / 2);
  });

  it('stands still for those who ask for less motion', () => {
    expect(drawChart(chart, colours, 600, true).options.chart?.animations?.enabled).toBe(false);
  });

  it('breaks labels between words only', () => {
    expect(wrapLabel('Poids du crédit dans le revenu', 15)).toEqual(['Poids du crédit', 'dans le revenu']);
    expect(wrapLabel('Anticonstitutionnellement', 10)).toEqual(['Anticonstitutionnellement']);
  });
});

describe('a chart of months', () => {
  const months: SeriesChart = {
    kind: 'lines',
    title: 'Solde',
    categoryHeading: 'Mois',
    categories: ['janv.', 'févr.', 'mars', 'avr.'],
    series: [
      { label: 'Dû', values: [null, 20, 80, 40] },
      { label: 'Plafond', values: [null, null, null, null] },
    ],
    format: (value) => `${value} €`,
  };

  it('says where each series begins and ends and its summit, leaves out one that is unknown, and tabulates every month', () => {
    const sentence = chartSentence(months, {
      labelled: () => '',
      spread: () => '',
      sentence: (title, items) => `${title} : ${items}.`,
      separator: ' ; ',
      course: ({ label, first, firstAt, last, lastAt, most, mostAt }) => `${label} ${first} ${firstAt}, ${last} ${lastAt}, ${most} ${mostAt}`,
    });
    expect(sentence).toBe('Solde : Dû 20 € févr., 40 € avr., 80 € mars.');
    expect(chartTable(months, tableWords).rows[1]).toEqual(['févr.', '20 €', '?']);
    expect(chartTable(months, tableWords).rows[0]).toEqual(['janv.', '?', '?']);
  });

  it('tabulates and draws how far chance may have moved a value', () => {
    const rates: SeriesChart = {
      ...months,
      kind: 'bars',
      series: [{ label: 'Impayés', values: [8, null, 4, 2] }],
      intervals: [{ lower: 6, upper: 10 }, null, { lower: 3, upper: 6 }, null],
    };
    expect(chartTable(rates, tableWords).rows.map(([, cell]) => cell)).toEqual(['8 € (6 €–10 €)', '?', '4 € (3 €–6 €)', '2 €']);
    const points = drawChart(rates, colours, 600, true).series[0]?.data ?? [];
    expect(points).toMatchObject([
      { y: 8, goals: [{ value: 6 }, { value: 10 }] },
      { y: null, goals: [] },
      { y: 4, goals: [{ value: 3 }, { value: 6 }] },
      { y: 2, goals: [] },
    ]);
  });

  it('is drawn with its gaps, and with no more labels than its width bears', () => {
    const drawn = drawChart(months, colours, 600, true);
    expect(drawn.series[0]?.data).toEqual([null, 20, 80, 40]);
    const long = { ...months, categories: Array.from({ length: 48 }, (_, index) => `m${index}`) };
    const { xaxis } = drawChart(long, colours, 360, true).options;
    expect((xaxis?.categories ?? []).filter((label: string) => label !== '').length).toBeLessThanOrEqual(12);
    const wide = { ...months, categories: Array.from({ length: 10 }, (_, index) => `${index} 000 000 € à ${index + 1} 000 000 €`) };
    expect((drawChart(wide, colours, 400, true).options.xaxis?.categories ?? []).filter((label: string) => label !== '')).toHaveLength(1);
  });
});

describe('the axis of figures', () => {
  const topOf = (...values: readonly number[]): readonly [number | undefined, number | undefined] => {
    const late: SeriesChart = {
      kind: 'bars',
      title: 'Retards',
      categoryHeading: 'Mois',
      categories: values.map(String),
      series: [{ label: 'Crédits', values }],
      format: String,
    };
    const { yaxis } = drawChart(late, colours, 600, true).options;
    const [axis] = [yaxis].flat();
    return [Number(axis?.max), Number(axis?.tickAmount)];
  };

  it('has whole steps, however small what is counted, and ends close above it', () => {
    expect(topOf(1, 0)).toEqual([2, 2]);
    expect(topOf(3, 2)).toEqual([3, 3]);
    expect(topOf(7)).toEqual([8, 4]);
    expect(topOf(8_980)).toEqual([10_000, 4]);
    expect(topOf(0, 0)).toEqual([2, 2]);
  });

  it('leaves room for intervals and for bars on each other', () => {
    const common = { title: '', categoryHeading: '', categories: ['a', 'b'], format: String };
    const rates: SeriesChart = { ...common, kind: 'bars', series: [{ label: 'x', values: [8, 2] }], intervals: [{ lower: 5, upper: 13 }, null] };
    const stacked: HistogramChart = {
      ...common,
      kind: 'histogram',
      series: [
        { label: 'x', tone: 'plain', values: [50, 2] },
        { label: 'y', tone: 'raises', values: [45, 1] },
      ],
      marks: [],
    };
    for (const [drawn, least] of [
      [rates, 13],
      [stacked, 95],
    ] as const)
      expect([drawChart(drawn, colours, 600, true).options.yaxis].flat()[0]?.max).toBeGreaterThanOrEqual(least);
  });
});

describe('a histogram', () => {
  const bins: HistogramChart = {
    kind: 'histogram',
    title: 'Estimations',
    categoryHeading: 'Sur 100',
    categories: ['0 à 1', '1 à 2', '2 à 3'],
    series: [
      { label: 'Accordées', tone: 'approved', values: [5, 9, 0] },
      { label: 'À examiner', tone: 'referred', values: [null, 1, 2] },
    ],
    marks: [{ bin: 1, label: 'seuil' }],
    format: (value) => String(value),
  };
  const words = {
    labelled: (label: string, value: string) => `${label} ${value}`,
    sentence: (title: string, items: string) => `${title} : ${items}.`,
    separator: ' ; ',
    course: () => '',
    spread: ({ label, total, most, mostAt }: Spread) => `${label} ${total}, ${mostAt} ${most}`,
  };

  it('says how many there are, where most of them lie and what is marked, and tabulates every bin', () => {
    expect(chartSentence(bins, words)).toBe('Estimations : Accordées 14, 1 à 2 9 ; À examiner 3, 2 à 3 2 ; seuil 1 à 2.');
    expect(chartTable(bins, tableWords)).toEqual({
      headings: ['Sur 100', 'Accordées', 'À examiner'],
      rows: [
        ['0 à 1', '5', '?'],
        ['1 à 2 (seuil)', '9', '1'],
        ['2 à 3', '0', '2'],
      ],
    });
  });

  it('is drawn with its marks at their bins, also where a label finds no room', () => {
    const long = { ...bins, categories: bins.categories.map((category) => `${category} dossiers sur 100 non remboursés`) };
    const { series, options } = drawChart(long, colours, 360, true);
    const labels: string[] = options.xaxis?.categories ?? [];
    expect(new Set(labels).size).toBe(3);
    expect(options.annotations?.xaxis?.map(({ x }) => labels.indexOf(String(x)))).toEqual([1]);
    expect(series.map(({ data }) => data.map((point) => (typeof point === 'object' ? point?.y : point)))).toEqual([
      [5, 9, 0],
      [null, 1, 2],
    ]);
    expect(options.colors).toEqual(['green', 'gold']);
  });
});
