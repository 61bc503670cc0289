import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueViewSchema, dossierSchema, explanationSchema } from '@lisible/contracts';
import type { Page } from 'playwright-core';
import type { Desk, OpenOptions } from './desk.ts';
import { comparePicture, isUpdating, snapshotFolder } from './picture.ts';

/** The gateway's answers when the pictures were kept, so that a picture changes when the page does, not when the model or the hour does. */
const answersFile = join(snapshotFolder, 'answers.json');
const readAnswers = (): Readonly<Record<'dossier' | 'explanation' | 'catalogue', unknown>> => {
  const answers = JSON.parse(readFileSync(answersFile, 'utf8'));
  // Answers of an older contract are to be kept anew.
  return {
    dossier: dossierSchema.parse(answers.dossier),
    explanation: explanationSchema.parse(answers.explanation),
    catalogue: catalogueViewSchema.parse(answers.catalogue),
  };
};

const views: readonly (readonly [string, OpenOptions])[] = [
  ['fr-light-1280', { language: 'fr', theme: 'light', width: 1280, height: 900 }],
  ['en-dark-360', { language: 'en', theme: 'dark', width: 360, height: 900 }],
];
const parts = { banner: '.banner', verdict: '#verdict', why: '#why' } as const;

export function describeSnapshots(desk: () => Desk): void {
  describe('a dossier looks as it did', () => {
    const openDossier = async (options: OpenOptions): Promise<Page> => {
      const answers = readAnswers();
      const { clientId } = dossierSchema.parse(answers.dossier);
      const page = await desk().open(`/clients/${clientId}`, {
        ...options,
        prepare: async (opened) => {
          await opened.route(/\/v1\/clients\/[^/]+$/u, (route) => route.fulfill({ json: answers.dossier }));
          await opened.route(/\/v1\/clients\/[^/]+\/explanation/u, (route) => route.fulfill({ json: answers.explanation }));
          await opened.route(/\/v1\/catalogue$/u, (route) => route.fulfill({ json: answers.catalogue }));
        },
      });
      await page.locator('#why .canvas svg').first().waitFor();
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      return page;
    };
    const picture = (page: Page, part: keyof typeof parts): Promise<Buffer> =>
      page.locator(parts[part]).first().screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' });

    beforeAll(async () => {
      if (!isUpdating) return;
      const { clientId } = desk().advised;
      mkdirSync(snapshotFolder, { recursive: true });
      const [dossier, explanation, catalogue] = await Promise.all([
        desk().dossier(clientId),
        desk().ask(`/v1/clients/${clientId}/explanation`, explanationSchema),
        desk().ask('/v1/catalogue', catalogueViewSchema),
      ]);
      writeFileSync(answersFile, JSON.stringify({ dossier, explanation, catalogue }));
    });

    it.each(views)('%s', async (view, options) => {
      const page = await openDossier(options);
      try {
        for (const part of ['banner', 'verdict', 'why'] as const) {
          const png = await picture(page, part);
          if (isUpdating) writeFileSync(join(snapshotFolder, `${part}-${view}.png`), png);
          const { isTolerated, words } = comparePicture(`${part}-${view}`, png);
          expect(isTolerated ? 'as it did' : words).toBe('as it did');
        }
      } finally {
        await page.context().close();
      }
    });

    it('and would be noticed if it did not: a badge gone, the client’s mark moved, words in another size', async () => {
      const page = await openDossier(views[0]?.[1] ?? {});
      try {
        for (const [part, style] of [
          ['verdict', '#verdict .section-head > :last-child { visibility: hidden }'],
          ['verdict', '#verdict .sentence { font-size: 1.2rem }'],
          ['why', '#why .reasons .increases-risk .direction { color: green; font-weight: 900; letter-spacing: 1px }'],
          ['banner', '.banner .facts { visibility: hidden }'],
        ] as const) {
          const sheet = await page.addStyleTag({ content: style });
          expect({ style, isTolerated: comparePicture(`${part}-fr-light-1280`, await picture(page, part)).isTolerated }).toEqual({
            style,
            isTolerated: false,
          });
          await sheet.evaluate((element) => element.parentNode?.removeChild(element));
        }
      } finally {
        await page.context().close();
      }
    });
  });
}
