import { languages } from '@lisible/contracts';
import { findAccessibilityProblems, launchChromium } from '@lisible/runner';
import { pageStates, startOwn, themes, tour } from '@lisible/screenshots';
import type { Figure } from '../figure.ts';

const widths = [1280, 360];

export const axe: Figure = {
  name: 'axe',
  title: 'violations of axe’s WCAG 2.2 A and AA rules and best practices, over all pages, states, themes, languages and two widths',
  unit: 'violations',
  target: '0',

  async measure({ isShort, log }) {
    const platform = await startOwn(log);
    const browser = await launchChromium();
    try {
      const problems: string[] = [];
      let views = 0;
      const failures = await tour(
        { url: platform.url, browser, languages, themes, widths: isShort ? widths.slice(0, 1) : widths, log },
        async (page, { state, language, theme, width }) => {
          views += 1;
          for (const problem of await findAccessibilityProblems(page)) {
            problems.push(`${state.name}, ${language}, ${theme}, ${width}: ${problem}`);
            log(problems.at(-1) ?? '');
          }
        },
      );
      return {
        value: problems.length,
        samples: [problems.length],
        rival: { name: 'limit', value: 0 },
        // A state that was not seen was not judged.
        isMet: problems.length === 0 && failures.length === 0,
        details: { views, states: pageStates.length, 'states not seen': failures.length, browser: `Chromium ${browser.version()}` },
      };
    } finally {
      await browser.close();
      await platform.close();
    }
  },
};
