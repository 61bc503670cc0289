import type { BrowserContext, Page } from 'playwright-core';

/** Signs in as the demo advisor, by clicking as a person would; ends on the page that was asked for. */
export async function signInAsAdvisor(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: /se connecter|sign in/i }).click();
  await page.getByRole('button', { name: /conseillère|advisor/i }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/clients'));
}

/** What a tab keeps of a sign-in. */
export type TabSession = Readonly<Record<string, string>>;

export const readSession = (page: Page): Promise<TabSession> => page.evaluate(() => Object.fromEntries(Object.entries(sessionStorage)));

/** Opens every tab of a context as one that is signed in already; a session that the page ends stays ended. */
export async function giveSession(context: BrowserContext, session: TabSession): Promise<void> {
  await context.addInitScript((entries) => {
    if (sessionStorage.getItem('given') !== null) return;
    sessionStorage.setItem('given', 'yes');
    for (const [key, value] of Object.entries(entries)) sessionStorage.setItem(key, value);
  }, session);
}
