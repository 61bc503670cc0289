import { explanationSchema, simulationSchema } from '@lisible/contracts';
import { readToTheEnd } from '@lisible/runner';
import type { Locator, Page } from 'playwright-core';
import type { Desk } from './desk.ts';
import { inFrench, moneyInFrench, textOf } from './figures.ts';

/** What a back end in trouble answers. */
const problem = (status: number) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: 'about:blank',
    title: 'in trouble',
    status,
    code: status === 503 ? 'service-unavailable' : status === 403 ? 'forbidden' : status === 401 ? 'unauthenticated' : 'internal',
    // An error of ours is told by its reference only.
    ...(status === 500 ? {} : { detail: 'in trouble' }),
    correlationId: 'test-reference',
  }),
});

export function describeBackEnd(desk: () => Desk): void {
  const section = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

  describe('on a slow back end', () => {
    it('shows at once where everything will stand, says that it is coming, and then shows it', async () => {
      const page = await desk().open('/clients', {
        prepare: (opened) =>
          opened.route('**/v1/**', async (route) => {
            await new Promise((resolve) => setTimeout(resolve, 1_500));
            await route.continue();
          }),
      });
      try {
        await page.locator('[aria-busy="true"] .skeleton').first().waitFor();
        await page.getByText('Chargement des dossiers…').waitFor({ state: 'attached' });
        await desk().look(page, 'clients-slow');
        await page.getByRole('row').nth(10).waitFor();
        await page.goto(`${desk().url}/clients/${desk().declined.clientId}`);
        await page.locator('.page.loading[aria-busy="true"] .skeleton').first().waitFor();
        await page.getByText('Chargement du dossier…').waitFor({ state: 'attached' });
        await page.locator('#verdict .sentence').first().waitFor();
        await page.goto(`${desk().url}/clients/${desk().declined.clientId}#simulate`);
        for (const name of ['Simuler', 'Conseils']) {
          await section(page, name).locator('[aria-busy="true"]').first().waitFor();
          await section(page, name).getByRole('status').first().waitFor({ state: 'attached' });
        }
        await desk().look(page, 'dossier-slow');
        await readToTheEnd(page);
        expect(await page.locator('[aria-busy="true"]').count()).toBe(0);
        expect(await page.getByRole('alert').count()).toBe(0);
      } finally {
        await page.context().close();
      }
    });
  });

  describe('on a back end of which one part fails', () => {
    const parts: readonly (readonly [string, string, number, string, RegExp])[] = [
      ['explanation', '**/v1/clients/*/explanation*', 500, 'Pourquoi', /Explication indisponible, décision affichée/u],
      ['assumptions', '**/v1/assumptions', 503, 'Ce que nous savons, ce que nous supposons', /Service momentanément indisponible/u],
      ['catalogue', '**/v1/catalogue', 500, 'Informations du client', /Une erreur est survenue .*test-reference/u],
      ['comparison', '**/v1/cohorts/comparison', 503, 'Comparer', /Service momentanément indisponible/u],
      ['similar', '**/v1/cohorts/comparison', 500, 'Dossiers passés proches, et leur issue', /Une erreur est survenue/u],
      ['simulation', '**/v1/simulations', 500, 'Simuler', /Une erreur est survenue .*test-reference/u],
      ['advice', '**/v1/advice', 503, 'Conseils', /Service momentanément indisponible/u],
    ];

    it.each(parts)('says so there in words, keeps the rest and tries again: %s', async (part, address, status, name, words) => {
      const { clientId } = desk().advised;
      const page = await desk().open(`/clients/${clientId}`, {
        mayLog: new RegExp(`status of ${status}`, 'u'),
        prepare: (opened) => opened.route(address, (route) => route.fulfill(problem(status))),
      });
      try {
        await section(page, 'Verdict').locator('.sentence').first().waitFor();
        if (part !== 'explanation')
          await page.getByRole('navigation', { name: 'Sections du dossier' }).getByRole('link', { name, exact: true }).click();
        const place = section(page, name);
        const alert = place.getByRole('alert');
        await alert.waitFor();
        expect(await textOf(alert)).toMatch(words);
        // The rest of the page stands.
        expect(await textOf(section(page, 'Verdict'))).toMatch(/Risque estimé : [\d,]+ dossiers? sur 100/u);
        if (part !== 'explanation') await section(page, 'Pourquoi').locator('.reasons').waitFor();
        await desk().look(page, `dossier-without-${part}`);
        await page.unroute(address);
        await alert.getByRole('button', { name: 'Réessayer' }).click();
        await alert.waitFor({ state: 'detached' });
        await page.waitForFunction(
          (id) => document.querySelector(`[aria-labelledby="${id}"] [aria-busy="true"]`) === null,
          await place.getAttribute('aria-labelledby'),
        );
        if (part === 'explanation') {
          const { reasonCodes } = await desk().ask(`/v1/clients/${clientId}/explanation`, explanationSchema);
          expect(await place.locator('.reasons > li').count()).toBe(reasonCodes.length + 1);
        }
        if (part === 'simulation') {
          const { applicationId } = desk().advised;
          const { before, currency } = await desk().ask('/v1/simulations', simulationSchema, { clientId, applicationId, change: {} });
          expect(await textOf(place)).toContain(moneyInFrench(before.terms.creditAmount, currency));
        }
        if (part === 'similar') expect(await textOf(place)).toMatch(/dossiers proches : /u);
      } finally {
        await page.context().close();
      }
    });
  });

  describe('a sign-in that expires', () => {
    it('leaves the page as it is, and returns to it after signing in again', async () => {
      const { clientId, applicationId } = desk().declined;
      const path = `/clients/${clientId}?applicationId=${applicationId}#similar`;
      const page = await desk().open(path, { mayLog: /status of 401/u });
      try {
        await section(page, 'Dossiers passés proches, et leur issue').locator('.section-sentence').waitFor();
        // What lies further off is not there before somebody comes near.
        await page.getByRole('navigation', { name: 'Sections du dossier' }).getByRole('link', { name: 'Comparer' }).click();
        await section(page, 'Comparer').locator('.section-sentence').waitFor();
        await page.route('**/v1/**', (route) => route.fulfill(problem(401)));
        await section(page, 'Comparer').getByRole('radio', { name: 'Clients acceptés' }).check();
        const notice = page.getByRole('complementary', { name: 'Votre session' });
        await notice.waitFor();
        expect(await textOf(notice)).toContain('Ce qui est affiché reste lisible');
        expect(await textOf(section(page, 'Verdict'))).toMatch(/Risque estimé/u);
        await desk().look(page, 'dossier-expired');
        await page.unroute('**/v1/**');
        const before = page.url();
        await notice.getByRole('button', { name: 'Se reconnecter' }).click();
        await page.getByRole('button', { name: /conseillère/iu }).click();
        await section(page, 'Verdict').locator('.sentence').first().waitFor();
        expect(page.url()).toBe(before);
        expect(new URL(page.url()).search).toBe(`?applicationId=${applicationId}`);
      } finally {
        await page.context().close();
      }
    });

    it('asked for a deep link by nobody yet, signs in and leads there', async () => {
      const path = `/clients/${desk().approved.clientId}?applicationId=${desk().approved.applicationId}#similar`;
      const page = await desk().open(path, { isSignedIn: false });
      try {
        await page.getByText('Vous retrouverez ensuite la page demandée.').waitFor();
        await page.getByRole('button', { name: 'Se connecter' }).click();
        await page.getByRole('button', { name: /conseillère/iu }).click();
        await section(page, 'Verdict').locator('.sentence').first().waitFor();
        expect(page.url()).toBe(desk().url + path);
        await section(page, 'Dossiers passés proches, et leur issue').locator('.section-sentence').waitFor();
        // In view, and still there once what stands above it has come.
        await page.waitForFunction(() => document.querySelector('#compare .section-sentence') !== null);
        await page.locator('#compare .canvas svg').first().waitFor();
        const top = await page.locator('#similar').evaluate((place) => place.getBoundingClientRect().top);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(top).toBeLessThan(100);
      } finally {
        await page.context().close();
      }
    });
  });

  describe('an address that leads nowhere', () => {
    it.each([
      ['an absent client', '/clients/nobody-at-all', /Aucun dossier à cette adresse.*nobody-at-all n’existe pas/u],
      ['an absent application', 'APPLICATION', /Aucun dossier à cette adresse.*A-none n’existe pas pour ce client/u],
      ['an absent page', '/nowhere/at/all', /Page introuvable/u],
    ])('says which: %s', async (name, path, words) => {
      const address = path === 'APPLICATION' ? `/clients/${desk().approved.clientId}?applicationId=A-none` : path;
      const page = await desk().open(address, { mayLog: /status of 404/u });
      try {
        await page.getByRole('main').getByRole('link', { name: 'Revenir aux clients' }).waitFor();
        expect(await textOf(page.getByRole('main'))).toMatch(words);
        await desk().look(page, name.replaceAll(' ', '-'));
        await page.getByRole('main').getByRole('link', { name: 'Revenir aux clients' }).click();
        await page.getByRole('row').nth(5).waitFor();
      } finally {
        await page.context().close();
      }
    });

    it('says that a dossier is reserved, and offers another account', async () => {
      const page = await desk().open(`/clients/${desk().approved.clientId}`, {
        mayLog: /status of 403/u,
        prepare: (opened) => opened.route('**/v1/clients/*', (route) => route.fulfill(problem(403))),
      });
      try {
        await page.getByRole('heading', { level: 1, name: 'Accès réservé' }).waitFor();
        await page.getByRole('button', { name: 'Changer de compte' }).waitFor();
        await desk().look(page, 'forbidden');
      } finally {
        await page.context().close();
      }
    });
  });

  describe('a connection that is lost', () => {
    it('keeps what is shown, says so, and catches up with what was decided meanwhile', async () => {
      const clientId = 'desk-offline';
      const first = await desk().submit({ clientId, applicationId: 'desk-offline-1' });
      const page = await desk().open(`/clients/${clientId}`, { mayLog: /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK|status of 400/u });
      try {
        await section(page, 'Verdict').locator('.sentence').first().waitFor();
        // The chart's own code comes last.
        await section(page, 'Pourquoi').locator('.canvas svg').first().waitFor();
        await page.context().setOffline(true);
        const notice = page.getByRole('complementary', { name: 'Connexion' });
        await notice.waitFor();
        expect(await textOf(notice)).toContain('Ce qui est affiché reste lisible');
        expect(await textOf(page.locator('.banner'))).toContain(first.applicationId);
        // The other language may not have been fetched yet.
        await desk().look(page, 'dossier-offline', ['fr']);
        const creditAmount = 123_000;
        const second = await desk().submit({ clientId, applicationId: 'desk-offline-2', creditAmount, submittedAt: new Date().toISOString() });
        expect(await textOf(page.locator('.banner'))).not.toContain(second.applicationId);
        await page.context().setOffline(false);
        await notice.waitFor({ state: 'detached' });
        await page.locator('.banner').getByText(second.applicationId).waitFor();
        expect(await textOf(page.locator('.banner'))).toContain(inFrench(creditAmount));
        expect(await textOf(section(page, 'Verdict'))).toContain(
          { approved: 'Accordé', declined: 'Refusé', referred: 'À examiner' }[second.decision?.decision ?? 'referred'],
        );
      } finally {
        await page.context().close();
      }
    });

    it('says since when what is shown was read some time ago and cannot be read again, until it can', async () => {
      const { clientId } = desk().approved;
      const page = await desk().open(`/clients/${clientId}`, { mayLog: /ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 500/u });
      try {
        await section(page, 'Verdict').locator('.sentence').first().waitFor();
        await section(page, 'Pourquoi').locator('.canvas svg').first().waitFor();
        await page.route('**/v1/**', (route) => route.fulfill(problem(500)));
        // Coming back to the network asks anew.
        await page.context().setOffline(true);
        await page.getByRole('complementary', { name: 'Connexion' }).waitFor();
        await page.context().setOffline(false);
        const notice = page.locator('.dossier > .stale-place').getByRole('status');
        await notice.waitFor();
        expect(await textOf(notice)).toMatch(/\d{2}:\d{2}/u);
        expect(await textOf(section(page, 'Verdict'))).toMatch(/Risque estimé/u);
        await desk().look(page, 'dossier-stale');
        await page.unroute('**/v1/**');
        await notice.getByRole('button', { name: 'Réessayer' }).click();
        await notice.waitFor({ state: 'detached' });
      } finally {
        await page.context().close();
      }
    });

    it('hears again of decisions after the live stream was cut', async () => {
      const clientId = 'desk-cut';
      await desk().submit({ clientId, applicationId: 'desk-cut-1' });
      let cuts = 0;
      const page = await desk().open(`/clients/${clientId}`, {
        // Its amounts tell no term: it cannot be simulated, and says so.
        mayLog: /ERR_FAILED|ERR_CONNECTION_RESET|status of 400/u,
        // Twice cut as it begins, then aborted, then whole.
        prepare: (opened) =>
          opened.route('**/v1/stream', async (route) => {
            cuts += 1;
            if (cuts === 1) return route.fulfill({ status: 200, contentType: 'text/event-stream', body: ': listening\n\n' });
            return cuts === 2 ? route.abort() : route.continue();
          }),
      });
      try {
        await section(page, 'Verdict').locator('.sentence').first().waitFor();
        const second = await desk().submit({ clientId, applicationId: 'desk-cut-2', creditAmount: 124_000, submittedAt: new Date().toISOString() });
        await page.locator('.banner').getByText(second.applicationId).waitFor();
        expect(cuts).toBeGreaterThan(2);
      } finally {
        await page.context().close();
      }
    });
  });
}
