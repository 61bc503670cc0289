import { catalogueViewSchema, type Assumptions } from '@lisible/contracts';
import { flushPromises } from '@vue/test-utils';
import { exampleCatalogue, exampleDossier } from '../../../testing/examples.ts';
import { mountPage, readText } from '../../../testing/mount-page.ts';
import { exampleAssumptions } from '../../../testing/simulation-examples.ts';
import AssumptionsSection from './AssumptionsSection.vue';

const [anyField] = exampleCatalogue.fields;
const catalogue = catalogueViewSchema.parse({
  ...exampleCatalogue,
  fields: [...exampleCatalogue.fields, { ...anyField, name: 'externalScore1', theme: 'credit-bureau' }],
});

const show = async (answer: Assumptions, dossier = exampleDossier()) => {
  const wrapper = await mountPage(AssumptionsSection, {
    props: { dossier, catalogue },
    api: { post: () => Promise.resolve(answer) },
  });
  await flushPromises();
  return { wrapper, text: readText(wrapper) };
};

describe('what we know, what we assume', () => {
  it('says of each input how far the estimate would move, what to ask for, and of whom', async () => {
    const { text, wrapper } = await show(exampleAssumptions());
    expect(text).toContain('Une information qui manque ou qui est douteuse pourrait changer la décision.');
    expect(text).toContain(
      'Selon sa valeur, le modèle estimerait un risque de 7,2 sur 100 (valeur : 0,79) à 20,1 sur 100 (valeur : 0,21) ; 14,2 aujourd’hui, sans cette information.',
    );
    expect(text).toContain('À obtenir des fichiers de crédit ou des organismes de notation : Score externe n° 1.');
    expect(text).toContain('Profession inconnue du modèle.');
    expect(text).not.toContain('À demander au client : Profession');
    expect(text).toContain('3 autres informations que le modèle lit manquent, sans effet sensible sur l’estimation.');
    expect(wrapper.findAll('[role="img"]').map((bar) => bar.attributes('aria-label'))).toHaveLength(2);
  });

  it('asks the client for what the client knows', async () => {
    const [, occupation] = exampleAssumptions().inputs;
    const { text } = await show(exampleAssumptions({ inputs: [{ ...occupation!, couldChangeDecision: true }] }));
    expect(text).toContain('À demander au client : Profession.');
  });

  it('says when nothing missing weighs, and when no plausible value would change the decision', async () => {
    expect((await show(exampleAssumptions({ inputs: [] }))).text).toContain('Aucune information manquante ou douteuse ne pèse sur cette décision.');
    const inputs = exampleAssumptions().inputs.map((input) => ({ ...input, couldChangeDecision: false }));
    expect((await show(exampleAssumptions({ inputs }))).text).toContain('aucune de leurs valeurs plausibles ne changerait la décision');
  });

  it('says that a rule decides whatever the values, where one does', async () => {
    const inputs = exampleAssumptions().inputs.map((input) => ({ ...input, couldChangeDecision: false }));
    const hit = { code: 'TOO_LITTLE', effect: 'refer' as const, statement: { fr: 'Trop peu.', en: 'Too little.' } };
    const { text } = await show(exampleAssumptions({ inputs, outcome: { ...exampleAssumptions().outcome, ruleHits: [hit] } }));
    expect(text).toContain('car une règle de la politique s’applique ; l’estimation, elle, bougerait ainsi.');
  });

  it('says what is missing and cannot be tried, and asks for a past that is old', async () => {
    const [score] = exampleAssumptions().inputs;
    const past = { ...score!, field: 'history', label: { fr: 'Historique du client', en: 'The client’s past' }, kind: 'stale' as const };
    const { text } = await show(exampleAssumptions({ inputs: [past], unmeasuredInputs: [{ fr: 'Score externe n° 3', en: 'External score no. 3' }] }));
    expect(text).toContain('Historique du client Ancien');
    expect(text).toContain('À mettre à jour auprès des fichiers de crédit : Historique du client.');
    expect(text).toContain('Manquent aussi, sans valeur plausible à essayer : Score externe n° 3.');
  });

  it('says that the past is unknown', async () => {
    expect((await show(exampleAssumptions({ isHistoryMissing: true }))).text).toContain('Aucun historique de ce client n’est connu');
  });

  it('says one estimate where there is one plausible value', async () => {
    const [score] = exampleAssumptions().inputs;
    const { text } = await show(exampleAssumptions({ inputs: [{ ...score!, highest: score!.lowest }] }));
    expect(text).toContain(
      'Si c’était la valeur habituelle (0,79), le modèle estimerait un risque de 7,2 sur 100 ; 14,2 aujourd’hui, sans cette information.',
    );
  });
});
