import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  applicationViewSchema,
  catalogueViewSchema,
  clientPageSchema,
  dossierSchema,
  modelEvidenceSchema,
  policyViewSchema,
} from '@lisible/contracts';
import type { ApplicationView } from '@lisible/contracts';
import type { RunningPlatform } from '@lisible/runner';
import {
  findAccessibilityProblems,
  findChromium,
  launchChromium,
  noteRealPart,
  signInAsAdvisor,
  startPlatform,
  waitUntilReady,
} from '@lisible/runner';
import type { Browser, Page } from 'playwright-core';

const folder = join(import.meta.dirname, '../../../shared/data/german-credit');
const isAvailable = existsSync(join(folder, 'german.data'));
if (!isAvailable) console.warn('SKIPPED: the journey of the second lender; ../shared/data/german-credit is absent.');
const withBrowser = findChromium() === null && process.env['CI'] !== 'true' ? describe.skip : describe;
const screenshots = join(import.meta.dirname, '../screenshots');

/** Made up. */
const application = {
  applicationId: 'german-1',
  clientId: 'german-1',
  submittedAt: '1994-11-18T09:00:00Z',
  currency: 'DEM',
  creditAmount: 5200,
  durationMonths: 36,
  purpose: 'used-car',
  checkingAccount: 'overdrawn',
  savings: 'under-100',
  creditHistory: 'repaid-so-far',
  employedSince: '1-to-4-years',
  instalmentRateClass: 3,
  existingCreditsCount: 1,
  housing: 'rented',
  job: 'skilled',
  ageYears: 31,
  sex: 'female',
};

