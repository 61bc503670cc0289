import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { languages } from '@lisible/contracts';
import { launchChromium } from '@lisible/runner';
import type { Picture } from './contact-sheet.ts';
import { renderContactSheet } from './contact-sheet.ts';
import { startOwn, useRunning } from './platform.ts';
import { pageStates } from './states.ts';
import { themes, tour } from './tour.ts';

const usage = `npm run screenshots                      a picture of every page and state × languages × themes × widths
npm run screenshots -- --only PATTERN    only states whose name matches
  --out DIR            where (default: screenshots, ignored by Git)
  --language fr|en     one language; --theme light|dark  one theme; --width PIXELS  one width
PLATFORM_URL=http://…  walks through a platform that runs already (it hands in a few applications named tour-…), else one is started
States: ${pageStates.map(({ name }) => name).join(', ')}`;

const widths = [1280, 360];
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    out: { type: 'string' },
    language: { type: 'string' },
    theme: { type: 'string' },
    width: { type: 'string' },
    help: { type: 'boolean' },
  },
});

async function main(): Promise<number> {
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const log = (line: string): void => console.error(line);
  const folder = values.out ?? fileURLToPath(new URL('../../../screenshots/', import.meta.url));
  const pattern = new RegExp(values.only ?? '', 'u');
  const states = pageStates.filter(({ name }) => pattern.test(name));
  if (states.length === 0) {
    console.error(`no state matches ${values.only}\n${usage}`);
    return 2;
  }
  if (values.only === undefined && values.out === undefined) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const running = process.env['PLATFORM_URL'];
  const platform = running === undefined ? await startOwn(log) : useRunning(running);
  const browser = await launchChromium();
  const pictures: Picture[] = [];
  try {
    const failures = await tour(
      {
        url: platform.url,
        browser,
        languages: languages.filter((language) => values.language === undefined || values.language === language),
        themes: themes.filter((theme) => values.theme === undefined || values.theme === theme),
        widths: values.width === undefined ? widths : [Number(values.width)],
        states,
        log,
      },
      async (page, { state, language, theme, width }) => {
        const file = `${state.name}-${language}-${theme}-${width}.png`;
        await page.screenshot({ path: join(folder, file), fullPage: state.isWindow !== true, animations: 'disabled' });
        pictures.push({ file, state: state.name, variant: `${language}, ${theme}, ${width}` });
      },
    );
    writeFileSync(join(folder, 'index.html'), renderContactSheet(pictures, new Date()));
    console.log(`${pictures.length} pictures: ${join(folder, 'index.html')}`);
    for (const failure of failures) console.error(`MISSING ${failure}`);
    return failures.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
    await platform.close();
  }
}

process.exitCode = await main();
