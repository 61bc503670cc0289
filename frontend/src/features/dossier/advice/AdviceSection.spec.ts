import type { Advice } from '@lisible/contracts';
import { flushPromises } from '@vue/test-utils';
import { exampleDossier } from '../../../testing/examples.ts';
import { mountPage, readText } from '../../../testing/mount-page.ts';
import { exampleAdvice, exampleOutcome } from '../../../testing/simulation-examples.ts';
import AdviceSection from './AdviceSection.vue';

const show = async (answer: Advice | Promise<never>, dossier = exampleDossier()) => {
  const asked: unknown[] = [];
  const post = (path: string, body: unknown): Promise<unknown> => {
    asked.push([path, body]);
    return Promise.resolve(answer);
  };
  const wrapper = await mountPage(AdviceSection, { props: { dossier }, api: { post } });
  await flushPromises();
  return { wrapper, asked };
};

describe('advice', () => {
  it('says the smallest change in words, and offers to try it', async () => {
    const { wrapper, asked } = await show(exampleAdvice());
    const text = readText(wrapper);
    expect(asked).toEqual([['/v1/advice', { clientId: 'C-1', applicationId: 'A-1' }]]);
    expect(text).toContain('Demander 210 000 € au lieu de 260 000 €');
    expect(text).not.toContain('mois au lieu de');
    expect(text).toContain('Le modèle estimerait 7 dossiers sur 100 non remboursés au lieu de 14, pour un seuil de 9.');
    await wrapper.get('.button-primary').trigger('click');
    expect(wrapper.emitted('try')).toEqual([[{ creditAmount: 210_000 }]]);
  });

  it('says honestly that no reasonable change is enough, why, and what the best tried would give', async () => {
    const reason = { fr: 'Une règle s’applique.', en: 'A rule applies.' };
    const { wrapper } = await show(
      exampleAdvice({ kind: 'none', reason, after: { ...exampleAdvice().before, outcome: exampleOutcome({ probabilityOfDefault: 0.121 }) } }),
    );
    const text = readText(wrapper);
    expect(text).toContain('Aucun changement raisonnable du montant ou de la durée ne suffirait.');
    expect(text).toContain('Une règle s’applique.');
    expect(text).toContain('le modèle estimerait 12 dossiers sur 100');
    expect(wrapper.find('.button-primary').exists()).toBe(false);
  });

  it('names no best that is none: what was asked for is better', async () => {
    const { wrapper } = await show(
      exampleAdvice({ kind: 'none', reason: null, after: { ...exampleAdvice().before, outcome: exampleOutcome({ probabilityOfDefault: 0.21 }) } }),
    );
    const text = readText(wrapper);
    expect(text).toContain('Aucun changement raisonnable');
    expect(text).not.toContain('Au mieux');
    expect(wrapper.find('[role="img"]').exists()).toBe(false);
  });

  it('says what would become of the best that was found', async () => {
    const { wrapper } = await show(
      exampleAdvice({
        kind: 'none',
        reason: null,
        after: { ...exampleAdvice().before, outcome: exampleOutcome({ probabilityOfDefault: 0.1, decision: 'referred' }) },
      }),
    );
    expect(readText(wrapper)).toContain('Ce crédit serait examiné par une personne.');
  });

  it('says that nothing needs to change', async () => {
    const { wrapper } = await show(exampleAdvice({ kind: 'nothing-needed', after: null, tried: 0 }));
    expect(readText(wrapper)).toContain('Rien n’a besoin de changer');
  });

  it('shows that it searches', async () => {
    const { wrapper } = await show(new Promise<never>(() => undefined));
    expect(readText(wrapper.get('[role="status"]'))).toContain('Recherche du plus petit changement');
  });

  it('asks nothing of a past loan', async () => {
    const { wrapper, asked } = await show(exampleAdvice(), exampleDossier({ kind: 'past-loan', decision: null }));
    expect([readText(wrapper).includes('Ce prêt passé est terminé'), asked]).toEqual([true, []]);
  });
});