(isAvailable ? describe : describe.skip)('a second lender: the German credit data', () => {
  let work: string;
  let platform: RunningPlatform;
  let advisor: string;
  let loanSystem: string;

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'lisible-german-'));
    mkdirSync(screenshots, { recursive: true });
    platform = await startPlatform({ home: join(work, 'state'), environment: { LENDER: 'german-credit', DATA_DIR: folder } });
    await waitUntilReady(platform, 600);
    [advisor, loanSystem] = await Promise.all([platform.token('advisor'), platform.token('loan-system')]);
    noteRealPart('raw data: German credit');
  }, 660_000);

  afterAll(async () => {
    await platform?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${platform.url}${path}`, { headers: { authorization: `Bearer ${advisor}` } })).json();
  const submit = (body: unknown): Promise<Response> =>
    fetch(`${platform.url}/v1/applications`, {
      method: 'POST',
      headers: { authorization: `Bearer ${loanSystem}`, 'content-type': 'application/json', prefer: 'wait=20' },
      body: JSON.stringify(body),
    });
  const decided = async (body: unknown): Promise<ApplicationView> => applicationViewSchema.parse(await (await submit(body)).json());

  it('speaks its own catalogue and rules by its own costs', async () => {
    expect(catalogueViewSchema.parse(await get('/v1/catalogue'))).toMatchObject({ catalogueName: 'german-credit' });
    const { policyName, policy } = policyViewSchema.parse(await get('/v1/policy'));
    expect(policyName).toBe('german-bank-credit');
    expect(policy.decisionThreshold).toBeCloseTo(1 / 6, 12);
  });

  it('decides and explains an application of its own fields', async () => {
    const { status, decision, explanation } = await decided(application);
    expect(status).toBe('explained');
    expect(decision?.decisionThreshold).toBeCloseTo(1 / 6, 12);
    const { baseValue, shapValues, featureNames } = explanation!.attributions;
    const pd = decision!.probabilityOfDefault;
    expect(shapValues.reduce((sum, value) => sum + value, baseValue)).toBeCloseTo(Math.log(pd / (1 - pd)), 9);
    expect(featureNames).toContain('checkingAccount');
    expect(featureNames).not.toEqual(expect.arrayContaining([expect.stringMatching(/age|sex|family|foreign/i)]));
    expect(explanation!.reasonCodes.length).toBeGreaterThan(0);
  });

  it('declines a minor by the declared rule, and refuses a field of the other lender', async () => {
    const { decision } = await decided({ ...application, applicationId: 'german-minor', clientId: 'german-minor', ageYears: 17 });
    expect(decision).toMatchObject({ decision: 'declined', ruleHits: [{ code: 'UNDER_AGE' }] });
    expect((await submit({ ...application, applicationId: 'german-bad', clientId: 'german-bad', annuityAmount: 12 })).status).toBe(422);
  });

  it('shows its past loans', async () => {
    const page = clientPageSchema.parse(await get('/v1/clients?kind=past-loan'));
    expect(page.total).toBe(1000);
    const row = page.items[0]!;
    const dossier = dossierSchema.parse(await get(`/v1/clients/${row.clientId}?applicationId=${row.applicationId}`));
    expect(dossier.pastLoanEstimate?.probabilityOfDefault).toBeGreaterThan(0);
  });

  it('keeps its state folder to itself', async () => {
    const home = join(work, 'state');
    await platform.stop();
    const other = await startPlatform({ home });
    expect(await other.exited).toBe(1);
    expect(other.output()).toMatch(/is that of the lender german-credit: set LENDER=german-credit/);
    platform = await startPlatform({ home, environment: { LENDER: 'german-credit' } });
    await waitUntilReady(platform, 120);
  }, 180_000);

  const writeReport = async (language: string): Promise<string> => {
    const out = join(work, `report-${language}`);
    await promisify(execFile)(process.execPath, ['standalone/dist/report.js', '--out', out, '--language', language], {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...process.env, LISIBLE_HOME: join(work, 'state') },
    });
    return out;
  };

  it('writes the evidence that the door answers, beside the running platform', async () => {
    const evidence = modelEvidenceSchema.parse(JSON.parse(readFileSync(join(await writeReport('fr'), 'evidence.json'), 'utf8')));
    expect(evidence.dataSheet.catalogueName).toBe('german-credit');
    expect(evidence.sample.rows).toBe(1000);
    const token = await platform.token('risk');
    const answer = await fetch(`${platform.url}/v1/models/${evidence.modelVersion}/evidence`, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.json()).toEqual(evidence);
    const unknown = await fetch(`${platform.url}/v1/models/nobody/evidence`, { headers: { authorization: `Bearer ${token}` } });
    expect([unknown.status, await unknown.json()]).toEqual([404, expect.objectContaining({ code: 'model-not-found' })]);
  });

  withBrowser('the report of its model', () => {
    let browser: Browser;
    beforeAll(async () => (browser = await launchChromium()));
    afterAll(() => browser?.close());

    it.each([
      ['fr', 'À quoi il ne peut pas servir'],
      ['en', 'What it may not be used for'],
    ])('can be read by everybody in %s, on a desk, on a phone and on paper', async (language, words) => {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
      await page.goto(pathToFileURL(join(await writeReport(language), 'index.html')).href);
      expect(await page.getByRole('heading', { name: words }).count()).toBe(1);
      expect(await findAccessibilityProblems(page)).toEqual([]);
      await page.screenshot({ path: join(screenshots, `report-${language}.png`), fullPage: true });
      const overflow = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await page.setViewportSize({ width: 320, height: 900 });
      expect(await overflow()).toBeLessThanOrEqual(0);
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 673, height: 900 });
      expect(await overflow()).toBeLessThanOrEqual(0);
    });
  });

  withBrowser('its dossier in the dashboard', () => {
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      browser = await launchChromium();
      page = await (await browser.newContext({ locale: 'fr-FR', reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } })).newPage();
    });
    afterAll(() => browser?.close());

    it('has verdict, reasons and information in its own words', async () => {
      await signInAsAdvisor(page, platform.url);
      await page.goto(`${platform.url}/clients/german-1`);
      await page
        .getByText(/Risque estimé\s: [\d,]+ dossiers? sur 100/)
        .first()
        .waitFor();
      const text = (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
      expect(text).toMatch(/Seuil : 1[67](,\d)? sur 100/);
      expect(text).toContain('Compte courant');
      expect(text).not.toMatch(/undefined|null|NaN|attribute\d/);
      await page.screenshot({ path: join(screenshots, 'german-credit-dossier.png'), fullPage: true });
      expect(await findAccessibilityProblems(page)).toEqual([]);
    });
  });
});
