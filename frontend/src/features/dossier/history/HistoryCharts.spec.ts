import type { ClientHistory, Theme } from '@lisible/contracts';
import { flushPromises } from '@vue/test-utils';
import { exampleDossier } from '../../../testing/examples.ts';
import { mountPage, readText } from '../../../testing/mount-page.ts';
import HistoryCharts from './HistoryCharts.vue';
import { calendarMonth, continuous, factsOf, type HistorySeries } from './history-series.ts';

const none = { longestDelayDays: 0, balanceAmount: null, limitAmount: null, dueAmount: null, paidAmount: null };
const cards: HistorySeries = {
  kind: 'cards',
  months: [
    { ...none, month: -4, count: 1, lateCount: 0, balanceAmount: 1200, limitAmount: 2000 },
    { ...none, month: -2, count: 1, lateCount: 1, longestDelayDays: 12, balanceAmount: 1900, limitAmount: 2000 },
    { ...none, month: -1, count: 1, lateCount: 0, balanceAmount: 800, limitAmount: 2000 },
  ],
};
const bureau: HistorySeries = { kind: 'bureau', months: [{ ...none, longestDelayDays: null, month: -3, count: 2, lateCount: 0 }] };
const history = (part: Partial<ClientHistory> = {}): ClientHistory => ({
  clientId: 'C-1',
  currency: 'EUR',
  monthsKept: 48,
  series: [cards, bureau],
  silence: null,
  asOf: '2026-11-20T00:00:00Z',
  ...part,
});

const show = async (answer: ClientHistory, theme: Theme) => {
  const asked: string[] = [];
  const get = (path: string): Promise<unknown> => {
    asked.push(path);
    return Promise.resolve(answer);
  };
  const wrapper = await mountPage(HistoryCharts, {
    props: { dossier: exampleDossier(), theme },
    api: { get },
  });
  await flushPromises();
  return { wrapper, asked, text: readText(wrapper) };
};

describe('a client’s past by month', () => {
  it('is said in words before it is drawn, with calendar months counted from the application', async () => {
    const { text, asked, wrapper } = await show(history(), 'payments');
    expect(asked).toEqual(['/v1/clients/C-1/history?applicationId=A-1']);
    expect(text).toContain(
      '3 mois connus, de juil. 2026 à oct. 2026. Dernier solde : 800 €, pour un plafond de 2 000 €. En retard 1 mois, la dernière fois en sept. 2026. Retard le plus long : 12 jours.',
    );
    expect(wrapper.findAll('figure')).toHaveLength(2);
    expect(wrapper.findAll('tbody tr').map(readText)).toContain('août 2026inconnuinconnu');
    expect(text).not.toContain('fichier de crédit');
  });

  it('needs no chart where one month says it all', async () => {
    const { text, wrapper } = await show(history(), 'credit-bureau');
    expect(text).toContain('Un seul mois est connu : août 2026. Aucun retard.');
    expect(wrapper.find('figure').exists()).toBe(false);
  });

  it('draws no line along zero', async () => {
    const unused = { ...cards, months: cards.months.map((known) => ({ ...known, lateCount: 0, balanceAmount: 0, limitAmount: 0 })) };
    expect((await show(history({ series: [unused] }), 'payments')).wrapper.find('figure').exists()).toBe(false);
  });

  it('gives the server’s words where nothing is known, and its own where only other themes are', async () => {
    expect((await show(history({ series: [], silence: { fr: 'Rien de connu.', en: 'Nothing known.' } }), 'payments')).text).toContain(
      'Rien de connu.',
    );
    expect((await show(history({ series: [bureau] }), 'payments')).text).toContain('Rien n’est connu mois par mois pour ce thème.');
  });
});

describe('a series of months', () => {
  it('has no holes once drawn, and counts only what is known', () => {
    expect(continuous(cards).map(({ month, known }) => [month, known?.balanceAmount ?? null])).toEqual([
      [-4, 1200],
      [-3, null],
      [-2, 1900],
      [-1, 800],
    ]);
    expect(factsOf(cards)).toEqual({ months: 3, lateMonths: 1, lastLateMonth: -2, longestDelayDays: 12 });
    expect(factsOf(bureau)).toEqual({ months: 1, lateMonths: 0, lastLateMonth: null, longestDelayDays: null });
  });

  it('falls into the months of the calendar, across years', () => {
    expect([0, -1, -11, -13].map((month) => calendarMonth('2026-01-31T23:00:00Z', month))).toEqual([
      '2026-01-01',
      '2025-12-01',
      '2025-02-01',
      '2024-12-01',
    ]);
  });
});
