import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientRow } from '@lisible/contracts';
import { clientHistorySchema, clientPageSchema } from '@lisible/contracts';
import { generatePopulation } from '@lisible/generator';
import { findChartProblems, launchChromium, readCharts, signInAsAdvisor, startPlatform, waitUntilReady } from '@lisible/runner';
import type { Browser, Page } from 'playwright-core';
import type { Figure } from '../figure.ts';

const languages = ['fr', 'en'] as const;

/** Brings every part of the page near, so that it is asked for, and waits until all of it is answered and drawn. */
const unroll = async (page: Page): Promise<void> => {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 300) {
      scrollTo(0, y);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  });
  await page.waitForFunction(
    () =>
      document.querySelector('main [aria-busy="true"]') === null &&
      [...document.querySelectorAll('figure.chart')].every((chart) => chart.querySelector('.apexcharts-series') !== null),
  );
  // A drawing that changes is there before its new shape is.
  await page.waitForTimeout(500);
};

/** What a reader can turn on a dossier, each of which draws something else. */
const turns: readonly ((page: Page) => Promise<void>)[] = [
  async () => undefined,
  (page) => page.getByRole('button', { name: /vue experte|expert view/i }).click(),
  (page) => page.getByRole('radio', { name: /^(paiements|payments)/i }).check({ force: true }),
  (page) => page.getByRole('radio', { name: /^(fichiers? de crédit|credit bureau)/i }).check({ force: true }),
  (page) => page.getByRole('radio', { name: /^(clients acceptés|approved clients)/i }).check({ force: true }),
  (page) => page.getByRole('radio', { name: /^(clients proches|similar clients)/i }).check({ force: true }),
];

/** Applications and past loans whose clients have months to draw, of each outcome. */
const chooseDossiers = async (ask: (path: string, body?: object) => Promise<unknown>, isShort: boolean): Promise<readonly ClientRow[]> => {
  const chosen = new Map<string, ClientRow>();
  for (const kind of ['application', 'past-loan'])
    for (const row of clientPageSchema.parse(await ask('/v1/clients/search', { kind, pageSize: 100 })).items) {
      const kindOfCase = `${kind} ${row.decision ?? ''}`;
      if (chosen.has(kindOfCase)) continue;
      const { series } = clientHistorySchema.parse(await ask(`/v1/clients/${row.clientId}/history?applicationId=${row.applicationId}`));
      if (series.length >= 2 && series.some(({ months }) => months.length > 12)) chosen.set(kindOfCase, row);
    }
  return [...chosen.values()].slice(0, isShort ? 1 : undefined);
};

export const chartText: Figure = {
  name: 'chart-text',
  title: 'charts whose sentence and table equal what is drawn',
  unit: 'of all charts',
  target: 'all',

  async measure({ isShort, log }) {
    const work = mkdtempSync(join(tmpdir(), 'lisible-chart-text-'));
    const home = join(work, 'state');
    const raw = join(work, 'raw');
    await generatePopulation({ seed: 11, labelled: 3000, unlabelled: 40, outDir: raw, tables: 'all' });
    const platform = await startPlatform({ home, environment: { DATA_DIR: raw, STUDIES: 'none' } });
    let browser: Browser | null = null;
    try {
      log('training on a synthetic population…');
      await waitUntilReady(platform, 300);
      const headers = { authorization: `Bearer ${await platform.token('advisor')}`, 'content-type': 'application/json' };
      const ask = async (path: string, body?: object): Promise<unknown> =>
        (await fetch(platform.url + path, { headers, ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }) })).json();
      const dossiers = await chooseDossiers(ask, isShort);
      browser = await launchChromium();

      const problems: string[] = [];
      const kinds: Record<string, number> = {};
      let charts = 0;
      for (const language of languages) {
        const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } });
        await context.addInitScript((chosen) => localStorage.setItem('lisible.language', chosen), language);
        const page = await context.newPage();
        const seen = new Set<string>();
        const examine = async (where: string): Promise<void> => {
          await unroll(page);
          for (const chart of await readCharts(page)) {
            // What a turn leaves as it was is counted once.
            const key = JSON.stringify(chart);
            if (seen.has(key)) continue;
            seen.add(key);
            charts += 1;
            kinds[chart.kind] = (kinds[chart.kind] ?? 0) + 1;
            problems.push(...findChartProblems(chart, language).map((problem) => `${where}, ${language}: ${problem}`));
          }
        };
        await signInAsAdvisor(page, platform.url);
        await page.goto(`${platform.url}/portfolio`);
        await examine('portfolio');
        for (const { clientId, applicationId } of dossiers) {
          await page.goto(`${platform.url}/clients/${clientId}?applicationId=${applicationId}`);
          await unroll(page);
          for (const turn of turns) {
            await turn(page);
            await examine(clientId);
          }
        }
        log(`${language}: ${charts} charts, ${problems.length} problems`);
        await context.close();
      }
      for (const problem of problems) log(problem);
      const wrong = new Set(problems.map((problem) => problem.split(': ').slice(0, 2).join(': '))).size;
      return {
        value: charts === 0 ? 0 : (charts - wrong) / charts,
        samples: [],
        rival: null,
        isMet: charts > 0 && problems.length === 0,
        details: {
          charts,
          ...kinds,
          dossiers: dossiers.length,
          languages: languages.length,
          problems: problems.length,
          first: problems[0] ?? 'none',
        },
      };
    } finally {
      await browser?.close();
      await platform.stop();
      rmSync(work, { recursive: true, force: true });
    }
  },
};
