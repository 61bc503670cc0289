import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application, ApplicationView, ClientPage, Dossier, Explanation } from '@lisible/contracts';
import { applicationViewSchema, catalogueViewSchema, clientPageSchema, dossierSchema, explanationSchema, problemSchema } from '@lisible/contracts';
import type { RunningPlatform } from '@lisible/runner';
import {
  findAccessibilityProblems,
  findChromium,
  launchChromium,
  noteRealPart,
  readUnlabelled,
  signInAsAdvisor,
  startPlatform,
  waitUntilReady,
} from '@lisible/runner';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const screenshots = join(import.meta.dirname, '../screenshots');
const isContinuousIntegration = process.env['CI'] === 'true';
/** A machine without a browser still runs the rest; continuous integration must have one. */
const withBrowser = findChromium() === null && !isContinuousIntegration ? describe.skip : describe;

export interface JourneyOptions {
  readonly name: string;
  /** Makes or finds the raw folder. */
  readonly prepareDataDir: (workFolder: string) => Promise<string>;
  readonly minutesToReady: number;
  /** False where the raw data is not there: the journey is skipped, and counted as such. */
  readonly isAvailable?: boolean;
}

/** From a raw folder to a read explanation: the real platform, its public door, and a real browser. */
export function describeJourney({ name, prepareDataDir, minutesToReady, isAvailable = true }: JourneyOptions): void {
  const describeIfAvailable = isAvailable ? describe : describe.skip;
  describeIfAvailable(name, () => {
    let workFolder: string;
    let platform: RunningPlatform;
    let loanSystem: string;
    let advisor: string;
    let template: Application;

    beforeAll(
      async () => {
        workFolder = mkdtempSync(join(tmpdir(), 'lisible-journey-'));
        mkdirSync(screenshots, { recursive: true });
        const dataDir = await prepareDataDir(workFolder);
        const home = join(workFolder, 'state');
        platform = await startPlatform({ home, environment: { DATA_DIR: dataDir } });
        await waitUntilReady(platform, minutesToReady * 60);
        [loanSystem, advisor] = await Promise.all([platform.token('loan-system'), platform.token('advisor')]);
        const [first] = readUnlabelled(home);
        if (first === undefined) throw new Error('the raw folder has no unlabelled application');
        template = first;
        for (const part of ['@electric-sql/pglite', 'onnxruntime-node', '@duckdb/node-api']) {
          noteRealPart(`${part} ${JSON.parse(readFileSync(join(import.meta.dirname, '../../node_modules', part, 'package.json'), 'utf8')).version}`);
        }
        noteRealPart(`raw data: ${name}`);
      },
      minutesToReady * 60_000 + 60_000,
    );

    afterAll(async () => {
      await platform?.stop();
      rmSync(workFolder, { recursive: true, force: true });
    });

    const get = (path: string, token = advisor): Promise<Response> =>
      fetch(`${platform.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${platform.url}/v1/applications`, {
        method: 'POST',
        headers: { authorization: `Bearer ${loanSystem}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const newApplication = (id: string) => ({ ...template, applicationId: id, clientId: id }) as Application;
    const submitAndWait = async (application: Application): Promise<ApplicationView> =>
      applicationViewSchema.parse(await (await post(application, { prefer: 'wait=20' })).json());

    /** The first of the snapshot's clients without an outcome who has a past; its application goes through the door under a new number. */
    const submitClientWithPast = async (): Promise<Dossier> => {
      for (const application of readUnlabelled(join(workFolder, 'state'))) {
        const view = await submitAndWait({ ...application, applicationId: `journey-past-${application.clientId}` } as Application);
        if (view.decision?.isHistoryMissing !== false) continue;
        return dossierSchema.parse(await (await get(`/v1/clients/${application.clientId}?applicationId=${view.applicationId}`)).json());
      }
      throw new Error('no client of the snapshot without an outcome has a past');
    };

    describe('the public door', () => {
      it('answers an application with its explained decision in the same call', async () => {
        const response = await post(newApplication('journey-1'), { prefer: 'wait=20' });
        expect(response.status).toBe(200);
        const { status, decision, explanation } = applicationViewSchema.parse(await response.json());
        expect(status).toBe('explained');
        expect(explanation?.probabilityOfDefault).toBe(decision?.probabilityOfDefault);
        const { baseValue, shapValues } = explanation!.attributions;
        const margin = shapValues.reduce((sum, value) => sum + value, baseValue);
        const pd = decision!.probabilityOfDefault;
        expect(margin).toBeCloseTo(Math.log(pd / (1 - pd)), 9);
        expect(decision!.decisionThreshold).toBeCloseTo(1 / 11, 12);
        expect(explanation!.reasonCodes.length).toBeGreaterThan(0);
        const points = explanation!.reasonCodes.reduce((sum, reason) => sum + reason.points, explanation!.others.points);
        expect(points).toBeCloseTo((pd - explanation!.reference.probabilityOfDefault) * 100, 9);
      });

      it('gives the stored answer to the same application again, and 409 to another content', async () => {
        const application = newApplication('journey-2');
        const first = await submitAndWait(application);
        const again = await submitAndWait(application);
        expect(again).toEqual(first);
        const conflict = await post({ ...application, creditAmount: Number(application['creditAmount']) + 1 });
        expect(conflict.status).toBe(409);
        expect(problemSchema.parse(await conflict.json()).code).toBe('application-conflict');
        expect(applicationViewSchema.parse(await (await get('/v1/applications/journey-2')).json())).toEqual(first);
      });

      it("lists every problem of a bad application in the caller's language and stores nothing", async () => {
        const bad = { ...newApplication('journey-bad'), creditAmount: -5, incomeAmount: 'lots', shoeSize: 42 } as Record<string, unknown>;
        delete bad['birthDate'];
        for (const language of ['fr', 'en']) {
          const response = await post(bad, { 'accept-language': language });
          expect(response.status).toBe(422);
          expect(response.headers.get('content-type')).toContain('application/problem+json');
          const { code, problems } = problemSchema.parse(await response.json());
          expect(code).toBe('application-invalid');
          expect(problems?.map(({ field }) => field).sort()).toEqual(['birthDate', 'creditAmount', 'incomeAmount', 'shoeSize']);
          expect(new Set(problems?.map(({ message }) => message)).size).toBe(4);
        }
        expect((await get('/v1/applications/journey-bad')).status).toBe(404);
      });

      it('decides on a client whom nobody has ever seen, and says that the history is missing', async () => {
        const { applicationId, clientId, submittedAt, currency, contractType, creditAmount, incomeAmount, birthDate } =
          newApplication('journey-unknown');
        const view = await submitAndWait({
          applicationId,
          clientId,
          submittedAt,
          currency,
          contractType,
          creditAmount,
          incomeAmount,
          birthDate,
        } as Application);
        expect(view.decision?.isHistoryMissing).toBe(true);
        const dossier: Dossier = dossierSchema.parse(await (await get('/v1/clients/journey-unknown')).json());
        expect(dossier.dataQuality.map(({ kind }) => kind)).toContain('history-missing');
      });

      it('asks for a token and for the right role', async () => {
        expect((await fetch(`${platform.url}/v1/clients`)).status).toBe(401);
        expect((await get('/v1/clients', `${advisor}x`)).status).toBe(401);
        expect((await get('/v1/models', loanSystem)).status).toBe(403);
        expect((await post('{"applicationId": ')).status).toBe(400);
      });

      it('shows a past loan with its out-of-fold estimate, its outcome and no ledger entry', async () => {
        const page: ClientPage = clientPageSchema.parse(await (await get('/v1/clients?kind=past-loan')).json());
        const [row] = page.items;
        expect(row?.kind).toBe('past-loan');
        const dossier = dossierSchema.parse(await (await get(`/v1/clients/${row!.clientId}?applicationId=${row!.applicationId}`)).json());
        expect(dossier.decision).toBeNull();
        expect([0, 1]).toContain(dossier.defaulted);
        expect((await get(`/v1/applications/${row!.applicationId}/decision`)).status).toBe(404);
        const explanation: Explanation = explanationSchema.parse(await (await get(`/v1/applications/${row!.applicationId}/explanation`)).json());
        const { baseValue, shapValues } = explanation.attributions;
        expect(shapValues.reduce((sum, value) => sum + value, baseValue)).toBeCloseTo(dossier.pastLoanEstimate!.margin, 9);
      });
    });

    withBrowser('the dashboard', () => {
      let browser: Browser;
      let context: BrowserContext;
      let page: Page;
      const pageErrors: string[] = [];
      /** What axe found, by page and state: looked at once every page was seen. */
      const accessibilityProblems: string[] = [];

      beforeAll(async () => {
        browser = await launchChromium();
        noteRealPart(`Chromium ${browser.version()}`);
        context = await browser.newContext({ locale: 'fr-FR', reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } });
        page = await context.newPage();
        page.setDefaultTimeout(15_000);
        page.on('pageerror', (error) => pageErrors.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error') pageErrors.push(message.text());
        });
      });

      afterAll(async () => {
        await browser?.close();
      });

      /** Examines the page as it is now and keeps a picture for people to look at. */
      const look = async (label: string): Promise<void> => {
        accessibilityProblems.push(...(await findAccessibilityProblems(page)).map((problem) => `${label}: ${problem}`));
        await page.screenshot({ path: join(screenshots, `${name.replace(/\W+/g, '-')}-${label}.png`), fullPage: true });
      };
      const setTheme = (theme: 'light' | 'dark'): Promise<void> => page.emulateMedia({ colorScheme: theme });

      it('signs an advisor in and lists the clients', async () => {
        await page.goto(platform.url);
        await page.getByRole('button', { name: 'Se connecter' }).waitFor();
        await look('sign-in');
        await signInAsAdvisor(page, platform.url);
        await page.getByRole('table').waitFor();
        expect(await page.title()).toContain('Clients');
        // The table shows its head before its rows.
        await page.getByRole('row').nth(10).waitFor();
        await look('clients');
      });

      it('finds a client and opens the dossier with the verdict in words', async () => {
        const { decision } = await submitAndWait(newApplication('journey-browser'));
        await page.getByRole('searchbox').fill('journey-browser');
        await page
          .getByRole('link', { name: /journey-browser/ })
          .first()
          .click();
        await page
          .getByText(/Risque estimé\s: [\d,]+ dossiers? sur 100/)
          .first()
          .waitFor();
        const text = (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
        // Near the threshold the page shows decimals.
        const shown = Number(/Risque estimé : ([\d,]+) dossier/.exec(text)?.[1]?.replace(',', '.'));
        expect(Math.abs(shown - decision!.probabilityOfDefault * 100)).toBeLessThanOrEqual(0.5);
        expect(text).toMatch(/Seuil : 9(,1)? sur 100/);
        expect(text).toContain(decision!.proposal === 'declined' ? 'le modèle propose de refuser' : 'le modèle propose d’accorder');
        expect(page.url()).toContain('/clients/journey-browser');
        expect(await page.title()).toContain('journey-browser');
      });

      it('gives the reasons of the ledger, sentence by sentence, and bars that add up', async () => {
        const explanation = explanationSchema.parse(await (await get('/v1/applications/journey-browser/explanation')).json());
        const text = (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
        for (const reason of explanation.reasonCodes) expect(text).toContain(reason.statement.fr.replace(/\s+/g, ' '));
        expect(text).not.toMatch(/log-odds|SHAP|[A-Z]+_[A-Z]+_/);
      });

      it('speaks English without a reload, in light and dark', async () => {
        await page.evaluate(() => Object.assign(globalThis, { hasNotReloaded: true }));
        for (const language of ['Français', 'English'] as const) {
          await page
            .getByRole('radio', { name: language })
            .or(page.getByRole('button', { name: language }))
            .first()
            .click({ force: true });
          for (const theme of ['light', 'dark'] as const) {
            await setTheme(theme);
            await page
              .getByText(language === 'English' ? /Estimated risk/ : /Risque estimé/)
              .first()
              .waitFor();
            await look(`dossier-${language}-${theme}`);
          }
        }
        expect(await page.evaluate(() => 'hasNotReloaded' in globalThis)).toBe(true);
        await setTheme('light');
      });

      it('shows the past of a client who has one, in words, in both themes and on a phone', async () => {
        const known = await submitClientWithPast();
        const unknown = dossierSchema.parse(await (await get('/v1/clients/journey-browser')).json());
        const { features } = catalogueViewSchema.parse(await (await get('/v1/catalogue')).json());
        const ofThePast = features.filter(({ name: feature }) => known.features[feature] !== null && unknown.features[feature] === null);
        expect(ofThePast.length).toBeGreaterThan(10);
        await page.goto(`${platform.url}/clients/${known.clientId}`);
        await page
          .getByText(/Estimated risk/)
          .first()
          .waitFor();
        expect(await page.getByText('History absent').count()).toBe(0);
        const search = page.getByRole('main').getByRole('searchbox');
        for (const { label } of ofThePast.slice(0, 5)) {
          await search.fill(label.en);
          const item = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: label.en, exact: true }) });
          await item.waitFor();
          expect(await item.innerText()).not.toMatch(/undefined|null|NaN|not given/);
        }
        await search.fill('');
        await look('past-light');
        await setTheme('dark');
        await page.setViewportSize({ width: 320, height: 800 });
        await look('past-dark-320');
        expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
        await page.setViewportSize({ width: 1280, height: 900 });
        await setTheme('light');
      });

      it('fits 320 pixels without scrolling sideways', async () => {
        await page.setViewportSize({ width: 320, height: 800 });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        await look('dossier-320');
        expect(overflow).toBeLessThanOrEqual(0);
        await page.setViewportSize({ width: 1280, height: 900 });
      });

      it('says which client does not exist', async () => {
        await page.goto(`${platform.url}/clients/nobody-at-all`);
        await page.getByRole('alert').filter({ hasText: 'nobody-at-all' }).waitFor();
        await look('absent');
      });

      it('has no accessibility problem on any page, state, theme and language it showed', () => {
        expect(accessibilityProblems).toEqual([]);
      });

      it('raised no error in the browser but the answers that were asked for', () => {
        expect(pageErrors.filter((error) => !/404 \(Not Found\)/.test(error))).toEqual([]);
      });
    });
  });
}
