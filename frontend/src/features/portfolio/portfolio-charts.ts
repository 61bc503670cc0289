import type { DecidedPortfolio, PastLoansPortfolio } from '@lisible/contracts';
import type { ChartSpec, HistogramChart, Tone } from '../../ui/chart/chart-spec.ts';

/** From this estimate on, bins of one point become one: few loans lie there, and a histogram should be read at a glance. */
const tailFrom = 30;

/** Words and formats of the language in force. */
export interface ChartWords {
  readonly t: (key: string, named?: Record<string, unknown>) => string;
  readonly count: (value: number) => string;
  readonly per100: (value: number) => string;
}

interface Bin {
  readonly lower: number;
}

const pointOf = ({ lower }: Bin): number => Math.round(lower * 100);

/** How many a bin of one point, the long tail of high estimates taken together. */
const countsOf = <B extends Bin>(bins: readonly B[], read: (bin: B) => number): number[] => {
  const head = bins.filter((bin) => pointOf(bin) < tailFrom).map(read);
  const tail = bins.filter((bin) => pointOf(bin) >= tailFrom);
  return tail.length === 0 ? head : [...head, tail.reduce((sum, bin) => sum + read(bin), 0)];
};

const histogram = <B extends Bin>(
  bins: readonly B[],
  title: string,
  series: readonly { readonly label: string; readonly tone: Tone; readonly read: (bin: B) => number }[],
  decisionThreshold: number,
  { t, count }: ChartWords,
): HistogramChart => {
  const categories = countsOf(bins, pointOf).map((_, index) =>
    index < tailFrom ? t('portfolio.bin', { lower: index, upper: index + 1 }) : t('portfolio.tail', { lower: tailFrom }),
  );
  const threshold = Math.min(Math.floor(decisionThreshold * 100), tailFrom);
  return {
    kind: 'histogram',
    title,
    categoryHeading: t('portfolio.estimate'),
    categories,
    series: series.map(({ label, tone, read }) => ({ label, tone, values: countsOf(bins, read) })),
    marks: threshold < categories.length ? [{ bin: threshold, label: t('portfolio.threshold') }] : [],
    format: count,
  };
};

export const outcomes = ['approved', 'referred', 'declined'] as const;

export const distributionChart = ({ distribution }: DecidedPortfolio, decisionThreshold: number, words: ChartWords): ChartSpec =>
  histogram(
    distribution,
    words.t('portfolio.decided.distribution'),
    outcomes.map((outcome) => ({ label: words.t(`portfolio.outcome.${outcome}`), tone: outcome, read: (bin) => bin[outcome] })),
    decisionThreshold,
    words,
  );

export const overTimeChart = ({ overTime }: DecidedPortfolio, writeStep: (day: string) => string, words: ChartWords): ChartSpec => ({
  kind: 'histogram',
  title: words.t(`portfolio.decided.overTime.${overTime.step}`),
  categoryHeading: words.t(`portfolio.decided.step.${overTime.step}`),
  categories: overTime.steps.map(({ firstDay }) => writeStep(firstDay)),
  series: outcomes.map((outcome) => ({
    label: words.t(`portfolio.outcome.${outcome}`),
    tone: outcome,
    values: overTime.steps.map((step) => step[outcome]),
  })),
  marks: [],
  format: words.count,
});

export const pastDistributionChart = ({ distribution }: PastLoansPortfolio, decisionThreshold: number, words: ChartWords): ChartSpec =>
  histogram(
    distribution,
    words.t('portfolio.past.distribution'),
    [
      { label: words.t('portfolio.past.repaid'), tone: 'plain', read: ({ repaid }) => repaid },
      { label: words.t('portfolio.past.defaulted'), tone: 'raises', read: ({ defaulted }) => defaulted },
    ],
    decisionThreshold,
    words,
  );

/** A tenth of the loans after the other, the riskiest first: how many were expected not to be repaid, and how many were not. */
export const decilesChart = (deciles: NonNullable<PastLoansPortfolio['deciles']>, words: ChartWords): ChartSpec => ({
  kind: 'bars',
  title: words.t('portfolio.past.deciles'),
  categoryHeading: words.t('portfolio.past.decile'),
  categories: deciles.map(({ decile }) => String(decile)),
  series: [
    { label: words.t('portfolio.past.expected'), values: deciles.map(({ meanProbability }) => meanProbability * 100) },
    { label: words.t('portfolio.past.observed'), values: deciles.map(({ defaultRate }) => defaultRate.value * 100) },
  ],
  format: words.per100,
});
