import type { Page } from 'playwright-core';

/** Walks down the page as a reader does: what stands below the fold is asked for once it comes near. Ends at its top, all of it there. */
export async function readToTheEnd(page: Page): Promise<void> {
  const step = (): Promise<number> =>
    page.evaluate(() => {
      scrollBy(0, innerHeight * 0.9);
      return scrollY;
    });
  for (let above = -1, now = await step(); now !== above; now = await step()) {
    above = now;
    // Ahead of the reader places are kept; around her, everything comes.
    await page.waitForFunction(() => {
      const isComing = document.querySelector('main [aria-busy="true"], main .chart-note') !== null;
      return !isComing || document.querySelector('main .ahead') !== null;
    });
  }
  await page.waitForFunction(() => document.querySelector('main [aria-busy="true"], main .ahead') === null);
  await page.evaluate(() => scrollTo(0, 0));
}

/** Waits until fonts are there and the page has kept its size over a few frames. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const nextFrame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));
    let height = -1;
    for (let same = 0; same < 6;) {
      await nextFrame();
      const now = document.documentElement.scrollHeight;
      same = now === height ? same + 1 : 0;
      height = now;
    }
  });
}
