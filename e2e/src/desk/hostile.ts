import { readToTheEnd } from '@lisible/runner';
import type { Desk } from './desk.ts';
import { plain, textOf } from './figures.ts';
import { findUnreachable } from './narrow.ts';

/** What somebody could write into an application to be run, to be mistaken or to break a page. */
const hostile: readonly (readonly [string, string])[] = [
  ['an image that fails', '<img src=x onerror="globalThis.wasRun=1">'],
  ['a script that closes what is around it', '"><script>globalThis.wasRun=1</script>'],
  ['a template', '{{ constructor.constructor("globalThis.wasRun=1")() }}'],
  ['a reversal of direction', '\u202Erettirw si siht sdrawkcab\u202C'],
  ['a very long name', `Anne-${'Marie'.repeat(18)}`],
];

export function describeHostile(desk: () => Desk): void {
  describe('a hostile name', () => {
    it.each(hostile)('is shown as text and never run: %s', async (label, name) => {
      const clientId = `desk-hostile-${hostile.findIndex(([known]) => known === label)}`;
      const view = await desk().submit({ clientId, applicationId: clientId, firstName: name, lastName: 'Test', city: name, streetAddress: name });
      expect(view.decision).not.toBeNull();
      const page = await desk().open('/clients', { width: 360, height: 800 });
      try {
        await page.getByRole('searchbox', { name: 'Rechercher un client' }).fill(clientId);
        const link = page.getByRole('row').filter({ hasText: clientId }).getByRole('link').first();
        await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
        await link.waitFor();
        const { displayName } = await desk().dossier(clientId);
        expect(plain(displayName ?? '')).toContain(plain(name));
        expect(await textOf(link)).toContain(plain(name));
        expect(await findUnreachable(page)).toEqual([]);
        await link.click();
        await page.locator('#verdict .sentence').first().waitFor();
        expect(await textOf(page.getByRole('heading', { level: 1 }))).toBe(plain(displayName ?? ''));
        await page.keyboard.press('Control+k');
        await page.getByRole('dialog').locator('input').fill(clientId);
        await page.getByRole('option').filter({ hasText: clientId }).first().waitFor();
        await page.keyboard.press('Escape');
        await readToTheEnd(page);
        expect(await findUnreachable(page)).toEqual([]);
        await desk().look(page, clientId);
        expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
        expect(await page.evaluate(() => document.querySelectorAll('main img, main script').length)).toBe(0);
        // Neither an address nor a title, which browsers remember, holds a name.
        expect(decodeURIComponent(page.url()) + (await page.title())).not.toContain(name);
      } finally {
        await page.context().close();
      }
    });
  });
}
