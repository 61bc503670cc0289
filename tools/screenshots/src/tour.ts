import type { Language } from '@lisible/contracts';
import { giveSession, readSession, settle, signInAsAdvisor } from '@lisible/runner';
import type { Browser, Page } from 'playwright-core';
import type { Ask } from './people.ts';
import { createAsk, findPeople, tokenOf } from './people.ts';
import type { PageState } from './states.ts';
import { pageStates } from './states.ts';

export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** One page in one state, as it is looked at. */
export interface View {
  readonly state: PageState;
  readonly language: Language;
  readonly theme: Theme;
  readonly width: number;
}

export interface TourOptions {
  readonly url: string;
  readonly browser: Browser;
  readonly languages: readonly Language[];
  readonly themes: readonly Theme[];
  readonly widths: readonly number[];
  /** Default: every one. */
  readonly states?: readonly PageState[];
  /** Told of every state as it comes, and of what could not be brought about. */
  readonly log: (line: string) => void;
  /** Once somebody is signed in, before the first page: to ask the public door as the same person. */
  readonly onSession?: (ask: Ask) => Promise<void>;
}

const height = 900;

/**
 * Goes through every page and state of a running platform, signed in as the demo advisor, and looks at each in every language, theme and width.
 * It hands in a few applications of its own (`tour-…`). Returns the states that could not be brought about, in words.
 */
export async function tour(options: TourOptions, look: (page: Page, view: View) => Promise<void>): Promise<readonly string[]> {
  const { url, browser, languages, log, states = pageStates } = options;
  const first = await browser.newPage();
  await signInAsAdvisor(first, url);
  const session = await readSession(first);
  await first.close();
  const ask = createAsk(url, tokenOf(session));
  await options.onSession?.(ask);
  const people = await findPeople(ask);

  const failures: string[] = [];
  let done = 0;
  for (const state of states) {
    if (state.isPossible?.(people) === false) {
      log(`${state.name}: the platform has nobody to show it with`);
      continue;
    }
    for (const language of languages) {
      done += 1;
      const startedAt = performance.now();
      const context = await browser.newContext({
        locale: language === 'fr' ? 'fr-FR' : 'en-GB',
        timezoneId: 'Europe/Paris',
        reducedMotion: 'reduce',
        colorScheme: options.themes[0] ?? 'light',
        viewport: { width: options.widths[0] ?? 1280, height },
      });
      try {
        context.setDefaultTimeout(15_000);
        await context.addInitScript((chosen) => localStorage.setItem('lisible.language', chosen), language);
        if (state.isSignedIn !== false) await giveSession(context, session);
        const page = await context.newPage();
        await state.bringAbout({ page, url, people });
        for (const width of options.widths) {
          await page.setViewportSize({ width, height });
          for (const theme of options.themes) {
            await page.emulateMedia({ colorScheme: theme });
            // Notices that stick to the top of the window stand where a reader who comes to the page sees them.
            if (state.isWindow !== true) await page.evaluate(() => scrollTo(0, 0));
            await settle(page);
            await look(page, { state, language, theme, width });
          }
        }
        log(`[${done}/${states.length * languages.length}] ${state.name}, ${language}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
      } catch (error) {
        const words = `${state.name}, ${language}: ${error instanceof Error ? error.message.split('\n', 3).join(' ') : String(error)}`;
        failures.push(words);
        log(`could not be brought about: ${words}`);
      } finally {
        await context.close();
      }
    }
  }
  return failures;
}
