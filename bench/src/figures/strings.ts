import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CatalogueView, Language, LocalizedText } from '@lisible/contracts';
import { catalogueViewSchema, languages } from '@lisible/contracts';
import { launchChromium } from '@lisible/runner';
import { pageStates, startOwn, tour } from '@lisible/screenshots';
import type { Page } from 'playwright-core';
import type { Figure } from '../figure.ts';

const messagesFolder = fileURLToPath(new URL('../../../frontend/src/app/i18n/', import.meta.url));

/** Every message by its key. */
const flatten = (messages: object, prefix = ''): readonly (readonly [string, string])[] =>
  Object.entries(messages).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? flatten(value, `${prefix}${key}.`) : [[`${prefix}${key}`, String(value)] as const],
  );
const readMessages = async (language: Language): Promise<ReadonlyMap<string, string>> => {
  const { default: messages }: { default: object } = await import(pathToFileURL(`${messagesFolder}${language}.ts`).href);
  return new Map(flatten(messages));
};

const placesOf = (message: string): string => [...new Set(message.match(/\{\w+\}/gu) ?? [])].sort().join(' ');
const formsOf = (message: string): number => message.split(' | ').length;

/** Messages that one language lacks, or says with other places or plural forms. */
const unmatched = (french: ReadonlyMap<string, string>, english: ReadonlyMap<string, string>): readonly string[] =>
  [...new Set([...french.keys(), ...english.keys()])].filter((key) => {
    const [here, there] = [french.get(key), english.get(key)];
    return (
      here === undefined ||
      there === undefined ||
      (here === '') !== (there === '') ||
      placesOf(here) !== placesOf(there) ||
      formsOf(here) !== formsOf(there)
    );
  });

/** Whatever the catalogue says to people. */
const wordsOf = ({ fields, features, themes }: CatalogueView): readonly LocalizedText[] => [
  ...themes.map(({ label }) => label),
  ...[...fields, ...features].flatMap(({ label, definition }) => [label, definition]),
  ...fields.flatMap(({ categories }) => (categories ?? []).map(({ label }) => label)),
  ...features.flatMap(({ valueLabels }) => Object.values(valueLabels ?? {})),
];

/** Text as a page shows or speaks it; the languages’ own buttons are in their own words. */
const readPage = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const spoken = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext'];
    const parts = [
      document.title,
      document.body.innerText,
      ...[...document.querySelectorAll('.visually-hidden')].map(({ textContent }) => textContent),
    ];
    for (const element of document.querySelectorAll(spoken.map((name) => `[${name}]`).join())) {
      if (element.closest('header [lang]') === null) parts.push(...spoken.map((name) => element.getAttribute(name) ?? ''));
    }
    return parts.join('\n').replaceAll(/[^\S\n]+/gu, ' ');
  });

const jargon = /\b(?:log-?odds|logits?|SHAP|shapley|feature importance|importance des variables)\b/giu;
const rawColumn = /\b[A-Z]{2,}_[A-Z_0-9]+\b/gu;
/** Names of fields and features as code writes them; one-word names are words too. */
const rawNames = ({ fields, features }: CatalogueView): RegExp => {
  const names = [...fields, ...features].map(({ name }) => name).filter((name) => /[a-z][A-Z0-9]/u.test(name));
  return new RegExp(`\\b(?:${names.join('|')})\\b`, 'gu');
};

/** Shorter words are the same in both languages too often. */
const shortestTelling = 12;

/** Of a text with places or of several forms, the longest part that stands still. */
const stillPart = (text: string): string =>
  text
    .split(/\{\w+\}| \| /u)
    .map((part) => part.replaceAll(/\s+/gu, ' ').trim())
    .reduce((longest, part) => (part.length > longest.length ? part : longest), '');

/** What only one of the languages says, long enough to tell which. */
const tellingTexts = (pairs: readonly LocalizedText[]): Record<Language, ReadonlySet<string>> => {
  const of = (language: Language): ReadonlySet<string> =>
    new Set(pairs.map((pair) => stillPart(pair[language])).filter((text) => text.length >= shortestTelling));
  const [fr, en] = [of('fr'), of('en')];
  const without = (all: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> =>
    new Set([...all].filter((text) => !others.has(text)));
  return { fr: without(fr, en), en: without(en, fr) };
};

export const strings: Figure = {
  name: 'strings',
  title: 'words in one language without the other, words of the other language on a page, raw names and jargon on advisors’ pages',
  unit: 'strings',
  target: '0',

  async measure({ log }) {
    const [french, english] = await Promise.all([readMessages('fr'), readMessages('en')]);
    const missing = unmatched(french, english);

    const platform = await startOwn(log);
    const browser = await launchChromium();
    try {
      const foreign: string[] = [];
      const raw: string[] = [];
      let words: readonly LocalizedText[] = [];
      let names = /$^/u;
      let telling: Record<Language, ReadonlySet<string>> = { fr: new Set(), en: new Set() };
      const take = (catalogue: CatalogueView): void => {
        words = wordsOf(catalogue);
        names = rawNames(catalogue);
        telling = tellingTexts([...words, ...[...french].map(([key, fr]) => ({ fr, en: english.get(key) ?? '' }))]);
      };
      const context = { views: 0, characters: 0 };
      const failures = await tour(
        {
          url: platform.url,
          browser,
          languages,
          themes: ['light'],
          widths: [1280],
          log,
          onSession: async (ask) => take(await ask('/v1/catalogue', catalogueViewSchema)),
        },
        async (page, { state, language }) => {
          const text = await readPage(page);
          context.views += 1;
          context.characters += text.length;
          const note = (into: string[], found: Iterable<string>): void => {
            for (const one of new Set(found)) {
              into.push(`${state.name}, ${language}: ${one}`);
              log(into.at(-1) ?? '');
            }
          };
          const lines = new Set(text.split('\n').map((line) => line.trim()));
          const other = telling[language === 'fr' ? 'en' : 'fr'];
          note(
            foreign,
            [...other].filter((one) => lines.has(one) || (one.length > 24 && text.includes(one))),
          );
          if (state.isExpert === true) return;
          note(raw, text.match(rawColumn) ?? []);
          note(raw, text.match(names) ?? []);
          note(raw, text.match(jargon) ?? []);
        },
      );
      const speechless = words.filter(({ fr, en }) => fr.trim() === '' || en.trim() === '');
      const value = missing.length + speechless.length + foreign.length + raw.length;
      return {
        value,
        samples: [missing.length, speechless.length, foreign.length, raw.length],
        rival: { name: 'limit', value: 0 },
        isMet: value === 0 && failures.length === 0,
        details: {
          messages: french.size,
          'messages without their pair': missing.length,
          'words of the catalogue': words.length,
          'of these in one language only': speechless.length,
          'pages and states read in each language': context.views / languages.length,
          'characters read': context.characters,
          'words of the other language on a page': foreign.length,
          'raw names and jargon on advisors’ pages': raw.length,
          states: pageStates.length,
          'states not seen': failures.length,
        },
      };
    } finally {
      await browser.close();
      await platform.close();
    }
  },
};
