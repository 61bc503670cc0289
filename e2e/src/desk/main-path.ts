import type { Dossier } from '@lisible/contracts';
import {
  adviceSchema,
  assumptionsSchema,
  catalogueViewSchema,
  clientPageSchema,
  cohortComparisonSchema,
  cohortGridSchema,
  explanationSchema,
  problemSchema,
  simulationSchema,
} from '@lisible/contracts';
import type { CohortComparison, CohortFilter } from '@lisible/contracts';
import type { Locator, Page } from 'playwright-core';
import type { Desk } from './desk.ts';
import { expectShown, figuresOf, inFrench, moneyInFrench, plain, textOf } from './figures.ts';

const badges = { approved: 'Accordé', declined: 'Refusé', referred: 'À examiner' } as const;

/** From sign-in to advice with one client; every figure that is read is the gateway's own. */
export function describeMainPath(desk: () => Desk): void {
  describe('from sign-in to advice', () => {
    let page: Page;
    let dossier: Dossier;
    const section = (name: string): Locator => page.getByRole('region', { name, exact: true });
    /** As a reader goes there: by the dossier's own table of contents. */
    const goTo = async (name: string): Promise<Locator> => {
      await page.getByRole('navigation', { name: 'Sections du dossier' }).getByRole('link', { name, exact: true }).click();
      await section(name).waitFor();
      return section(name);
    };
    const application = () => ({ clientId: dossier.clientId, applicationId: dossier.applicationId });
    const compare = (cohort: { readonly name: string; readonly filters: readonly CohortFilter[] }, features: readonly string[]) =>
      desk().ask('/v1/cohorts/comparison', cohortComparisonSchema, { cohort, features, client: application() });

    beforeAll(async () => {
      page = await desk().open('/', { isSignedIn: false, mayLog: /status of 422|status of 403|status of 409/ });
      dossier = await desk().dossier(desk().advised.clientId);
    });
    afterAll(() => page.context().close());

    it('signs in, and lists as many dossiers as there are', async () => {
      await page.getByRole('button', { name: 'Se connecter' }).waitFor();
      await desk().look(page, 'sign-in');
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await page.getByRole('button', { name: /conseillère/i }).click();
      await page.getByRole('row').nth(10).waitFor();
      const { total } = await desk().ask('/v1/clients/search', clientPageSchema, {});
      expect(await textOf(page.getByRole('main'))).toContain(`${inFrench(total)} dossiers`);
      await desk().look(page, 'clients');
    });

    it('finds the client by identifier', async () => {
      await page.getByRole('searchbox', { name: 'Rechercher un client' }).fill(dossier.clientId);
      const row = page.getByRole('row').filter({ hasText: dossier.clientId });
      await row.getByText(badges[dossier.decision?.decision ?? 'approved']).waitFor();
      expectShown(figuresOf(await textOf(row.getByText(/sur\s100/).first()))[0], (dossier.decision?.probabilityOfDefault ?? 0) * 100);
      expect(page.url()).not.toContain(dossier.clientId);
      await desk().look(page, 'clients-found');
      await row.getByRole('link').first().click();
      await section('Verdict').waitFor();
      expect(new URL(page.url()).pathname).toBe(`/clients/${dossier.clientId}`);
    });

    it('says the verdict in words, with the decision’s figures', async () => {
      const { decision } = dossier;
      if (decision === null) throw new Error('not decided');
      const text = await textOf(section('Verdict'));
      const [, risk, threshold, gap, side] =
        /Risque estimé : ([\d,]+) dossiers? sur 100 .*? Seuil : ([\d,]+) sur 100\. ([\d,]+) points? (au-dessus|en dessous)/u.exec(text) ?? [];
      expectShown(risk, decision.probabilityOfDefault * 100);
      expectShown(threshold, decision.decisionThreshold * 100);
      // What is read adds up.
      const read = (figure = ''): number => Number(figure.replace(',', '.'));
      expect(Math.abs(read(risk) - read(threshold))).toBeCloseTo(read(gap), 9);
      expect(side).toBe(decision.probabilityOfDefault > decision.decisionThreshold ? 'au-dessus' : 'en dessous');
      expect(text).toContain(badges[decision.decision]);
      expect(text).toContain(`politique de crédit version ${decision.policyVersion}`);
      const banner = await textOf(page.locator('.banner'));
      expect(banner).toContain(dossier.displayName ?? 'a name');
      expect(banner).toContain(moneyInFrench(Number(dossier.fields['creditAmount']), dossier.currency));
    });

    it('gives every reason of the ledger, and points that add up to the distance from the reference', async () => {
      const { reasonCodes, reference, probabilityOfDefault, others } = await desk().ask(
        `/v1/applications/${dossier.applicationId}/explanation`,
        explanationSchema,
      );
      const why = section('Pourquoi');
      await why.locator('.sum').waitFor();
      const text = await textOf(why);
      const reasons = why.getByRole('list', { name: /Raisons/ }).getByRole('listitem');
      for (const [index, { statement, label, value, typicalValue, points }] of reasonCodes.entries()) {
        const reason = await textOf(reasons.nth(index));
        for (const words of [statement.fr, label.fr, value.text.fr, typicalValue.text.fr]) expect(reason).toContain(plain(words));
        const [, shown] = /([+−]?[\d,]+) points?/u.exec(reason) ?? [];
        // By largest remainder, so that the sum stands: within a unit of the last place.
        expect(Math.abs(Number((shown ?? 'x').replace('−', '-').replace(',', '.')) - points)).toBeLessThan(0.1 + 1e-9);
      }
      expect(reasonCodes.length).toBeGreaterThan(0);
      expect(text).toContain(`${inFrench(others.features)} autres informations`);
      const sum = await textOf(why.locator('.sum'));
      const [first = '', ...rest] = (/Référence (.*)/u.exec(sum)?.[1] ?? '').split(/ (?=[+−=] )/u);
      const last = rest.pop();
      expectShown(first, reference.probabilityOfDefault * 100);
      expectShown(figuresOf(last ?? '')[0], probabilityOfDefault * 100);
      const number = (term: string): number => Number(term.replaceAll(' ', '').replace('−', '-').replace(',', '.'));
      expect(rest.reduce((total, term) => total + number(term), number(first))).toBeCloseTo(number(figuresOf(last ?? '')[0] ?? ''), 6);
      expect(text).not.toMatch(/log-odds|SHAP|[A-Z]+_[A-Z]+_/u);
      await desk().look(page, 'dossier');
    });

    it('says what is not known and how far it would move the estimate', async () => {
      const assumptions = await desk().ask('/v1/assumptions', assumptionsSchema, application());
      const assumed = await goTo('Ce que nous savons, ce que nous supposons');
      await assumed.locator('.section-sentence').waitFor();
      const inputs = assumed.locator('.inputs > li');
      expect(await inputs.count()).toBe(Math.min(assumptions.inputs.length, 4));
      for (const [index, input] of assumptions.inputs.slice(0, 4).entries()) {
        const text = await textOf(inputs.nth(index));
        expect(text).toContain(plain(input.label.fr));
        for (const probability of [input.lowest.probabilityOfDefault, input.highest.probabilityOfDefault, assumptions.outcome.probabilityOfDefault])
          expect(text).toContain(inFrench(probability * 100, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
      }
      const couldChange = assumptions.inputs.filter(({ couldChangeDecision }) => couldChangeDecision).length;
      const lead = await textOf(assumed.locator('.section-sentence'));
      if (couldChange > 1) expect(lead).toContain(`${couldChange} informations`);
      else expect(lead).toMatch(couldChange === 1 ? /^Une information/u : /aucune de leurs valeurs|Rien de ce qui manque/u);
    });

    it('narrows what is known of the client by a search and by filters', async () => {
      const { fields } = await desk().ask('/v1/catalogue', catalogueViewSchema);
      const income = fields.find(({ name }) => name === 'incomeAmount');
      const known = await goTo('Informations du client');
      await known.getByRole('searchbox').fill(income?.label.fr ?? '');
      const item = known.getByRole('listitem').filter({ has: page.getByRole('button', { name: income?.label.fr ?? '', exact: true }) });
      expect(await textOf(item)).toContain(moneyInFrench(Number(dossier.fields['incomeAmount']), dossier.currency));
      const countWords = async (): Promise<string> => textOf(known.locator('.count'));
      expect(await countWords()).toBe(((count) => `${count} information${count > 1 ? 's' : ''}`)(await known.locator('.items > li').count()));
      await known.getByRole('searchbox').fill('');
      await known.getByRole('checkbox', { name: /manquantes|non renseignées/i }).check();
      const missing = await known.locator('.items > li').allInnerTexts();
      expect(missing.length).toBeGreaterThan(0);
      expect(missing.filter((text) => !plain(text).includes('non renseigné'))).toEqual([]);
      expect(figuresOf(await countWords())[0]).toBe(String(missing.length));
      await known.getByRole('checkbox', { name: /manquantes|non renseignées/i }).uncheck();
    });

    describe('compares the client', () => {
      const expectComparison = async (place: Locator, { groupSize, outcome, features: [feature] }: CohortComparison): Promise<void> => {
        const size = `${inFrench(groupSize)} prêts passés dans le groupe`;
        await place
          .locator('.section-sentence')
          .filter({ hasText: new RegExp(size.replaceAll(' ', '\\s')) })
          .waitFor();
        const sentence = await textOf(place.locator('.section-sentence'));
        const share = inFrench(feature?.client?.shareBelow ?? -1, { style: 'percent', maximumFractionDigits: 1 });
        expect(sentence).toContain(`plus élevé que chez ${share} du groupe`);
        if (outcome === null) throw new Error('their outcome is not told');
        const [rate, lower, upper] = [outcome.defaultRate.value, outcome.defaultRate.lower, outcome.defaultRate.upper].map((part) =>
          inFrench(part * 100, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
        );
        expect(sentence).toContain(`Ont fini impayés : ${rate} sur 100 (intervalle de ${lower} à ${upper})`);
        expect(sentence).toContain(`La moitié du groupe est au-dessous de ${moneyInFrench(feature?.quantiles.q50 ?? -1, dossier.currency)}`);
      };

      it.each([
        ['everybody', 'Tous les clients'],
        ['similar', 'Clients proches'],
        ['approved', 'Clients acceptés'],
      ] as const)('with a group: %s', async (name, label) => {
        const answer = await compare({ name, filters: [] }, ['creditAmount']);
        const place = await goTo('Comparer');
        await place.getByRole('radio', { name: label }).check();
        await expectComparison(place, answer);
        // The chart's table holds the group's own counts.
        const counts =
          answer.features[0]?.bins.flatMap(({ count, defaultRate }) => {
            if (count === null || count === 0) return [];
            const defaulted = Math.round(count * (defaultRate?.value ?? 0));
            return [inFrench(count - defaulted), inFrench(defaulted)];
          }) ?? [];
        const tables = plain((await place.locator('figure table').first().textContent()) ?? '');
        expect(counts.filter((count) => !tables.includes(count))).toEqual([]);
        if (name === 'everybody') await desk().look(page, 'dossier-compared');
      });

      it('with a group of her choice, and is told why a group is too small', async () => {
        const { fields } = await desk().ask('/v1/catalogue', catalogueViewSchema);
        const { fields: grid } = await desk().ask('/v1/cohorts/grid', cohortGridSchema);
        const labelOf = (name: string): string => fields.find((field) => field.name === name)?.label.fr ?? '';
        const place = await goTo('Comparer');
        await place.getByRole('radio', { name: 'Groupe choisi' }).check();
        await place.getByText('Ajoutez au moins un filtre').waitFor();
        const addFilter = async (field: string, from: number): Promise<void> => {
          await place.getByRole('button', { name: 'Ajouter un filtre' }).click();
          await place.getByRole('searchbox').fill(labelOf(field));
          await place.getByRole('button', { name: labelOf(field), exact: true }).click();
          await place.getByRole('combobox', { name: 'De', exact: true }).selectOption({ value: String(from) });
          await place.getByRole('button', { name: 'Appliquer' }).click();
        };
        const edgesOf = (name: string): readonly number[] => grid.find(({ field }) => field === name)?.edges ?? [];
        const [, second = 0] = edgesOf('incomeAmount');
        await addFilter('incomeAmount', second);
        await expectComparison(
          place,
          await compare({ name: 'filters', filters: [{ field: 'incomeAmount', from: second, to: null }] }, ['creditAmount']),
        );
        await desk().look(page, 'dossier-compared-by-filter');

        const top = edgesOf('creditAmount').at(-1) ?? 0;
        const refusal = await desk().ask('/v1/cohorts/comparison', problemSchema, {
          cohort: {
            name: 'filters',
            filters: [
              { field: 'incomeAmount', from: second, to: null },
              { field: 'creditAmount', from: top, to: null },
            ],
          },
          features: ['creditAmount'],
          client: application(),
        });
        expect(refusal.code).toBe('cohort-withheld');
        await addFilter('creditAmount', top);
        await place.getByRole('alert').waitFor();
        expect(await textOf(place.getByRole('alert'))).toContain('Il n’y a pas de réponse à cette question');
        await desk().look(page, 'dossier-group-too-small');
      });
    });

    it('tells how the loans of similar clients ended', async () => {
      const { groupSize, outcome, similar } = await compare({ name: 'similar', filters: [] }, []);
      if (outcome === null) throw new Error('their outcome is not told');
      const place = await goTo('Dossiers passés proches, et leur issue');
      await place.locator('.section-sentence').waitFor();
      const [size, defaulted, rate, , lower, upper] = figuresOf(await textOf(place.locator('.section-sentence')));
      expectShown(size, groupSize);
      expectShown(defaulted, outcome.defaulted);
      expectShown(rate, outcome.defaultRate.value * 100);
      expectShown(lower, outcome.defaultRate.lower * 100);
      expectShown(upper, outcome.defaultRate.upper * 100);
      const text = await textOf(place);
      for (const { label } of similar?.shared ?? []) expect(text).toContain(plain(label.fr));
    });

    it('simulates another amount, as the gateway estimates it', async () => {
      const asked = await desk().ask('/v1/simulations', simulationSchema, { ...application(), change: {} });
      const lever = asked.levers.find(({ name }) => name === 'creditAmount');
      const creditAmount = Math.round(((lever?.min ?? 0) + asked.before.terms.creditAmount) / 2 / 1000) * 1000;
      const { before, after } = await desk().ask('/v1/simulations', simulationSchema, { ...application(), change: { creditAmount } });
      const place = await goTo('Simuler');
      await place.getByText('Simulation, non enregistrée').waitFor();
      const amount = place.getByRole('textbox', { name: lever?.label.fr ?? '' });
      await amount.fill(String(creditAmount));
      await amount.press('Enter');
      await place
        .getByText(/Le modèle estimerait/)
        .first()
        .waitFor();
      await place.locator('.result[aria-busy="false"]').waitFor();
      const [now, , then, limit] = figuresOf(await textOf(place.locator('.section-sentence')));
      expectShown(now, after.outcome.probabilityOfDefault * 100);
      expectShown(then, before.outcome.probabilityOfDefault * 100);
      expectShown(limit, after.outcome.decisionThreshold * 100);
      const text = await textOf(place);
      expect(text).toContain(
        `${moneyInFrench(creditAmount, asked.currency)} sur ${after.terms.termMonths} mois, échéance de ${moneyInFrench(after.terms.annuityAmount, asked.currency)}`,
      );
      expect(text).toContain(badges[after.outcome.decision]);
      await amount.fill('beaucoup');
      await amount.press('Enter');
      await place.getByText(/Écrivez un nombre, par exemple/).waitFor();
      await desk().look(page, 'dossier-simulated');
      await place.getByRole('button', { name: 'Revenir à la demande' }).click();
    });

    it('advises the smallest change, which the simulation then confirms', async () => {
      const advice = await desk().ask('/v1/advice', adviceSchema, application());
      const { before, after } = advice;
      if (after === null) throw new Error('nothing is advised');
      const place = await goTo('Conseils');
      await place.getByText('Le plus petit changement qui passerait').waitFor();
      const text = await textOf(place);
      if (after.terms.creditAmount !== before.terms.creditAmount)
        expect(text).toContain(
          `Demander ${moneyInFrench(after.terms.creditAmount, advice.currency)} au lieu de ${moneyInFrench(before.terms.creditAmount, advice.currency)}`,
        );
      if (after.terms.termMonths !== before.terms.termMonths)
        expect(text).toContain(`Rembourser sur ${after.terms.termMonths} mois au lieu de ${before.terms.termMonths}`);
      const [shown, , earlier, limit] = figuresOf(/Le modèle estimerait .*? pour un seuil de [\d,]+/u.exec(text)?.[0] ?? '');
      expectShown(shown, after.outcome.probabilityOfDefault * 100);
      expectShown(earlier, before.outcome.probabilityOfDefault * 100);
      expectShown(limit, after.outcome.decisionThreshold * 100);
      expect(text).toContain(badges[after.outcome.decision]);
      await desk().look(page, 'dossier-advised');

      await place.getByRole('button', { name: 'Essayer dans la simulation' }).click();
      const simulate = section('Simuler');
      await simulate
        .getByText(/Le modèle estimerait/)
        .first()
        .waitFor();
      await simulate.locator('.result[aria-busy="false"]').waitFor();
      expectShown(figuresOf(await textOf(simulate.locator('.section-sentence')))[0], after.outcome.probabilityOfDefault * 100);
      expect(await textOf(simulate.locator('.outcome'))).toBe(badges[after.outcome.decision]);
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('simulate-title');
    });
  });
}
