import { launchChromium, readSession, signInAsAdvisor } from '@lisible/runner';
import { createAsk, listApplications, startOwn, tokenOf } from '@lisible/screenshots';
import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';
import type { OpenedDossier } from '../open-dossier.ts';
import { openDossier } from '../open-dossier.ts';

const limitMs = 1_000;
const slowdown = 4;
const slowLimitMs = 2_000;

export const dossierPaint: Figure = {
  name: 'dossier-paint',
  title:
    'a dossier opened in Chromium with an empty cache, standalone: until its verdict and reasons are painted; again with the processor slowed down four times',
  unit: 'ms (median)',
  target: `under ${limitMs} ms; under ${slowLimitMs} ms at ${slowdown}-fold slowdown`,

  async measure({ isShort, log }) {
    const platform = await startOwn(log);
    const browser = await launchChromium();
    try {
      const first = await browser.newPage();
      await signInAsAdvisor(first, platform.url);
      const session = await readSession(first);
      await first.close();
      const repetitions = isShort ? 3 : 10;
      // Each dossier is opened once: nothing on the server's side remembers it either.
      const people = await listApplications(createAsk(platform.url, tokenOf(session)));
      const addressOf = (index: number): string => `${platform.url}/clients/${people[index % people.length]?.clientId}`;
      const measureAt = async (cpuSlowdown: number, from: number): Promise<readonly OpenedDossier[]> => {
        const all: OpenedDossier[] = [];
        for (let repetition = 0; repetition < repetitions; repetition += 1) {
          all.push(await openDossier(browser, session, addressOf(from + repetition), cpuSlowdown));
          log(`${cpuSlowdown} ×: reasons after ${Math.round(all.at(-1)?.reasonsMs ?? 0)} ms`);
        }
        return all;
      };
      const usual = await measureAt(1, 0);
      const slow = await measureAt(slowdown, repetitions);
      const both = (painted: readonly OpenedDossier[]): readonly number[] =>
        painted.map(({ verdictMs, reasonsMs }) => Math.max(verdictMs, reasonsMs));
      const [value, slowValue] = [median(both(usual)), median(both(slow))];
      return {
        value,
        samples: both(usual),
        rival: { name: 'limit', value: limitMs },
        isMet: value < limitMs && slowValue < slowLimitMs,
        details: {
          'verdict ms, median': median(usual.map(({ verdictMs }) => verdictMs)),
          [`ms at ${slowdown}-fold slowdown, median`]: slowValue,
          [`slowest ms at ${slowdown}-fold slowdown`]: Math.max(...both(slow)),
          'slowest ms': Math.max(...both(usual)),
          repetitions,
          browser: `Chromium ${browser.version()}`,
        },
      };
    } finally {
      await browser.close();
      await platform.close();
    }
  },
};
