import { cohortComparisonSchema, type CohortComparison } from '@lisible/contracts';
import { flushPromises } from '@vue/test-utils';
import { ApiError } from '../../../app/api/api.client.ts';
import { exampleCatalogue, exampleDossier } from '../../../testing/examples.ts';
import { mountPage, readText } from '../../../testing/mount-page.ts';
import CompareSection from './CompareSection.vue';

const rate = (value: number) => ({ value, lower: value / 2, upper: value * 2 });
const bins = [
  { from: null, to: 200_000, value: null, count: 3036, defaultRate: rate(0.04) },
  { from: 200_000, to: 400_000, value: null, count: null, defaultRate: null },
  { from: 400_000, to: null, value: null, count: 4657, defaultRate: rate(0.08) },
];
const comparison = (part: Partial<CohortComparison> = {}): CohortComparison =>
  cohortComparisonSchema.parse({
    snapshotId: 's1',
    asOf: '2026-11-20T00:00:00Z',
    cohort: { name: 'everybody', filters: [] },
    groupSize: 9000,
    populationSize: 33_907,
    outcome: { defaulted: 500, defaultRate: rate(0.055) },
    features: [
      {
        feature: 'creditAmount',
        kind: 'histogram',
        unit: 'currency',
        missingShare: 0,
        quantiles: { q05: 1, q25: 2, q50: 350_000, q75: 4, q95: 5 },
        bins,
        client: { value: 406_597.5, bin: 2, shareBelow: 0.82, shareEqual: 0 },
      },
    ],
    pair: null,
    similar: null,
    ...part,
  });

const show = async (answer: (body: { cohort: { name: string }; pair: unknown }) => CohortComparison | Error = () => comparison()) => {
  const asked: { cohort: { name: string }; features: string[]; pair: unknown }[] = [];
  const post = (_path: string, body: unknown): Promise<unknown> => {
    const question = body as (typeof asked)[number];
    asked.push(question);
    const answered = answer(question);
    return answered instanceof Error ? Promise.reject(answered) : Promise.resolve(answered);
  };
  const wrapper = await mountPage(CompareSection, {
    props: { dossier: exampleDossier(), catalogue: exampleCatalogue },
    api: { post, get: () => new Promise(() => undefined) },
  });
  await flushPromises();
  return { wrapper, asked };
};
const choose = async (wrapper: Awaited<ReturnType<typeof show>>['wrapper'], position: number): Promise<void> => {
  await wrapper.findAll('input[type="radio"]')[position]?.setValue(true);
  await flushPromises();
};

describe('the comparison', () => {
  it('places the client in words, then in the group’s own bins, which it says are counted only where nobody can be made out', async () => {
    const { wrapper, asked } = await show();
    const text = readText(wrapper);
    expect(asked).toMatchObject([{ cohort: { name: 'everybody' }, features: ['creditAmount'], pair: null }]);
    expect(text).toContain(
      'Montant du crédit : 406 598 €. C’est plus élevé que chez 82 % du groupe. La moitié du groupe est au-dessous de 350 000 €. 9 000 prêts passés dans le groupe. Ont fini impayés : 5,5 sur 100 (intervalle de 2,8 à 11,0).',
    );
    expect(text).toContain('Une tranche trop petite pour rester anonyme n’est pas chiffrée.');
    expect(wrapper.findAll('figure')).toHaveLength(2);
    expect(wrapper.findAll('figure')[0]?.findAll('tbody tr').map(readText)).toEqual([
      'moins de 200 000 €2 915121',
      '200 000 € à 400 000 €inconnuinconnu',
      '400 000 € ou plus (ce client)4 284373',
    ]);
    expect(text).toContain('400 000 € ou plus8,0 (de 4,0 à 16,0)');
  });

  it('asks about another group, and for a chosen one only once it has a filter', async () => {
    const { wrapper, asked } = await show();
    await choose(wrapper, 2);
    expect(asked.at(-1)?.cohort.name).toBe('approved');
    const before = asked.length;
    await choose(wrapper, 3);
    expect([asked.length, readText(wrapper).includes('Ajoutez au moins un filtre')]).toEqual([before, true]);
  });

  it('says that outcomes are not told, and draws counts only', async () => {
    const untold = comparison({ outcome: null });
    const features = untold.features.map((known) => ({ ...known, bins: known.bins.map((bin) => ({ ...bin, defaultRate: null })) }));
    const { wrapper } = await show(() => ({ ...untold, features }));
    expect(readText(wrapper)).toContain('La fin des prêts n’est pas dite ici');
    expect(wrapper.findAll('figure')).toHaveLength(1);
  });

  it('gives the server’s words where a group is too small', async () => {
    const problem = { type: 'x', title: 'x', status: 422, code: 'cohort-withheld', detail: 'Moins de 20 clients.', correlationId: 'c' };
    const { wrapper } = await show(({ cohort }) => (cohort.name === 'everybody' ? comparison() : new ApiError('cohort-withheld', problem)));
    await choose(wrapper, 1);
    expect(readText(wrapper)).toContain('Moins de 20 clients.');
  });

  it('crosses two informations, and marks the client’s own cell', async () => {
    const axis = (feature: string) => ({
      feature,
      kind: 'histogram' as const,
      unit: 'currency' as const,
      bins: bins.map(({ from, to, value }) => ({ from, to, value })),
      client: { value: 1, bin: 1 },
    });
    const cells = Array.from({ length: 9 }, (_, index) => ({
      count: index === 0 ? null : 100 + index,
      defaultRate: index === 0 ? null : rate(index / 100),
    }));
    const { wrapper, asked } = await show(({ pair }) =>
      comparison({ pair: pair === null ? null : { first: axis('creditAmount'), second: axis('annuityToIncome'), cells } }),
    );
    await wrapper.findAll('select')[1]?.setValue('annuityToIncome');
    await flushPromises();
    expect(asked.at(-1)?.pair).toEqual(['creditAmount', 'annuityToIncome']);
    expect(readText(wrapper.get('.own'))).toBe('4 sur 100104ce client');
    expect(wrapper.findAll('.own')).toHaveLength(1);
    expect(readText(wrapper)).toContain('trop peu');
  });
});
