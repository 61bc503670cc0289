import type { CatalogueField, CatalogueView, FieldValue, Language, Problem } from '@lisible/contracts';
import { readNumber } from '../../ui/filters/filter-words.ts';

/** What a form or a line of a file says of an application. */
export type ApplicationBody = Readonly<Record<string, FieldValue>>;

const yes = new Set(['true', 'oui', 'yes', '1', 'vrai']);
const no = new Set(['false', 'non', 'no', '0', 'faux']);

/**
 * A text as the catalogue's type of value: empty is missing; a category is known by its value or by its words. What cannot be one stays as it was
 * typed: the door refuses it, together with everything else that is wrong.
 */
export const readValue = (field: CatalogueField, text: string, language: Language): FieldValue => {
  const bare = text.trim();
  if (bare === '') return null;
  switch (field.type) {
    case 'number':
    case 'integer':
      return readNumber(bare, language) ?? (/^-?\d+(\.\d+)?$/.test(bare) ? Number(bare) : bare);
    case 'boolean': {
      const word = bare.toLowerCase();
      return yes.has(word) ? true : no.has(word) ? false : bare;
    }
    case 'category':
      return field.categories?.find(({ value, label }) => value === bare || label.fr === bare || label.en === bare)?.value ?? bare;
    case 'date':
    case 'text':
      return bare;
  }
};

/** The typed texts as values of an application. */
export const readDraft = (catalogue: CatalogueView, texts: Readonly<Record<string, string>>, language: Language): ApplicationBody => {
  const values = catalogue.fields.map((field) => [field.name, readValue(field, texts[field.name] ?? '', language)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== null));
};

/** Which words, with an example, tell somebody who types that a value is missing or of another type. */
export type TypingProblem = 'number' | 'yesNo' | 'choice' | 'date' | 'text';
const wordsOfType: Record<CatalogueField['type'], TypingProblem> = {
  number: 'number',
  integer: 'number',
  boolean: 'yesNo',
  category: 'choice',
  date: 'date',
  text: 'text',
};
const typingCodes: readonly string[] = ['missing', 'wrong-type'];

/** The door speaks to programs of what is missing or of another type; null where its own words serve whoever types, too. */
export const typingProblem = (
  { field: name, code }: NonNullable<Problem['problems']>[number],
  { fields }: CatalogueView,
): { readonly key: TypingProblem; readonly field: CatalogueField } | null => {
  const field = fields.find((known) => known.name === name);
  return field === undefined || !typingCodes.includes(code) ? null : { key: wordsOfType[field.type], field };
};

/** An identifier that no other application bears: `unique` is drawn, or a digest of what it says. */
export const newApplicationId = (now: Date, unique: string): string => `A-${now.toISOString().slice(0, 10).replaceAll('-', '')}-${unique}`;

/** Sixteen letters that the same application gives again: what a file says without an identifier is handed in once a day, however often it is sent. */
export const digestOf = async (body: ApplicationBody): Promise<string> => {
  const text = JSON.stringify(Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};
