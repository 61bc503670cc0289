import type { Dossier, Language } from '@lisible/contracts';
import { exampleDecision, exampleDossier, exampleEstimate } from '../../testing/examples.ts';
import { mountPage, readText } from '../../testing/mount-page.ts';
import VerdictSection from './VerdictSection.vue';

const show = (dossier: Dossier, language: Language = 'fr') => mountPage(VerdictSection, { props: { dossier, isLate: false }, language });

describe('the verdict', () => {
  it('speaks in words first, in French', async () => {
    const text = readText(await show(exampleDossier()));
    expect(text).toContain(
      'Risque estimé : 14 dossiers sur 100 ne sont pas remboursés. Seuil : 9 sur 100. 5 points au-dessus : le modèle propose de refuser.',
    );
    expect(text).toContain('Refusé');
  });

  it('speaks in words first, in English', async () => {
    const text = readText(await show(exampleDossier(), 'en'));
    expect(text).toContain('Estimated risk: 14 in 100 loans are not repaid. Threshold: 9 in 100. 5 points above: the model proposes to decline.');
    expect(text).toContain('Declined');
  });

  it('counts one as one, in both languages', async () => {
    const dossier = exampleDossier({ decision: exampleDecision({ probabilityOfDefault: 0.012, proposal: 'approved', decision: 'approved' }) });
    expect(readText(await show(dossier))).toContain(
      'Risque estimé : 1 dossier sur 100 n’est pas remboursé. Seuil : 9 sur 100. 8 points en dessous : le modèle propose d’accorder.',
    );
    expect(readText(await show(dossier, 'en'))).toContain(
      'Estimated risk: 1 in 100 loans is not repaid. Threshold: 9 in 100. 8 points below: the model proposes to approve.',
    );
  });

  it('says the zone of a referred application, with figures that differ from the threshold', async () => {
    const text = readText(await show(exampleDossier({ decision: exampleDecision({ probabilityOfDefault: 0.0935, decision: 'referred' }) })));
    expect(text).toContain(
      'Risque estimé : 9,4 dossiers sur 100 ne sont pas remboursés. Seuil : 9,1 sur 100. 0,3 point au-dessus : le modèle propose de refuser.',
    );
    expect(text).toContain('Ce risque est dans la zone d’examen, de 8,1 à 10,3 sur 100 : la décision revient à une personne.');
    expect(text).toContain('À examiner');
  });

  it('measures against the threshold of the decision itself, which a policy may set by the amount', async () => {
    const decision = exampleDecision({ probabilityOfDefault: 0.142, decisionThreshold: 0.182, proposal: 'approved', decision: 'approved' });
    expect(readText(await show(exampleDossier({ decision })))).toContain('Seuil : 18 sur 100. 4 points en dessous : le modèle propose d’accorder.');
  });

  it('words the rules that were met and does not blame the zone for them', async () => {
    const ruleHits = [
      { code: 'INCOME', effect: 'refer' as const, statement: { fr: 'L’échéance dépasse le revenu.', en: 'The instalment exceeds the income.' } },
    ];
    const text = readText(await show(exampleDossier({ decision: exampleDecision({ decision: 'referred', ruleHits }) })));
    expect(text).toContain('le modèle propose de refuser, mais une règle de la politique demande l’examen par une personne.');
    expect(text).toContain('L’échéance dépasse le revenu.');
    expect(text).not.toContain('zone d’examen,');
  });

  it('never leaves a proposal to approve alone where a rule imposes the refusal, nor opposes the two where they agree', async () => {
    const ruleHits = [{ code: 'AGE', effect: 'decline' as const, statement: { fr: 'Moins de 18 ans.', en: 'Under 18.' } }];
    const approved = exampleDossier({
      decision: exampleDecision({ probabilityOfDefault: 0.05, proposal: 'approved', decision: 'declined', ruleHits }),
    });
    expect(readText(await show(approved))).toContain(
      '4 points en dessous : le modèle propose d’accorder, mais une règle de la politique impose le refus. Moins de 18 ans.',
    );
    expect(readText(await show(approved, 'en'))).toContain(
      '4 points below: the model proposes to approve, but a rule of the policy requires a refusal. Under 18.',
    );
    const declined = exampleDossier({ decision: exampleDecision({ ruleHits }) });
    expect(readText(await show(declined))).toContain(
      '5 points au-dessus : le modèle propose de refuser, et une règle de la politique impose le refus.',
    );
  });

  it('badges a past loan, says that its estimate is out of fold, and shows what happened after', async () => {
    const text = readText(await show(exampleDossier({ kind: 'past-loan', decision: null, pastLoanEstimate: exampleEstimate(), defaulted: 1 })));
    expect(text).toContain('Accord proposé');
    expect(text).toContain('Cette estimation vient d’un modèle qui ne l’avait pas vu');
    expect(text.indexOf('Ce prêt n’a pas été remboursé.')).toBeGreaterThan(text.indexOf('Risque estimé'));
  });

  it('gives the bar the same words for those who do not see it', async () => {
    const bar = (await show(exampleDossier())).get('[role="img"]');
    expect(bar.attributes('aria-label')?.replaceAll(/\s/gu, ' ')).toBe(
      'Risque estimé : 14 dossiers sur 100 ne sont pas remboursés. Seuil : 9 sur 100. 5 points au-dessus : le modèle propose de refuser.',
    );
  });

  it('draws no grey zone where the policy has none', async () => {
    const wrapper = await show(exampleDossier({ decision: exampleDecision({ greyZone: null }) }));
    expect(wrapper.find('.zone.review').exists()).toBe(false);
    expect(readText(wrapper)).not.toContain('Examen par une personne');
  });

  it('says that a decision is on its way, without a figure', async () => {
    const text = readText(await show(exampleDossier({ decision: null })));
    expect(text).toContain('Décision en cours');
    expect(text).not.toMatch(/\d/);
  });

  it('shows hostile text, and does not run it', async () => {
    const hostile = '<img src=x onerror="alert(1)">';
    const ruleHits = [{ code: 'X', effect: 'decline' as const, statement: { fr: hostile, en: hostile } }];
    const wrapper = await show(exampleDossier({ decision: exampleDecision({ ruleHits }) }));
    expect(readText(wrapper)).toContain(hostile);
    expect(wrapper.find('img').exists()).toBe(false);
  });
});
