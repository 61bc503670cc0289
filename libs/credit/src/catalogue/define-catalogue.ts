import { keepTogether } from '@lisible/contracts';
import type { LocalizedText } from '@lisible/contracts';
import type { Catalogue, FeatureDefinition } from './catalogue.ts';

/** One text in both languages; French gets the no-break spaces that its punctuation asks for. */
export const say = (fr: string, en: string): LocalizedText => ({ fr: keepTogether(fr), en });

/** A feature before the catalogue says whether it is protected. */
export type FeatureDraft = Omit<FeatureDefinition, 'isProtected'>;

export type CatalogueDraft = Omit<Catalogue, 'features'> & { readonly features: readonly FeatureDraft[] };

/** Completes a catalogue: a feature that reads a protected field is protected, by derivation and never by hand. */
export const defineCatalogue = (draft: CatalogueDraft): Catalogue => {
  const protectedFields = new Set(draft.fields.filter((field) => field.protection !== null).map((field) => field.name));
  return {
    ...draft,
    features: draft.features.map((feature) => ({ ...feature, isProtected: feature.derivedFrom.some((name) => protectedFields.has(name)) })),
  };
};
