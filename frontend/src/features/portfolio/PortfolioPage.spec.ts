import { portfolioSchema, type Portfolio } from '@lisible/contracts';
import { flushPromises } from '@vue/test-utils';
import { ApiError } from '../../app/api/api.client.ts';
import { mountPage, readText } from '../../testing/mount-page.ts';
import PortfolioPage from './PortfolioPage.vue';
import { queryOf } from './portfolio.queries.ts';

const rate = (value: number) => ({ value, lower: value / 2, upper: value * 2 });
const bin = (lower: number, counts: object) => ({ lower: lower / 100, upper: (lower + 1) / 100, ...counts });
const group = (rows: number, share: number, value: number | null) => ({ rows, share, defaultRate: value === null ? null : rate(value) });
const day = (firstDay: string, approved: number, declined: number) => ({ firstDay, approved, referred: 0, declined, meanProbabilityOfDefault: 0.1 });
const example = portfolioSchema.parse({
  asOf: '2026-11-26T10:00:00Z',
  policy: {
    policyName: 'consumer-credit',
    policyVersion: 2,
    decisionThreshold: 0.0909,
    greyZone: { lower: 0.08, upper: 0.1 },
    dependsOnAmount: false,
  },
  decided: {
    counted: { firstDay: '2026-11-20', lastDay: '2026-11-26' },
    lastDecidedAt: '2026-11-26T09:00:00Z',
    applications: 10,
    decisions: { approved: 6, referred: 1, declined: 3 },
    proposals: { approved: 7, declined: 3 },
    meanProbabilityOfDefault: 0.0893,
    requested: [{ currency: 'EUR', applications: 10, amount: 100_000 }],
    modelVersions: [{ modelVersion: 'v7', applications: 10 }],
    policyVersions: [
      { policyVersion: 2, applications: 4 },
      { policyVersion: 1, applications: 6 },
    ],
    distribution: [
      ...Array.from({ length: 40 }, (_, lower) => bin(lower, { approved: lower === 2 ? 6 : 0, referred: lower === 9 ? 1 : 0, declined: 0 })),
      bin(40, { approved: 0, referred: 0, declined: 2 }),
      bin(41, { approved: 0, referred: 0, declined: 1 }),
    ],
    overTime: { step: 'day', steps: [day('2026-11-25', 2, 0), day('2026-11-26', 4, 3)] },
  },
  pastLoans: {
    modelVersion: 'v7',
    asOf: '2026-11-20T10:00:00Z',
    rows: 1000,
    defaulted: 80,
    defaultRate: { value: 0.08, lower: 0.065, upper: 0.098 },
    distribution: [bin(0, { repaid: 500, defaulted: 10 }), bin(1, { repaid: 420, defaulted: 70 })],
    deciles: null,
    underPolicy: { basis: 'estimate-alone', approved: group(700, 0.7, 0.04), referred: group(0, 0, null), declined: group(300, 0.3, 0.19) },
  },
});
const nothing: Portfolio['decided'] = {
  ...example.decided,
  counted: null,
  lastDecidedAt: null,
  applications: 0,
  decisions: { approved: 0, referred: 0, declined: 0 },
  meanProbabilityOfDefault: null,
  requested: [],
  distribution: [],
  overTime: { step: 'day', steps: [] },
};

