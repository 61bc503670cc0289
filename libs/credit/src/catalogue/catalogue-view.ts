import type { CatalogueView, LocalizedText } from '@lisible/contracts';
import type { Catalogue, ValueFormat } from './catalogue.ts';

const noAndYes: readonly LocalizedText[] = [
  { fr: 'non', en: 'no' },
  { fr: 'oui', en: 'yes' },
];

/** A category coded as another shares that one's code; the label of a code is that of the category standing there. */
const valueLabelsOf = ({ kind, categories }: ValueFormat): LocalizedText[] | null => {
  if (kind === 'boolean') return [...noAndYes];
  return categories?.map(({ label }) => label) ?? null;
};

/** What people and screens may read of a catalogue: words, units and ranges, without the functions. */
export const toCatalogueView = (catalogue: Catalogue): CatalogueView => ({
  catalogueName: catalogue.name,
  catalogueVersion: catalogue.version,
  themes: catalogue.themes.map(({ theme, label }) => ({ theme, label })),
  fields: catalogue.fields.map((field) => ({
    name: field.name,
    label: field.label,
    definition: field.definition,
    theme: field.theme,
    unit: field.unit,
    type: field.type,
    isRequired: field.isRequired,
    isProtected: field.protection !== null,
    isContact: field.isContact,
    range: field.range === null ? null : { min: field.range.min, max: field.range.max },
    categories: field.categories?.map(({ value, label }) => ({ value, label })) ?? null,
  })),
  features: catalogue.features.map((feature) => ({
    name: feature.name,
    label: feature.label,
    definition: feature.definition,
    theme: feature.theme,
    unit: feature.unit,
    reasonCode: feature.reasonCode,
    valueLabels: valueLabelsOf(feature.format),
    derivedFrom: [...feature.derivedFrom],
    isProtected: feature.isProtected,
    isModelInput: !feature.isProtected,
  })),
});
