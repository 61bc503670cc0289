import type { TabSession } from '@lisible/runner';
import { giveSession } from '@lisible/runner';
import type { Browser } from 'playwright-core';

/** Milliseconds from the beginning of the navigation. */
export interface OpenedDossier {
  /** The verdict is painted. */
  readonly verdictMs: number;
  /** The reasons are painted. */
  readonly reasonsMs: number;
  /** Paths of this platform that were asked for before the reasons stood. */
  readonly fetched: readonly string[];
}

/** Opens a dossier in Chromium with nothing in its cache, the processor slowed down so many times. */
export async function openDossier(browser: Browser, session: TabSession, address: string, cpuSlowdown = 1): Promise<OpenedDossier> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  try {
    await giveSession(context, session);
    await context.addInitScript(() => {
      const seen: Record<string, number> = {};
      Object.assign(globalThis, { seen });
      const note = (name: string, selector: string): void => {
        if (seen[`${name}StandsMs`] !== undefined || document.querySelector(selector) === null) return;
        seen[`${name}StandsMs`] = performance.now();
        // The frame after the one in which it came has been painted.
        requestAnimationFrame(() => requestAnimationFrame(() => (seen[`${name}Ms`] = performance.now())));
      };
      new MutationObserver(() => {
        note('verdict', '#verdict .sentence');
        note('reasons', '#why .reasons li');
      }).observe(document, { childList: true, subtree: true });
    });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
    await page.goto(address, { waitUntil: 'commit' });
    const handle = await page.waitForFunction(() => {
      const { seen = {} } = globalThis as unknown as { seen?: Record<string, number> };
      const { verdictMs, reasonsMs, reasonsStandsMs } = seen;
      if (verdictMs === undefined || reasonsMs === undefined || reasonsStandsMs === undefined) return null;
      const before = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < reasonsStandsMs);
      const urls = before.map(({ name }) => new URL(name)).filter(({ origin }) => origin === location.origin);
      return { verdictMs, reasonsMs, fetched: urls.map(({ pathname }) => pathname) };
    });
    const opened = await handle.jsonValue();
    if (opened === null) throw new Error('the dossier was never painted');
    return opened;
  } finally {
    await context.close();
  }
}