const show = async (answer: Portfolio | Error = example, language: 'fr' | 'en' = 'fr') => {
  const asked: string[] = [];
  const wrapper = await mountPage(PortfolioPage, {
    language,
    api: {
      get: (path) => {
        asked.push(path);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
  });
  await flushPromises();
  return { wrapper, asked, text: readText(wrapper) };
};

describe('the portfolio', () => {
  it('says what was decided, since when it is counted, and under which policy', async () => {
    const { text } = await show();
    expect(text).toContain('10 demandes décidées : 60 % accordées, 10 % à examiner, 30 % refusées.');
    expect(text).toContain('Le modèle estime en moyenne 8,9 dossiers sur 100 non remboursés.');
    expect(text).toContain('Montant demandé : 100 000 €, soit 10 000 € par demande.');
    expect(text).toContain('Décisions comptées du 20 nov. 2026 au 26 nov. 2026');
    expect(text).toContain('version 2, seuil 9,1 sur 100, examen par une personne de 8,0 à 10,0.');
    expect(text).toContain('plusieurs versions de la politique : version 2 (4), version 1 (6).');
  });

  it('counts by estimate with the threshold in its bin, and takes the long tail together', async () => {
    const { wrapper } = await show();
    const [distribution, overTime] = wrapper.findAll('figure');
    const rows = distribution?.findAll('tbody tr').map(readText) ?? [];
    expect(rows).toHaveLength(31);
    expect(rows[2]).toBe('2 à 3600');
    expect(rows[9]).toBe('9 à 10 (seuil)010');
    expect(rows.at(-1)).toBe('30 ou plus003');
    expect(overTime?.findAll('tbody tr').map(readText)).toEqual(['25 nov. 2026200', '26 nov. 2026403']);
  });

  it('says how past loans ended, and on what basis the policy is held against them', async () => {
    const { text, wrapper } = await show();
    expect(text).toContain('Sur 1 000 prêts à l’issue connue, 8,0 sur 100 n’ont pas été remboursés (intervalle de 6,5 à 9,8).');
    expect(text).toContain('Par le seuil et l’examen seuls');
    expect(wrapper.findAll('.scroll tbody tr').map(readText)).toEqual([
      'Accordé70070 %4,0 (de 2,0 à 8,0)',
      'À examiner00 %sans objet',
      'Refusé30030 %19,0 (de 9,5 à 38,0)',
    ]);
    expect(text).toContain('Ce modèle n’apporte pas de relevé par dixième.');
  });

  it('says that nothing was decided, yet or in the period, and draws nothing of it', async () => {
    const none = await show({ ...example, decided: nothing });
    expect(none.text).toContain('Aucune demande n’a encore été décidée.');
    expect(none.wrapper.findAll('figure')).toHaveLength(1);
    expect((await show({ ...example, decided: { ...nothing, counted: example.decided.counted } })).text).toContain('sur cette période');
  });

  it('asks for the period that its address holds, and writes there what is chosen', async () => {
    const { wrapper, asked } = await show();
    await wrapper.findAll('input')[0]?.setValue('2026-11-25');
    await flushPromises();
    expect(wrapper.vm.$route.query).toEqual({ from: '2026-11-25' });
    expect(asked).toEqual(['/v1/portfolio', '/v1/portfolio?from=2026-11-25']);
    await wrapper.get('.period button').trigger('click');
    await flushPromises();
    expect(wrapper.vm.$route.query).toEqual({});
    expect(queryOf({ from: '2026-11-26', to: '2026-11-25', modelVersion: 'v7' })).toEqual({ modelVersion: 'v7' });
    expect(queryOf({ from: 'hier', to: '2026-11-25' })).toEqual({ to: '2026-11-25' });
  });

  it('keeps what was read and says since when, where it cannot be read again', async () => {
    vi.useFakeTimers();
    let answer: Portfolio | Error = example;
    const wrapper = await mountPage(PortfolioPage, { api: { get: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)) } });
    await vi.advanceTimersByTimeAsync(100);
    answer = new ApiError('internal');
    await vi.advanceTimersByTimeAsync(31_000);
    const text = readText(wrapper);
    expect(text).toContain('10 demandes décidées');
    expect(readText(wrapper.get('.stale'))).toMatch(/^Lu le .+ ; la mise à jour n’a pas abouti\. Ce qui est affiché a pu changer\./);
    answer = example;
    await wrapper.get('.stale button').trigger('click');
    await vi.advanceTimersByTimeAsync(100);
    expect(wrapper.find('.stale').exists()).toBe(false);
    vi.useRealTimers();
  });

  it('says in English, too, that no model serves yet', async () => {
    vi.useFakeTimers();
    const { wrapper } = await show(new ApiError('no-model', { type: 'x', title: 'x', status: 503, code: 'no-model', correlationId: 'c' }), 'en');
    // Asked twice more, in case one comes.
    await vi.advanceTimersByTimeAsync(5_000);
    expect(readText(wrapper)).toContain('No model in service');
    vi.useRealTimers();
  });
});
