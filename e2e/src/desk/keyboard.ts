import type { Locator, Page } from 'playwright-core';
import type { Desk } from './desk.ts';
import { plain, textOf } from './figures.ts';

/** What has the focus, by its accessible name and role, and whether a person can see that it has it. */
const focused = (page: Page): Promise<{ readonly name: string; readonly isSeen: boolean }> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return { name: '', isSeen: true };
    const shows = (one: Element | null): boolean =>
      one !== null &&
      [null, '::before', '::after'].some((part) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one, part);
        return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
      });
    const { width, height } = element.getBoundingClientRect();
    // A field hidden behind its drawing, or without a frame of its own, shows its focus on what surrounds it.
    const isSeen = width > 0 && height > 0 && [element, element.parentElement, element.closest('tr')].some(shows);
    const labels = element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? [...(element.labels ?? [])] : [];
    const words = element.getAttribute('aria-label') ?? labels[0]?.textContent ?? element.textContent;
    return { name: words.replaceAll(/\s+/gu, ' ').trim(), isSeen };
  });

/** Tab after Tab until something of this name has the focus; every stop on the way must be seen. */
async function tabTo(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const stops: string[] = [];
  for (let presses = 0; presses < 250; presses += 1) {
    await page.keyboard.press(key);
    const stop = await focused(page);
    stops.push(stop.name);
    if (!stop.isSeen) throw new Error(`the focus on « ${stop.name} » cannot be seen`);
    if (name.test(stop.name)) return;
  }
  throw new Error(`${name} is not reached by ${key}: ${stops.slice(-20).join(' > ')}`);
}

export function describeKeyboard(desk: () => Desk): void {
  describe('by keyboard only', () => {
    let page: Page;
    const section = (name: string): Locator => page.getByRole('region', { name, exact: true });

    beforeAll(async () => {
      page = await desk().open('/', { isSignedIn: false });
      await page.getByRole('button', { name: 'Se connecter' }).waitFor();
    });
    afterAll(() => page.context().close());

    it('skips to the content, signs in and is led to the list', async () => {
      await page.keyboard.press('Tab');
      expect((await focused(page)).name).toBe('Aller au contenu');
      await page.keyboard.press('Enter');
      await tabTo(page, /^Se connecter$/u);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /conseillère/iu }).waitFor();
      await tabTo(page, /conseillère/iu);
      await page.keyboard.press('Enter');
      await page.getByRole('row').nth(10).waitFor();
    });

    it('searches by « / », walks the list by arrows and opens a dossier', async () => {
      await page.keyboard.press('/');
      await page.keyboard.type(desk().advised.clientId);
      await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
      await tabTo(page, /^Ouvrir le dossier de/u);
      await page.keyboard.press('Enter');
      await section('Verdict').waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
      expect(await page.title()).toContain(desk().advised.clientId);
    });

    it('jumps to another dossier and back by the palette, Ctrl K', async () => {
      await page.keyboard.press('Control+k');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').or(dialog.getByRole('combobox')).first().waitFor();
      await page.keyboard.type(desk().declined.clientId);
      await dialog.getByRole('option').filter({ hasText: desk().declined.clientId }).first().waitFor();
      await desk().look(page, 'palette');
      await page.keyboard.press('Enter');
      await page
        .getByRole('heading', { level: 1 })
        .filter({ hasText: desk().declined.displayName ?? '' })
        .waitFor();
      expect(new URL(page.url()).pathname).toBe(`/clients/${desk().declined.clientId}`);
      await page.keyboard.press('Control+k');
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      // Alt and the left arrow are the browser’s own keys, which this one has no window for.
      await page.goBack();
      await page
        .getByRole('heading', { level: 1 })
        .filter({ hasText: desk().advised.displayName ?? '' })
        .waitFor();
    });

    it('goes to a point of the dossier and changes the group by arrows', async () => {
      await tabTo(page, /^Comparer$/u);
      await page.keyboard.press('Enter');
      const place = section('Comparer');
      await place.locator('.section-sentence').waitFor();
      const before = await textOf(place.locator('.section-sentence'));
      await tabTo(page, /^Tous les clients$/u);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect((await focused(page)).name).toBe('Clients acceptés');
      await place.locator('.section-sentence').filter({ hasNotText: before }).waitFor();
      await page.waitForFunction(
        (was) => document.querySelector('[aria-labelledby="compare-title"] .section-sentence')?.textContent?.replaceAll(/\s+/gu, ' ').trim() !== was,
        before,
      );
    });

    it('simulates by arrows, takes the advice and reads on where it is tried', async () => {
      await tabTo(page, /^Simuler$/u, 'Shift+Tab');
      await page.keyboard.press('Enter');
      const place = section('Simuler');
      await place.locator('.result[aria-busy="false"]').waitFor();
      await tabTo(page, /^Montant/u);
      await place.locator('.result[aria-busy="false"]').waitFor();
      const before = await textOf(place.locator('.section-sentence'));
      for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('ArrowLeft');
      await place
        .getByText(/Le modèle estimerait/u)
        .first()
        .waitFor();
      expect(plain(before)).toContain('Telle que demandée');
      await tabTo(page, /^Essayer dans la simulation$/u);
      await page.keyboard.press('Enter');
      await place.locator('.outcome').filter({ hasText: 'Accordé' }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('simulate-title');
    });
  });
}
