import type { Language } from '@lisible/contracts';
import { makeUpInputs } from '../../testing/made-up-studies.ts';
import { assembleEvidence } from '../model-evidence/assemble-evidence.ts';
import { renderReport, writeChapters } from './render-report.ts';
import { drawPlot, legendOf } from './vega.plots.ts';

const inputs = makeUpInputs();
const evidence = assembleEvidence(inputs);

/** Elements that are opened and not closed, or closed and not open; attributes must be quoted. */
const notWellFormed = (page: string): readonly string[] => {
  const open: string[] = [];
  const problems: string[] = [];
  for (const [tag, closing, name = '', attributes = '', selfClosing] of page.matchAll(
    /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9:-]*="[^"<]*")*)\s*(\/?)>/g,
  )) {
    if (/<style/.test(attributes)) problems.push(tag);
    if (closing === '/') {
      if (open.pop() !== name) problems.push(tag);
    } else if (selfClosing !== '/') open.push(name);
  }
  // What is left after all tags are taken out must hold no angle bracket.
  const text = page
    .replace(/^<!doctype html>/, '')
    .replaceAll(/<style>[^<]*<\/style>/g, '')
    .replaceAll(/<\/?[a-zA-Z][a-zA-Z0-9]*(?:\s+[a-zA-Z][a-zA-Z0-9:-]*="[^"<]*")*\s*\/?>/g, '');
  return [...problems, ...open, ...(text.match(/[<>]/g) ?? [])];
};

const textOf = (page: string): string => page.replaceAll(/<style>[^<]*<\/style>/g, '').replaceAll(/<[^>]*>/g, ' ');

describe.each<Language>(['fr', 'en'])('the report in %s', (language) => {
  const render = (of = evidence): Promise<string> =>
    renderReport(of, language, { draw: (plot, words) => drawPlot(plot, { ...words, language }), legendOf });
  let page: string;
  beforeAll(async () => (page = await render()));

  it('is the same page for the same evidence', async () => {
    expect(await render()).toBe(page);
  });

  it('holds every chapter, and a way to it from the contents', () => {
    const chapters = writeChapters(evidence, language);
    expect(chapters).toHaveLength(13);
    for (const { id } of chapters) {
      expect(page).toContain(`<h2 id="${id}">`);
      expect(page).toContain(`<a href="#${id}">`);
    }
  });

  it('is well formed, needs no script and nothing from elsewhere', () => {
    expect(notWellFormed(page)).toEqual([]);
    expect(page).not.toMatch(/<script|<link|@import|src="/);
    expect([...page.matchAll(/(?:href|xlink:href)="(?!#)/g)]).toEqual([]);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
  });

  it('shows no hole of a template: no NaN, undefined, null, object or placeholder', () => {
    expect(textOf(page)).not.toMatch(/NaN|undefined|\bnull\b|Infinity|∞|\[object|\{\w+\}/);
    expect(page).not.toMatch(/(?:d|x|y|transform)="[^"]*NaN/);
  });

  it('keeps headings in order, ids apart, and every table and plot readable aloud', () => {
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    // The contents stand before the title; from the title on no level is skipped.
    const fromTitle = levels.slice(levels.indexOf(1));
    fromTitle.slice(1).forEach((level, index) => expect(level - fromTitle[index]!).toBeLessThanOrEqual(1));
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [plot] of page.matchAll(/<svg xmlns[^]*?<\/svg>/g))
      expect(plot).toMatch(/role="img" aria-labelledby="[^"]+"><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/);
    expect(page.match(/<table/g)).toHaveLength(page.match(/<caption>[^<]+<\/caption>/g)!.length);
    expect(page).not.toMatch(/<th(?! scope=)[ >]/);
  });

  it('says each claim as it stands, also when it is bad', async () => {
    const words =
      language === 'fr'
        ? { outside: 'hors des bornes', slope: 'Pente de calibration : 1,300' }
        : { outside: 'outside bounds', slope: 'Calibration slope: 1.300' };
    const slope = { value: 1.3, lower: 1.25, upper: 1.35 };
    const checks = evidence.checks.map((check) =>
      check.code === 'calibration-slope' ? { ...check, measured: slope, status: 'outside' as const } : check,
    );
    const bad = textOf(await render({ ...evidence, checks, calibration: { ...evidence.calibration, slope } })).replaceAll('\u00a0', ' ');
    const start = bad.indexOf(words.slope);
    expect(start).toBeGreaterThan(0);
    expect(bad.slice(start, start + 200)).toContain(words.outside);
    expect(textOf(page).replaceAll('\u00a0', ' ')).not.toContain(words.slope);
  });

  it('escapes what others wrote', async () => {
    const [first, ...others] = evidence.dataSheet.features;
    const label = { fr: '<img src="x">&', en: '<img src="x">&' };
    const hostile = await render({ ...evidence, dataSheet: { ...evidence.dataSheet, features: [{ ...first!, label }, ...others] } });
    expect(hostile).not.toContain('<img');
    expect(hostile).toContain('&lt;img src=&quot;x&quot;&gt;&amp;');
    expect(notWellFormed(hostile)).toEqual([]);
  });

  it('warns on the first page of a drawn population', async () => {
    const drawn = assembleEvidence({ ...inputs, snapshot: { ...inputs.snapshot, source: 'synthetic' } });
    expect(await render(drawn)).toContain('class="warning"');
    expect(page).not.toContain('class="warning"');
  });
});

describe('a report of little evidence', () => {
  it('says what is missing rather than leave a hole', async () => {
    const full = evidence;
    const little = {
      ...full,
      scorecard: null,
      ablations: null,
      learningCurve: [],
      interactions: [],
      fairness: [],
      stability: { ...full.stability, seeds: full.stability.seeds.slice(0, 1) },
      policyEffect: { ...full.policyEffect, greyZone: null, decisions: null },
    };
    const page = await renderReport(little, 'fr', { draw: (plot, words) => drawPlot(plot, { ...words, language: 'fr' }), legendOf });
    expect(notWellFormed(page)).toEqual([]);
    expect(textOf(page)).not.toMatch(/NaN|undefined|\bnull\b|Infinity/);
    for (const words of ['Aucune carte de score', 'Les ablations n’ont pas été mesurées', 'il n’y a pas de zone grise'])
      expect(page).toContain(words);
  });
});
