import { giveSession, launchChromium, readSession, signInAsAdvisor } from '@lisible/runner';
import type { TabSession } from '@lisible/runner';
import { createAsk, listApplications, startOwn, tokenOf } from '@lisible/screenshots';
import type { Browser } from 'playwright-core';
import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';

const limitMs = 1_000;
const slowdown = 4;
const slowLimitMs = 2_000;

interface Painted {
  readonly verdictMs: number;
  readonly reasonsMs: number;
}

/** Opens a dossier with nothing in the cache; from the beginning of the navigation until verdict and reasons are painted. */
async function open(browser: Browser, session: TabSession, address: string, cpuSlowdown: number): Promise<Painted> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  try {
    await giveSession(context, session);
    await context.addInitScript(() => {
      const painted: { verdictMs?: number; reasonsMs?: number } = {};
      Object.assign(globalThis, { painted });
      const note = (name: 'verdictMs' | 'reasonsMs'): void => {
        if (painted[name] !== undefined) return;
        painted[name] = 0;
        // The frame after the one in which it came has been painted.
        requestAnimationFrame(() => requestAnimationFrame(() => (painted[name] = performance.now())));
      };
      new MutationObserver(() => {
        if (document.querySelector('#verdict .sentence') !== null) note('verdictMs');
        if (document.querySelector('#why .reasons li') !== null) note('reasonsMs');
      }).observe(document, { childList: true, subtree: true });
    });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
    await page.goto(address, { waitUntil: 'commit' });
    const handle = await page.waitForFunction(() => {
      const { painted } = globalThis as unknown as { painted?: { verdictMs?: number; reasonsMs?: number } };
      const { verdictMs = 0, reasonsMs = 0 } = painted ?? {};
      return verdictMs > 0 && reasonsMs > 0 ? { verdictMs, reasonsMs } : null;
    });
    const painted = await handle.jsonValue();
    if (painted === null) throw new Error('the dossier was never painted');
    return painted;
  } finally {
    await context.close();
  }
}

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
      const measureAt = async (cpuSlowdown: number, from: number): Promise<readonly Painted[]> => {
        const all: Painted[] = [];
        for (let repetition = 0; repetition < repetitions; repetition += 1) {
          all.push(await open(browser, session, addressOf(from + repetition), cpuSlowdown));
          log(`${cpuSlowdown} ×: reasons after ${Math.round(all.at(-1)?.reasonsMs ?? 0)} ms`);
        }
        return all;
      };
      const usual = await measureAt(1, 0);
      const slow = await measureAt(slowdown, repetitions);
      const both = (painted: readonly Painted[]): readonly number[] => painted.map(({ verdictMs, reasonsMs }) => Math.max(verdictMs, reasonsMs));
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
