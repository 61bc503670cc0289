import type { Dossier, Language } from '@lisible/contracts';
import { exampleCatalogue, exampleDossier } from '../../testing/examples.ts';
import { mountPage, readText } from '../../testing/mount-page.ts';
import DossierBanner from './DossierBanner.vue';

const show = (dossier: Dossier, language: Language = 'fr') => mountPage(DossierBanner, { props: { dossier, catalogue: exampleCatalogue }, language });

describe('the banner', () => {
  it('says the term that the lender estimates', async () => {
    const dossier = exampleDossier({ features: { creditToAnnuity: 28.79, impliedTermMonths: 36 } });
    expect(readText(await show(dossier))).toContain('Durée estimée36 mois');
    expect(readText(await show(dossier, 'en'))).toContain('Estimated term36 months');
  });

  it('else says it in instalments, as the rough figure it is', async () => {
    const dossier = exampleDossier({ features: { creditToAnnuity: 28.79, impliedTermMonths: null } });
    expect(readText(await show(dossier))).toContain('Duréeenviron 29 échéances');
    expect(readText(await show(dossier, 'en'))).toContain('Termabout 29 instalments');
  });

  it('leaves the term out where it is not known', async () => {
    expect(readText(await show(exampleDossier({ features: { creditToAnnuity: null } })))).not.toContain('Durée');
  });

  it('shows a missing history at first sight, beside the other remarks', async () => {
    const statement = { fr: 'Aucun historique.', en: 'No history.' };
    const missing = { kind: 'missing' as const, field: 'externalScore1', statement };
    const wrapper = await show(
      exampleDossier({ isHistoryMissing: true, dataQuality: [{ kind: 'history-missing', field: null, statement }, missing] }),
    );
    expect(wrapper.findAll('.chip').map(readText)).toEqual(['Historique absent', '2 remarques sur les données']);
  });
});
