import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application, ApplicationView, ClientRow, Dossier, Language } from '@lisible/contracts';
import { adviceSchema, applicationViewSchema, clientPageSchema, dossierSchema } from '@lisible/contracts';
import { generatePopulation } from '@lisible/generator';
import type { RunningPlatform, TabSession } from '@lisible/runner';
import {
  findAccessibilityProblems,
  giveSession,
  launchChromium,
  noteRealPart,
  readSession,
  readUnlabelled,
  signInAsAdvisor,
  startPlatform,
  waitUntilReady,
} from '@lisible/runner';
import type { Browser, Page } from 'playwright-core';

const screenshots = join(import.meta.dirname, '../../screenshots');

interface Schema<T> {
  parse(value: unknown): T;
}

export interface OpenOptions {
  /** Default: signed in. */
  readonly isSignedIn?: boolean;
  readonly language?: Language;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Device pixels to one of the page: 2 with half the viewport is a zoom of 200 %. */
  readonly scale?: number;
  /** What the browser may log on this page, because the test brings it about. */
  readonly mayLog?: RegExp;
  /** Before the first page is opened: routes. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** A platform on a small synthetic population whose clients have a past, its public door, and a browser in front of it. */
export interface Desk {
  readonly url: string;
  readonly browser: Browser;
  /** Decided applications of clients with a past, by what became of them. */
  readonly approved: ClientRow;
  readonly declined: ClientRow;
  /** One that some change of the loan would let pass. */
  readonly advised: ClientRow;
  /** What the gateway itself answers: GET, or POST where there is a body. */
  ask<T>(path: string, schema: Schema<T>, body?: object): Promise<T>;
  dossier(clientId: string): Promise<Dossier>;
  /** Hands an application in as the loan system does, and waits for what becomes of it. */
  submit(fields: Partial<Application> & { readonly applicationId: string; readonly clientId: string }): Promise<ApplicationView>;
  /** A tab of its own; closed with its context by `page.context().close()`. */
  open(path: string, options?: OpenOptions): Promise<Page>;
  /** Examines the page as it is in both themes and languages, and keeps a picture for people to look at. */
  look(page: Page, label: string, languages?: readonly Language[]): Promise<void>;
  /** What axe found, by page and state. */
  readonly accessibilityProblems: readonly string[];
  /** What browsers logged as errors without having been asked to. */
  readonly browserProblems: readonly string[];
  close(): Promise<void>;
}

/** In the page rather than by pointer: an open dialog makes the rest inert. */
export const speak = (page: Page, language: Language): Promise<void> =>
  page.evaluate((to) => document.querySelector<HTMLElement>(`header [lang="${to}"]`)?.click(), language);

export async function startDesk(): Promise<Desk> {
  const work = mkdtempSync(join(tmpdir(), 'lisible-desk-'));
  mkdirSync(screenshots, { recursive: true });
  const home = join(work, 'state');
  const raw = join(work, 'raw');
  await generatePopulation({ seed: 11, labelled: 3000, unlabelled: 40, outDir: raw, tables: 'all' });
  const platform: RunningPlatform = await startPlatform({ home, environment: { DATA_DIR: raw, STUDIES: 'none' } });
  await waitUntilReady(platform, 240);
  const [advisor, loanSystem] = await Promise.all([platform.token('advisor'), platform.token('loan-system')]);
  const browser = await launchChromium();
  noteRealPart(`Chromium ${browser.version()}`);

  const ask: Desk['ask'] = async (path, schema, body) => {
    const response = await fetch(platform.url + path, {
      headers: { authorization: `Bearer ${advisor}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return schema.parse(await response.json());
  };

  const [template] = readUnlabelled(home);
  if (template === undefined) throw new Error('the population has no unlabelled application');
  const submit: Desk['submit'] = async (fields) => {
    const response = await fetch(`${platform.url}/v1/applications`, {
      method: 'POST',
      headers: { authorization: `Bearer ${loanSystem}`, 'content-type': 'application/json', prefer: 'wait=20' },
      body: JSON.stringify({ ...template, ...fields }),
    });
    return applicationViewSchema.parse(await response.json());
  };

  /** Every application of the snapshot, once all are decided. */
  const decided = async (): Promise<readonly ClientRow[]> => {
    for (;;) {
      const { items } = await ask('/v1/clients/search', clientPageSchema, { kind: 'application', pageSize: 100, sort: 'submittedAt' });
      if (items.every(({ decision }) => decision !== null)) return items;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const rows = await decided();
  const of = (decision: string): ClientRow => {
    const row = rows.find((one) => one.decision === decision);
    if (row === undefined) throw new Error(`no application was ${decision}`);
    return row;
  };
  const findAdvised = async (): Promise<ClientRow> => {
    for (const row of rows.filter(({ decision }) => decision !== 'approved')) {
      const { clientId, applicationId } = row;
      const { kind } = await ask('/v1/advice', adviceSchema, { clientId, applicationId });
      if (kind === 'change') return row;
    }
    throw new Error('no change would let any application pass');
  };
  const advised = await findAdvised();

  const first = await browser.newPage();
  await signInAsAdvisor(first, platform.url);
  const session: TabSession = await readSession(first);
  await first.close();

  const accessibilityProblems: string[] = [];
  const browserProblems: string[] = [];

  return {
    url: platform.url,
    browser,
    approved: of('approved'),
    declined: of('declined'),
    advised,
    ask,
    submit,
    dossier: (clientId) => ask(`/v1/clients/${clientId}`, dossierSchema),
    async open(path, options = {}) {
      const { isSignedIn = true, language = 'fr', theme = 'light', width = 1280, height = 900, scale = 1, mayLog } = options;
      const context = await browser.newContext({
        locale: language === 'fr' ? 'fr-FR' : 'en-GB',
        timezoneId: 'Europe/Paris',
        colorScheme: theme,
        reducedMotion: 'reduce',
        viewport: { width, height },
        deviceScaleFactor: scale,
      });
      context.setDefaultTimeout(15_000);
      await context.addInitScript((chosen) => localStorage.setItem('lisible.language', chosen), language);
      if (isSignedIn) await giveSession(context, session);
      const page = await context.newPage();
      const note = (problem: string): void => {
        if (mayLog?.test(problem) !== true) browserProblems.push(`${path}: ${problem}`);
      };
      page.on('pageerror', (error) => note(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') note(message.text());
      });
      await options.prepare?.(page);
      await page.goto(platform.url + path);
      return page;
    },
    async look(page, label, languages = ['fr', 'en']) {
      await page.screenshot({ path: join(screenshots, `desk-${label}.png`), fullPage: true });
      const before = await page.evaluate(() => document.documentElement.lang);
      for (const language of languages) {
        await speak(page, language);
        await page.waitForFunction((to) => document.documentElement.lang === to, language);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const found = await findAccessibilityProblems(page);
          accessibilityProblems.push(...found.map((problem) => `${label}, ${language}, ${colorScheme}: ${problem}`));
        }
      }
      await page.emulateMedia({ colorScheme: 'light' });
      await speak(page, before === 'en' ? 'en' : 'fr');
    },
    accessibilityProblems,
    browserProblems,
    async close() {
      await browser.close();
      await platform.stop();
      rmSync(work, { recursive: true, force: true });
    },
  };
}
