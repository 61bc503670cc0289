import type { CatalogueView, CohortGrid, FieldValue, Language, Theme, Unit } from '@lisible/contracts';
import { formatsOf } from '../formats.ts';

/** Answers that are chosen together, as one tick box: those that the privacy grid holds together, else a single one. */
export interface AnswerChoice {
  readonly label: string;
  readonly values: readonly FieldValue[];
}

/** A field or feature that a filter or a column may be about, in one language. */
export interface FilterField {
  readonly name: string;
  readonly label: string;
  readonly definition: string;
  readonly theme: Theme;
  readonly unit: Unit;
  /** `ago`: a date, compared as days before the application and read as years. `integer`: both ends are meant to be included. */
  readonly kind: 'number' | 'integer' | 'ago' | 'answers';
  /** Null for ranges. */
  readonly choices: readonly AnswerChoice[] | null;
  /** Where a range may begin and end; null where it may anywhere. */
  readonly edges: readonly number[] | null;
  /** Allowed, ends included, in the field's own unit. */
  readonly range: { readonly min: number | null; readonly max: number | null } | null;
}

export interface AnswerWords {
  readonly yes: string;
  readonly no: string;
  readonly notGiven: string;
}

export const daysPerYear = 365.25;

type Labels = (value: FieldValue) => string | null;

const labelsOf = (catalogue: CatalogueView, name: string, language: Language, currency: string, words: AnswerWords): Labels => {
  const field = catalogue.fields.find((known) => known.name === name);
  const feature = catalogue.features.find((known) => known.name === name);
  return (value) => {
    if (value === null) return words.notGiven;
    if (typeof value === 'boolean') return value ? words.yes : words.no;
    if (typeof value === 'number')
      return (
        (field === undefined ? feature?.valueLabels?.[value]?.[language] : undefined) ??
        formatsOf(language).quantity(value, field?.unit ?? feature?.unit ?? 'none', currency)
      );
    return field?.categories?.find((category) => category.value === value)?.label[language] ?? null;
  };
};

/** What a list can be filtered by and show: every field that is neither contact data nor free text, with any bounds. */
export const listFields = (catalogue: CatalogueView, language: Language, currency: string, words: AnswerWords): FilterField[] =>
  catalogue.fields.flatMap((field): FilterField[] => {
    if (field.isContact || field.type === 'text') return [];
    const { name, theme, unit, range } = field;
    const common = { name, theme, unit, label: field.label[language], definition: field.definition[language], edges: null };
    const labelOf = labelsOf(catalogue, name, language, currency, words);
    const choices = (values: readonly FieldValue[]): AnswerChoice[] => values.map((value) => ({ label: labelOf(value) ?? '', values: [value] }));
    switch (field.type) {
      case 'boolean':
        return [{ ...common, kind: 'answers', choices: choices([true, false, null]), range: null }];
      case 'category':
        return [{ ...common, kind: 'answers', choices: choices([...(field.categories ?? []).map(({ value }) => value), null]), range: null }];
      case 'date':
        return [{ ...common, unit: 'days', kind: 'ago', choices: null, range }];
      case 'integer':
      case 'number':
        return [{ ...common, kind: field.type, choices: null, range }];
    }
  });

/** What a group may be made of: fields and features on the declared grid; those that it cannot tell apart are left out. */
export const groupFields = (catalogue: CatalogueView, grid: CohortGrid, language: Language, currency: string, words: AnswerWords): FilterField[] =>
  grid.fields.flatMap((cell): FilterField[] => {
    const field = catalogue.fields.find((known) => known.name === cell.field);
    const described = field ?? catalogue.features.find((known) => known.name === cell.field);
    if (described === undefined) return [];
    const common = {
      name: cell.field,
      theme: described.theme,
      unit: cell.unit,
      label: described.label[language],
      definition: described.definition[language],
      range: null,
    };
    if (cell.edges !== null)
      return cell.edges.length === 0 ? [] : [{ ...common, kind: field?.type === 'date' ? 'ago' : 'number', choices: null, edges: cell.edges }];
    const labelOf = labelsOf(catalogue, cell.field, language, currency, words);
    const choices = (cell.answers ?? []).flatMap((values): AnswerChoice[] => {
      const labels = values.flatMap((value) => labelOf(value) ?? []);
      // An answer that nothing has words for would show a raw code.
      return labels.length === values.length ? [{ label: labels.join(', '), values }] : [];
    });
    return choices.length < 2 ? [] : [{ ...common, kind: 'answers', choices, edges: null }];
  });

/** Lower case without accents, so that « echeance » finds « Échéance ». */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** Fields whose label or definition holds every word searched. */
export const findFields = (fields: readonly FilterField[], search: string): FilterField[] => {
  const words = folded(search).split(/\s+/).filter(Boolean);
  return fields.filter(({ label, definition }) => {
    const text = folded(`${label} ${definition}`);
    return words.every((word) => text.includes(word));
  });
};
