import { findChromium, findFreePort, launchChromium, readSession, signInAsAdvisor } from '@lisible/runner';
import { createAsk, findSomebody, startOwn, tokenOf } from '@lisible/screenshots';
import runLighthouse, { desktopConfig } from 'lighthouse';
import puppeteer from 'puppeteer-core';
import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';

const categories = ['accessibility', 'best-practices', 'performance'] as const;
type Scores = Readonly<Record<(typeof categories)[number], number>>;
const leastPerformance = 95;

export const lighthouse: Figure = {
  name: 'lighthouse',
  title: 'Lighthouse on a dossier, signed in: the performance score of a desktop, with accessibility and best practices',
  unit: 'of 100 (performance, median)',
  target: `accessibility 100, best practices 100, performance at least ${leastPerformance}`,

  async measure({ isShort, log }) {
    const platform = await startOwn(log);
    const executablePath = findChromium();
    if (executablePath === null) throw new Error('no Chromium found');
    try {
      const signingIn = await launchChromium();
      const first = await signingIn.newPage();
      await signInAsAdvisor(first, platform.url);
      const session = await readSession(first);
      await signingIn.close();
      const { clientId } = await findSomebody(createAsk(platform.url, tokenOf(session)));
      const address = `${platform.url}/clients/${clientId}`;
      const port = await findFreePort();
      const browser = await puppeteer.launch({
        executablePath,
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
        debuggingPort: port,
      });
      try {
        const examine = async (isDesktop: boolean): Promise<{ readonly scores: Scores; readonly failing: readonly string[] }> => {
          const page = await browser.newPage();
          await page.evaluateOnNewDocument((entries) => {
            for (const [key, value] of Object.entries(entries)) sessionStorage.setItem(key, value);
          }, session);
          const result = await runLighthouse(
            address,
            // The live stream never ends: what loads has loaded long before.
            { port, onlyCategories: [...categories], logLevel: 'error', disableStorageReset: true, maxWaitForLoad: 12_000 },
            isDesktop ? desktopConfig : undefined,
            page,
          );
          await page.close();
          if (result === undefined) throw new Error('Lighthouse gave no result');
          const { lhr } = result;
          const scoreOf = (name: string): number => Math.round((lhr.categories[name]?.score ?? 0) * 100);
          const failing = categories
            .flatMap((name) => lhr.categories[name]?.auditRefs ?? [])
            .filter(({ id, weight }) => weight > 0 && (lhr.audits[id]?.score ?? 1) < 0.9)
            .map(({ id }) => `${id} ${lhr.audits[id]?.displayValue ?? ''}`.trim());
          const scores = {
            accessibility: scoreOf('accessibility'),
            'best-practices': scoreOf('best-practices'),
            performance: scoreOf('performance'),
          };
          log(`${isDesktop ? 'desktop' : 'telephone'}: ${JSON.stringify(scores)} ${failing.join('; ')}`);
          return { scores, failing };
        };
        const runs: Awaited<ReturnType<typeof examine>>[] = [];
        for (let run = 0; run < (isShort ? 1 : 3); run += 1) runs.push(await examine(true));
        const telephone = await examine(false);
        const of = (name: (typeof categories)[number]): readonly number[] => runs.map(({ scores }) => scores[name]);
        const performance = median(of('performance'));
        const [accessibility, practices] = [Math.min(...of('accessibility')), Math.min(...of('best-practices'))];
        return {
          value: performance,
          samples: of('performance'),
          rival: { name: 'limit', value: leastPerformance },
          isMet: performance >= leastPerformance && accessibility === 100 && practices === 100,
          details: {
            accessibility,
            'best practices': practices,
            'telephone on slow 4G: performance': telephone.scores.performance,
            'telephone: accessibility': telephone.scores.accessibility,
            'audits below 0.9': [...new Set(runs.flatMap(({ failing }) => failing))].join('; ') || 'none',
            browser: await browser.version(),
          },
        };
      } finally {
        await browser.close();
      }
    } finally {
      await platform.close();
    }
  },
};
