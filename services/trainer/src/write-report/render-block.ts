import type { Block, FigureBlock, Table, Tone } from './block.ts';
import { Html, html } from './html.ts';
import type { Plot } from './plot.ts';
import type { ReportLanguage } from './report-language.ts';

/** How a plot becomes an SVG element, and what its series look like. */
export interface Plotter {
  draw(plot: Plot, words: { readonly id: string; readonly title: string; readonly description: string }): Promise<string>;
  legendOf(plot: Plot): readonly { readonly name: string; readonly tone: string; readonly dash: string; readonly isLine: boolean }[];
}

const signs: Readonly<Record<Tone, string>> = { plain: '', good: '✓', open: '≈', bad: '✗' };

/** A sign in front of a claim; the words after it say the same. */
export const toneSign = (tone: Tone): Html => (tone === 'plain' ? html`` : html`<span class="sign ${tone}" aria-hidden="true">${signs[tone]}</span>`);

export const renderTable = ({ caption, columns, rows }: Table): Html =>
  html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, isNumber }) => html`<th scope="col" ${new Html(isNumber ? ' class="number"' : '')}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name = '', ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell, index) => html`<td${new Html(columns[index + 1]?.isNumber === true ? ' class="number"' : '')}>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

const renderLegend = (series: ReturnType<Plotter['legendOf']>): Html =>
  series.length === 0
    ? html``
    : html`<ul class="legend">
        ${series.map(
          ({ name, tone, dash, isLine }) =>
            html`<li>
              <svg viewBox="0 0 28 10" width="28" height="10" aria-hidden="true" focusable="false">
                ${
                  isLine
                    ? html`<line x1="0" y1="5" x2="28" y2="5" stroke="${tone}" stroke-width="2" stroke-dasharray="${dash}"></line>`
                    : html`<circle cx="14" cy="5" r="4" fill="${tone}"></circle>`
                }
              </svg>
              ${name}
            </li>`,
        )}
      </ul>`;

const renderFigure = async (
  { id, title, caption, plots, table }: FigureBlock,
  number: string,
  w: ReportLanguage,
  plotter: Plotter,
): Promise<Html> => {
  const isGrid = plots.length > 1;
  const drawn: Html[] = [];
  for (const [index, { title: plotTitle, description, plot }] of plots.entries()) {
    const svg = await plotter.draw(plot, { id: `plot-${id}-${index + 1}`, title: plotTitle, description });
    drawn.push(
      html`<div class="plot">
        ${isGrid ? html`<p class="plot-title">${plotTitle}</p>` : html``}${renderLegend(plotter.legendOf(plot))}${new Html(svg)}
      </div>`,
    );
  }
  return html`<figure id="figure-${id}">
    <h3>${w.t(`Figure ${number} : ${title}`, `Figure ${number}: ${title}`)}</h3>
    <div class="plots${isGrid ? ' grid' : ''}">${drawn}</div>
    <figcaption>${caption}</figcaption>
    ${table === null ? html`` : renderTable(table)}
  </figure>`;
};

/** @param figureNumber `3.1`, for a figure */
export const renderBlock = async (block: Block, figureNumber: string, w: ReportLanguage, plotter: Plotter): Promise<Html> => {
  switch (block.kind) {
    case 'claim':
      return html`<p class="claim ${block.tone}">${toneSign(block.tone)}${block.text}</p>`;
    case 'prose':
      return html`<p>${block.text}</p>`;
    case 'heading':
      return html`<h3>${block.text}</h3>`;
    case 'list':
      return html`<ul>
        ${block.items.map((item) => html`<li>${item}</li>`)}
      </ul>`;
    case 'table':
      return renderTable(block.table);
    case 'figure':
      return renderFigure(block, figureNumber, w, plotter);
  }
};
