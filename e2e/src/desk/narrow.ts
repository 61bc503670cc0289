import { readToTheEnd } from '@lisible/runner';
import type { Page } from 'playwright-core';
import type { Desk, OpenOptions } from './desk.ts';

/** By how much the page scrolls sideways, and what can be acted upon but lies outside it or under nothing that scrolls. */
export const findUnreachable = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const found = scrollWidth > clientWidth ? [`the page is ${scrollWidth - clientWidth} pixels too wide`] : [];
    const scrolls = (element: Element): boolean =>
      ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth;
    for (const element of document.querySelectorAll<HTMLElement>('a, button, input, select, summary, [tabindex="0"]')) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.skip, .visually-hidden, [aria-hidden="true"]') !== null)
        continue;
      const { left, right, width } = element.getBoundingClientRect();
      if (width === 0 || (left >= -1 && right <= clientWidth + 1)) continue;
      let around = element.parentElement;
      while (around !== null && !scrolls(around)) around = around.parentElement;
      if (around === null)
        found.push(`${element.tagName} « ${element.textContent.trim().slice(0, 40)} » lies from ${Math.round(left)} to ${Math.round(right)}`);
    }
    return found;
  });

const views: readonly (readonly [string, OpenOptions])[] = [
  ['zoom of 200 %', { width: 640, height: 450, scale: 2 }],
  ['320 pixels', { width: 320, height: 800 }],
];

export function describeNarrow(desk: () => Desk): void {
  describe.each(views)('at a %s', (label, options) => {
    it.each(['fr', 'en'] as const)('scrolls no page sideways and keeps everything in reach: %s', async (language) => {
      const name = `${label.replaceAll(/\W+/gu, '-')}-${language}`;
      // An empty form is sent: the door refuses it, and the browser notes that.
      const page = await desk().open('/clients', { ...options, language, mayLog: /status of 422/u });
      const expectReachable = async (state: string): Promise<void> => {
        expect({ state, unreachable: await findUnreachable(page) }).toEqual({ state, unreachable: [] });
      };
      try {
        await page.getByRole('row').nth(5).waitFor();
        await expectReachable('clients');
        if (language === 'fr') await desk().look(page, `clients-${name}`);
        await page.getByRole('button', { name: /Ajouter un filtre|Add a filter/u }).click();
        await expectReachable('a filter being chosen');
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+k');
        await page.getByRole('dialog').waitFor();
        await expectReachable('palette');
        await page.keyboard.press('Escape');
        await page.goto(`${desk().url}/clients/${desk().advised.clientId}`);
        await page.locator('#verdict .sentence').first().waitFor();
        await readToTheEnd(page);
        await expectReachable('dossier');
        if (language === 'fr') await desk().look(page, `dossier-${name}`);
        await page.goto(`${desk().url}/applications/new`);
        await page.locator('form .essential').waitFor();
        await expectReachable('new application');
        await page.locator('form button[type="submit"]').click();
        await page.getByRole('alert').waitFor();
        await expectReachable('new application with problems');
        if (language === 'fr') await desk().look(page, `new-application-${name}`);
      } finally {
        await page.context().close();
      }
    });
  });

  it('holds the place of what is still coming within 320 pixels', async () => {
    const page = await desk().open(`/clients/${desk().approved.clientId}`, {
      width: 320,
      height: 800,
      prepare: (opened) => opened.route('**/v1/**', () => new Promise(() => undefined)),
    });
    try {
      await page.locator('.page.loading .skeleton').first().waitFor();
      expect(await findUnreachable(page)).toEqual([]);
    } finally {
      await page.context().close();
    }
  });

  it('folds language, theme and account behind a button on a telephone, and leaves them by Escape', async () => {
    const page = await desk().open('/clients', { width: 320, height: 800 });
    try {
      // Coming to a page closes them.
      await page.getByRole('row').nth(5).waitFor();
      const opener = page.getByRole('button', { name: 'Réglages et compte' });
      const dark = page.getByRole('button', { name: 'Sombre' });
      expect([await opener.getAttribute('aria-expanded'), await dark.isVisible()]).toEqual(['false', false]);
      await opener.click();
      await dark.waitFor();
      expect(await opener.getAttribute('aria-expanded')).toBe('true');
      expect(await findUnreachable(page)).toEqual([]);
      await desk().look(page, 'settings-on-a-telephone');
      await dark.focus();
      await page.keyboard.press('Escape');
      expect([await dark.isVisible(), await opener.evaluate((element) => element === document.activeElement)]).toEqual([false, true]);
    } finally {
      await page.context().close();
    }
  });
}
