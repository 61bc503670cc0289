import type { Explanation, Language } from '@lisible/contracts';
import { ApiError } from '../../app/api/api.client.ts';
import { exampleCatalogue, exampleExplanation, exampleReason } from '../../testing/examples.ts';
import { mountPage, readText } from '../../testing/mount-page.ts';
import WhySection from './WhySection.vue';

const show = (explanation: Explanation | null, language: Language = 'fr', error: unknown = null) =>
  mountPage(WhySection, { props: { explanation, catalogue: exampleCatalogue, error, isDecisionPending: false }, language });

describe('why', () => {
  it('says what the reference is and how far the case is from it, then the reasons', async () => {
    const text = readText(await show(exampleExplanation()));
    expect(text).toContain(
      'Référence : 200 clients acceptés près du seuil, risque estimé 8,4 sur 100. Ce dossier : 14,2 sur 100, soit 5,8 points de plus.',
    );
    expect(text).toContain('Les scores externes sont moins bons.');
    expect(text).toContain('Ce client0,31');
    expect(text).toContain('Clients acceptés près du seuil0,55');
    expect(text.indexOf('Les scores externes sont moins bons.')).toBeLessThan(text.indexOf('Lire ces chiffres'));
  });

  it('shows points that add up, in both languages', async () => {
    expect(readText(await show(exampleExplanation()))).toContain('Référence 8,4 + 4,0 + 2,5 − 0,7 = 14,2 sur 100');
    expect(readText(await show(exampleExplanation(), 'en'))).toContain('Reference 8.4 + 4.0 + 2.5 − 0.7 = 14.2 in 100');
  });

  it('gives the chart a sentence and a table with the same figures', async () => {
    const wrapper = await show(exampleExplanation());
    expect(readText(wrapper.get('figcaption'))).toContain('Scores externes : +4,0 points ; Durée du crédit : +2,5 points ; Autres : −0,7 point.');
    expect(wrapper.findAll('tbody tr').map(readText)).toEqual(['Scores externes+4,0 points', 'Durée du crédit+2,5 points', 'Autres−0,7 point']);
  });

  it('puts the rules of the policy before the reasons of the model', async () => {
    const ruleHits = [
      { code: 'INCOME', effect: 'refer' as const, statement: { fr: 'L’échéance dépasse le revenu.', en: 'The instalment exceeds the income.' } },
    ];
    const [first] = (await show(exampleExplanation({ ruleHits }))).findAll('.reasons li');
    expect(first === undefined ? '' : readText(first)).toContain('L’échéance dépasse le revenu.');
  });

  it('keeps log-odds for the expert view', async () => {
    const wrapper = await show(exampleExplanation());
    expect(readText(wrapper)).not.toMatch(/log-odds|Shapley|EXTERNAL_SCORES|externalScoreMean/);
    await wrapper.get('button[aria-pressed="false"]').trigger('click');
    const text = readText(wrapper);
    expect(text).toContain('Attributions exactes, en log-odds');
    expect(text).toContain('Moyenne des scores externes');
    expect(text).toContain('−1,7990');
  });

  it('says that nothing stands out when no reason was written', async () => {
    const explanation = exampleExplanation({ probabilityOfDefault: 0.084, reasonCodes: [], others: { shapValue: 0, points: 0, features: 120 } });
    expect(readText(await show(explanation))).toContain('Aucune information n’écarte nettement ce dossier de la référence.');
  });

  it('says that the explanation is unavailable while the decision stands, with a way out', async () => {
    const wrapper = await show(null, 'fr', new ApiError('service-unavailable'));
    expect(readText(wrapper)).toContain('Explication indisponible, décision affichée');
    await wrapper.get('button').trigger('click');
    expect(wrapper.emitted('retry')).toHaveLength(1);
  });

  it('waits in words', async () => {
    expect(readText(await show(null))).toContain('L’explication arrive…');
  });

  it('shows hostile text, and does not run it', async () => {
    const hostile = '<script>alert(1)</script>';
    const wrapper = await show(
      exampleExplanation({ reasonCodes: [exampleReason({ statement: { fr: hostile, en: hostile }, label: { fr: hostile, en: hostile } })] }),
    );
    expect(readText(wrapper)).toContain(hostile);
    expect(wrapper.find('script').exists()).toBe(false);
  });
});
