import { drawChart, wrapLabel } from './apex-options.ts';
import { chartSentence, chartTable, type ChartSpec, type SeriesChart } from './chart-spec.ts';

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
const colours = { ink: 'black', raises: 'red', lowers: 'blue', inkSoft: 'grey', line: 'silver', fontFamily: 'sans-serif' };

describe('a chart', () => {
  it('says, tabulates and draws the same figures', () => {
    const words = {
      labelled: (label: string, value: string) => `${label} : ${value}`,
      sentence: (title: string, items: string) => `${title} : ${items}.`,
      separator: ' ; ',
      course: () => '',
      unknown: '?',
    };
    expect(chartSentence(chart, words)).toBe('Ce qui compte : Scores : 4 pt ; Autres : -0.5 pt.');
    expect(chartTable(chart, '?')).toEqual({
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
      sentence: (title, items) => `${title} : ${items}.`,
      separator: ' ; ',
      course: ({ label, first, firstAt, last, lastAt, most, mostAt }) => `${label} ${first} ${firstAt}, ${last} ${lastAt}, ${most} ${mostAt}`,
      unknown: '?',
    });
    expect(sentence).toBe('Solde : Dû 20 € févr., 40 € avr., 80 € mars.');
    expect(chartTable(months, '?').rows[1]).toEqual(['févr.', '20 €', '?']);
    expect(chartTable(months, '?').rows[0]).toEqual(['janv.', '?', '?']);
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
