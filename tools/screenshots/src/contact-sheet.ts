/** A picture of one state: its file beside the sheet, and what tells it from the others. */
export interface Picture {
  readonly file: string;
  readonly state: string;
  readonly variant: string;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Every picture on one page: a row a state, the variants side by side, each opening at its full size. */
export function renderContactSheet(pictures: readonly Picture[], madeAt: Date): string {
  const states = Map.groupBy(pictures, ({ state }) => state);
  const rows = [...states].map(
    ([state, ofState]) => `
<section id="${escape(state)}">
<h2>${escape(state)}</h2>
<div class="row">${ofState
      .map(
        ({ file, variant }) =>
          `<figure><a href="${escape(file)}"><img loading="lazy" src="${escape(file)}" alt="${escape(`${state}, ${variant}`)}"></a><figcaption>${escape(variant)}</figcaption></figure>`,
      )
      .join('')}</div>
</section>`,
  );
  const contents = [...states.keys()].map((state) => `<a href="#${escape(state)}">${escape(state)}</a>`).join(' ');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Lisible: every page and state</title>
<style>
body { margin: 2rem; font: 16px/1.4 system-ui, sans-serif; color: #14202b; background: #eef1f3 }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin-bottom: 1rem }
.row { display: flex; flex-wrap: wrap; align-items: start; gap: 1rem }
figure { margin: 0; width: 16rem }
img { width: 100%; max-height: 24rem; object-fit: cover; object-position: top; border: 1px solid #9fb0bc; background: #fff }
figcaption { font-size: 0.8rem; color: #4a5a66 }
</style>
<h1>Every page and state</h1>
<p>${pictures.length} pictures, ${escape(madeAt.toISOString())}</p>
<nav>${contents}</nav>
${rows.join('\n')}
</html>
`;
}
