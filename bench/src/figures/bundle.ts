import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { launchChromium, readSession, signInAsAdvisor } from '@lisible/runner';
import { createAsk, findSomebody, startOwn, tokenOf } from '@lisible/screenshots';
import type { Figure } from '../figure.ts';
import { openDossier } from '../open-dossier.ts';

const dist = fileURLToPath(new URL('../../../frontend/dist', import.meta.url));
const limitKb = 250;

/** The lazy chunk of the chart engine, and nothing else. */
const isChart = (path: string): boolean => /ApexCanvas/u.test(path);

const chartEngineKb = (): number =>
  readdirSync(`${dist}/assets`)
    .filter((name) => isChart(name) && name.endsWith('.js'))
    .reduce((sum, name) => sum + gzipSync(readFileSync(`${dist}/assets/${name}`)).length / 1000, 0);

export const bundle: Figure = {
  name: 'bundle',
  title: 'what a browser with an empty cache fetches of the dashboard until a dossier’s verdict and reasons stand, before charts, gzipped',
  unit: 'kB',
  target: `under ${limitKb} kB`,

  async measure({ log }) {
    const platform = await startOwn(log);
    const browser = await launchChromium();
    try {
      const first = await browser.newPage();
      await signInAsAdvisor(first, platform.url);
      const session = await readSession(first);
      await first.close();
      const { clientId } = await findSomebody(createAsk(platform.url, tokenOf(session)));
      const { fetched } = await openDossier(browser, session, `${platform.url}/clients/${clientId}`);
      const sizes = ['/index.html', ...new Set(fetched)].flatMap((path) => {
        const file = dist + path;
        if (!existsSync(file)) return [];
        const bytes = readFileSync(file);
        // Fonts are compressed in themselves.
        return [{ path, kb: (path.endsWith('.woff2') ? bytes.length : gzipSync(bytes).length) / 1000 }];
      });
      const sum = (of: (path: string) => boolean): number => sizes.reduce((total, { path, kb }) => total + (of(path) ? kb : 0), 0);
      const value = sum((path) => !isChart(path));
      return {
        value,
        samples: [value],
        rival: { name: 'limit', value: limitKb },
        isMet: value < limitKb,
        details: {
          files: sizes.filter(({ path }) => !isChart(path)).length,
          'scripts kB': sum((path) => path.endsWith('.js') && !isChart(path)),
          'styles kB': sum((path) => path.endsWith('.css')),
          'fonts kB': sum((path) => path.endsWith('.woff2')),
          'chart engine kB, beside it': chartEngineKb(),
        },
      };
    } finally {
      await browser.close();
      await platform.close();
    }
  },
};
