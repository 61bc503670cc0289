import { identifierSchema, type CatalogueField, type CatalogueView, type FieldValue, type Language } from '@lisible/contracts';
import { readNumber } from '../../ui/filters/filter-words.ts';

/** What is wrong with one field, in words. */
export interface DraftProblem {
  readonly field: string;
  readonly text: string;
}

export interface DraftWords {
  readonly number: (label: string) => string;
  readonly yesNo: (label: string) => string;
  readonly clientId: string;
}

/** What a form or a line of a file says of an application. */
export type ApplicationBody = Readonly<Record<string, FieldValue>>;

const yes = new Set(['true', 'oui', 'yes', '1', 'vrai']);
const no = new Set(['false', 'non', 'no', '0', 'faux']);

/** A text as the catalogue's type of value: empty is missing; a category is known by its value or by its words. Undefined where it cannot be one. */
export const readValue = (field: CatalogueField, text: string, language: Language): FieldValue | undefined => {
  const bare = text.trim();
  if (bare === '') return null;
  switch (field.type) {
    case 'number':
    case 'integer':
      return readNumber(bare, language) ?? (/^-?\d+(\.\d+)?$/.test(bare) ? Number(bare) : undefined);
    case 'boolean': {
      const word = bare.toLowerCase();
      return yes.has(word) ? true : no.has(word) ? false : undefined;
    }
    case 'category':
      return field.categories?.find(({ value, label }) => value === bare || label.fr === bare || label.en === bare)?.value ?? bare;
    case 'date':
    case 'text':
      return bare;
  }
};

/** The typed texts as an application; what cannot be read as a value is said here, the rest is the catalogue's word at the door. */
export const readDraft = (
  catalogue: CatalogueView,
  texts: Readonly<Record<string, string>>,
  language: Language,
  words: DraftWords,
): { readonly fields: ApplicationBody; readonly problems: readonly DraftProblem[] } => {
  const fields: Record<string, FieldValue> = {};
  const problems: DraftProblem[] = [];
  for (const field of catalogue.fields) {
    const value = readValue(field, texts[field.name] ?? '', language);
    if (value === undefined)
      problems.push({ field: field.name, text: (field.type === 'boolean' ? words.yesNo : words.number)(field.label[language]) });
    else if (value !== null) fields[field.name] = value;
  }
  if (!identifierSchema.safeParse((texts['clientId'] ?? '').trim()).success) problems.unshift({ field: 'clientId', text: words.clientId });
  return { fields, problems };
};

/** An identifier that no other application bears. */
export const newApplicationId = (now: Date, random: string): string =>
  `A-${now.toISOString().slice(0, 10).replaceAll('-', '')}-${random.slice(0, 8)}`;
