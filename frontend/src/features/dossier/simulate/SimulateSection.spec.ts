import type { LoanChange, Simulation } from '@lisible/contracts';
import { flushPromises } from '@vue/test-utils';
import { defineComponent, h, ref } from 'vue';
import { announcement } from '../../../app/announcer.ts';
import { ApiError } from '../../../app/api/api.client.ts';
import { exampleDossier, exampleReason } from '../../../testing/examples.ts';
import { mountPage, readText } from '../../../testing/mount-page.ts';
import { exampleSimulation, exampleSmallerLoan } from '../../../testing/simulation-examples.ts';
import { changedReasons } from './changed-reasons.ts';
import SimulateSection from './SimulateSection.vue';

interface Asked {
  readonly path: string;
  readonly change: LoanChange;
}

const show = async (
  answer: (change: LoanChange) => Simulation | Error = ({ creditAmount }) =>
    creditAmount === undefined ? exampleSimulation() : exampleSmallerLoan(),
  dossier = exampleDossier(),
) => {
  const asked: Asked[] = [];
  const post = (path: string, body: unknown): Promise<unknown> => {
    const { change } = body as { change: LoanChange };
    asked.push({ path, change });
    const answered = answer(change);
    return answered instanceof Error ? Promise.reject(answered) : Promise.resolve(answered);
  };
  const change = ref<LoanChange>({});
  const Page = defineComponent(
    () => () => h(SimulateSection, { dossier, modelValue: change.value, 'onUpdate:modelValue': (now: LoanChange) => (change.value = now) }),
  );
  const wrapper = await mountPage(Page, { api: { post } });
  await flushPromises();
  return { wrapper, asked, change };
};
const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(300);
  await flushPromises();
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the simulation', () => {
  it('says that nothing is recorded, and begins with the loan as it was asked for', async () => {
    const { wrapper, asked } = await show();
    const text = readText(wrapper);
    expect(text).toContain('Simulation, non enregistrée');
    expect(text).toContain('Telle que demandée : le modèle estime 14 dossiers sur 100 non remboursés, pour un seuil de 9.');
    expect(text).toContain('260 000 € sur 24 mois, échéance de 15 000 €.');
    expect(asked).toEqual([{ path: '/v1/simulations', change: {} }]);
  });

  it('asks once the hand rests, shows before and after, what changed, and announces it', async () => {
    const { wrapper, asked } = await show();
    const [amount] = wrapper.findAll('input[type="range"]');
    for (const value of ['250000', '230000', '210000']) await amount?.setValue(value);
    expect(asked).toHaveLength(1);
    await settle();
    expect(asked.slice(1)).toEqual([{ path: '/v1/simulations', change: { creditAmount: 210_000 } }]);
    const text = readText(wrapper);
    expect(text).toContain('Le modèle estimerait 7 dossiers sur 100 non remboursés, au lieu de 14, pour un seuil de 9.');
    expect(text).toContain('échéance de 12 115 €');
    expect(wrapper.findAll('tbody tr').map(readText)).toEqual(['Scores externes+4,0+1,2']);
    expect(announcement.value).toContain('Ce crédit serait accordé.');
  });

  it('moves from one term on offer to the next, and lets an instalment set the term instead', async () => {
    const { wrapper, change } = await show();
    await wrapper.findAll('input[type="range"]')[1]?.setValue('2');
    expect(change.value).toEqual({ termMonths: 36 });
    await settle();
    const annuity = wrapper.findAll('.field-input')[2];
    await annuity?.setValue('9 000');
    await annuity?.trigger('change');
    expect(change.value).toEqual({ annuityAmount: 9000 });
  });

  it('says what is wrong at the field, with the bounds, and asks nothing', async () => {
    const { wrapper, asked, change } = await show();
    const [amount] = wrapper.findAll('.field-input');
    await amount?.setValue('9 000 000');
    await amount?.trigger('change');
    await settle();
    expect(readText(wrapper.get('.problem'))).toBe('Choisissez une valeur entre 50 000 et 390 000.');
    expect(amount?.attributes('aria-invalid')).toBe('true');
    await amount?.setValue('beaucoup');
    await amount?.trigger('change');
    expect(readText(wrapper.get('.problem'))).toBe('Écrivez un nombre, par exemple 260 000.');
    expect([asked.length, change.value]).toEqual([1, {}]);
  });

  it('keeps the answer before when the next one fails, and says so', async () => {
    const { wrapper } = await show(({ creditAmount }) => (creditAmount === undefined ? exampleSimulation() : new ApiError('internal')));
    await wrapper.findAll('input[type="range"]')[0]?.setValue('210000');
    await settle();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(readText(wrapper)).toContain('le résultat d’avant reste affiché');
    expect(readText(wrapper)).toContain('260 000 € sur 24 mois');
  });

  it('goes back to the application', async () => {
    const { wrapper, change } = await show();
    expect(wrapper.get('.levers button').attributes('disabled')).toBeDefined();
    await wrapper.findAll('input[type="range"]')[0]?.setValue('210000');
    await settle();
    await wrapper.get('.levers button').trigger('click');
    await settle();
    expect(change.value).toEqual({});
    expect(readText(wrapper)).toContain('Telle que demandée');
  });

  it('says that a past loan has ended, and asks nothing', async () => {
    const { wrapper, asked } = await show(undefined, exampleDossier({ kind: 'past-loan', decision: null }));
    expect(readText(wrapper)).toContain('Ce prêt passé est terminé');
    expect(asked).toEqual([]);
  });
});

describe('reasons that change', () => {
  it('are those a reader sees move, the greatest move first, entering and leaving ones included', () => {
    const { before, after } = exampleSimulation();
    const reasons = (points: Record<string, number>) => Object.entries(points).map(([code, value]) => exampleReason({ code, points: value }));
    const changed = changedReasons({
      before: { ...before, reasonCodes: reasons({ A: 4, B: 1.01, C: 2 }) },
      after: { ...after, reasonCodes: reasons({ A: 3.5, B: 1.04, D: -3 }) },
    });
    expect(changed.map(({ code, before: was, after: is }) => [code, was, is])).toEqual([
      ['D', null, -3],
      ['C', 2, null],
      ['A', 4, 3.5],
    ]);
  });
});
