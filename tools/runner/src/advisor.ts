import type { Page } from 'playwright-core';

/** Signs in as the demo advisor, by clicking as a person would; ends on the page that was asked for. */
export async function signInAsAdvisor(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: /se connecter|sign in/i }).click();
  await page.getByRole('button', { name: /conseillère|advisor/i }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/clients'));
}
