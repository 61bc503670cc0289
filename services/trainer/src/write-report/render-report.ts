import type { Language, ModelEvidence } from '@lisible/contracts';
import type { Chapter } from './block.ts';
import { chapterContext } from './chapter-context.ts';
import type { ChapterContext } from './chapter-context.ts';
import { ablationsChapter, leaksChapter } from './chapters/ablations-and-leaks.ts';
import { behaviourChapter } from './chapters/behaviour.ts';
import { calibrationChapter } from './chapters/calibration.ts';
import { candidatesChapter } from './chapters/candidates.ts';
import { costChapter } from './chapters/cost.ts';
import { dataSheetChapter } from './chapters/data-sheet.ts';
import { discriminationChapter } from './chapters/discrimination.ts';
import { fairnessChapter } from './chapters/fairness.ts';
import { policyEffectChapter } from './chapters/policy-effect.ts';
import { reproductionChapter } from './chapters/reproduction.ts';
import { scorecardChapter } from './chapters/scorecard.ts';
import { stabilityChapter } from './chapters/stability.ts';
import { renderFirstPage } from './first-page.ts';
import { Html, html } from './html.ts';
import { renderBlock } from './render-block.ts';
import type { Plotter } from './render-block.ts';
import { reportLanguage } from './report-language.ts';
import { style } from './style.ts';

/** In the order in which a risk officer asks. */
const chapters: readonly ((context: ChapterContext) => Chapter)[] = [
  discriminationChapter,
  calibrationChapter,
  costChapter,
  policyEffectChapter,
  candidatesChapter,
  scorecardChapter,
  behaviourChapter,
  stabilityChapter,
  ablationsChapter,
  leaksChapter,
  fairnessChapter,
  dataSheetChapter,
  reproductionChapter,
];

/** Evidence as chapters of sentences, plots and tables, in one language. */
export const writeChapters = (evidence: ModelEvidence, language: Language): readonly Chapter[] => {
  const context = chapterContext(evidence, reportLanguage(language));
  return chapters.map((chapter) => chapter(context));
};

/** The whole page: one file, no script, nothing from elsewhere. The same evidence gives the same page. */
export const renderReport = async (evidence: ModelEvidence, language: Language, plotter: Plotter): Promise<string> => {
  const w = reportLanguage(language);
  const written = writeChapters(evidence, language);
  const rendered: Html[] = [];
  for (const [index, { id, title, blocks }] of written.entries()) {
    const number = index + 1;
    const parts: Html[] = [];
    let figures = 0;
    for (const block of blocks) {
      if (block.kind === 'figure') figures += 1;
      parts.push(await renderBlock(block, `${number}.${figures}`, w, plotter));
    }
    rendered.push(
      html`<section class="chapter" aria-labelledby="${id}">
        <h2 id="${id}">${number}. ${title}</h2>
        ${parts}
      </section>`,
    );
  }
  const title = w.t(`Dossier de preuve du modèle ${evidence.modelVersion}`, `Evidence of model ${evidence.modelVersion}`);
  const page = html`<html lang="${language}">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title}</title>
      <style>
        ${new Html(style)}
      </style>
    </head>
    <body>
      <div class="page">
        <main>
          <div class="first">${renderFirstPage(chapterContext(evidence, w))}</div>
          <nav aria-labelledby="contents">
            <h2 id="contents">${w.t('Sommaire', 'Contents')}</h2>
            <ol>
              ${written.map(({ id, title: chapter }) => html`<li><a href="#${id}">${chapter}</a></li>`)}
            </ol>
          </nav>
          <div class="chapters">
            ${rendered}
            <footer>
              <p>
                ${w.t(
                  `Modèle ${evidence.modelName} ${evidence.modelVersion}, appris le ${w.date(evidence.createdAt)}. Page écrite depuis evidence.json : chaque phrase découle de ses nombres.`,
                  `Model ${evidence.modelName} ${evidence.modelVersion}, learnt on ${w.date(evidence.createdAt)}. Page written from evidence.json: each sentence follows from its numbers.`,
                )}
              </p>
            </footer>
          </div>
        </main>
      </div>
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
};
