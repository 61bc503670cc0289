import type { CatalogueFeature, CatalogueField, CatalogueView, ClientRecord, FieldValue, Language, Theme, Unit } from '@lisible/contracts';
import { formatsOf } from '../../ui/formats.ts';

/** One thing known of a client, ready to be read in one language. */
export interface InformationRow {
  readonly name: string;
  readonly label: string;
  readonly definition: string;
  readonly theme: Theme;
  readonly unit: Unit;
  /** Declared in the application, or computed from it. */
  readonly source: 'declared' | 'computed';
  /** As a person reads it; null when missing. */
  readonly text: string | null;
  /** As it stands in the application. */
  readonly raw: string;
  readonly isMissing: boolean;
  readonly isReadByModel: boolean;
  readonly isProtected: boolean;
}

export interface InformationFilter {
  readonly search: string;
  readonly theme: Theme | 'all';
  readonly isOnlyMissing: boolean;
  readonly isOnlyReadByModel: boolean;
}

export interface YesNo {
  readonly yes: string;
  readonly no: string;
}

const textOf = (field: CatalogueField, value: FieldValue, language: Language, currency: string, words: YesNo): string | null => {
  if (value === null || value === '') return null;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return formatsOf(language).quantity(value, field.unit, currency);
  if (field.type === 'date') return formatsOf(language).date(value);
  return field.categories?.find((category) => category.value === value)?.label[language] ?? value;
};

/** A feature's value as a person reads it: its words where it codes an answer, else a quantity with its unit. */
export const featureText = (feature: CatalogueFeature, value: number, language: Language, currency: string): string =>
  feature.valueLabels?.[value]?.[language] ?? formatsOf(language).quantity(value, feature.unit, currency);

/** Every field and every computed feature of the catalogue, beside the client's value. A field and its own feature are one row. */
export const informationRows = (catalogue: CatalogueView, record: ClientRecord, language: Language, words: YesNo): InformationRow[] => {
  const modelFields = new Set(catalogue.features.filter((feature) => feature.isModelInput).flatMap((feature) => feature.derivedFrom));
  const fieldNames = new Set(catalogue.fields.map((field) => field.name));
  const declared = catalogue.fields.map((field): InformationRow => {
    const value = record.fields[field.name] ?? null;
    const text = textOf(field, value, language, record.currency, words);
    return {
      name: field.name,
      label: field.label[language],
      definition: field.definition[language],
      theme: field.theme,
      unit: field.unit,
      source: 'declared',
      text,
      raw: value === null ? '' : String(value),
      isMissing: text === null,
      isReadByModel: modelFields.has(field.name),
      isProtected: field.isProtected,
    };
  });
  const computed = catalogue.features
    .filter((feature) => !fieldNames.has(feature.name))
    .map((feature): InformationRow => {
      const value = record.features[feature.name] ?? null;
      return {
        name: feature.name,
        label: feature.label[language],
        definition: feature.definition[language],
        theme: feature.theme,
        unit: feature.unit,
        source: 'computed',
        text: value === null ? null : featureText(feature, value, language, record.currency),
        // Features are float32: the digits beyond seven are not theirs.
        raw: value === null ? '' : String(Number(value.toPrecision(7))),
        isMissing: value === null,
        isReadByModel: feature.isModelInput,
        isProtected: feature.isProtected,
      };
    });
  return [...declared, ...computed];
};

/** Lower case without accents, so that « echeance » finds « Échéance ». */
const folded = (text: string): string => text.normalize('NFD').replaceAll(/\p{Diacritic}/gu, '').toLowerCase();

/** The rows that pass every filter; the search reads label, definition and value. */
export const filterInformation = (rows: readonly InformationRow[], filter: InformationFilter): InformationRow[] => {
  const searched = folded(filter.search.trim());
  return rows.filter(
    (row) =>
      (filter.theme === 'all' || row.theme === filter.theme) &&
      (!filter.isOnlyMissing || row.isMissing) &&
      (!filter.isOnlyReadByModel || row.isReadByModel) &&
      (searched === '' || folded(`${row.label} ${row.definition} ${row.text ?? ''}`).includes(searched)),
  );
};
