import type { CatalogueView, CohortBin, ComparedFeature, Language } from '@lisible/contracts';
import { formatsOf } from '../../../ui/formats.ts';

export interface BinWords {
  readonly yes: string;
  readonly no: string;
  readonly missing: string;
  readonly below: (to: string) => string;
  readonly from: (from: string) => string;
  readonly between: (from: string, to: string) => string;
}

/** The bins of a quantity in short, for an axis; null for answers, which are as short as they can be. */
export const shortBinLabels = (
  { kind, unit, bins }: Pick<ComparedFeature, 'kind' | 'unit' | 'bins'>,
  language: Language,
  currency: string,
): readonly string[] | null => (kind === 'histogram' ? bins.map(({ from, to }) => formatsOf(language).shortRange(from, to, unit, currency)) : null);

/** A bin as a person reads it: an interval with its unit, or an answer in words. */
export const binLabel = (
  feature: Pick<ComparedFeature, 'feature' | 'kind' | 'unit'>,
  bin: Pick<CohortBin, 'from' | 'to' | 'value'>,
  {
    catalogue,
    language,
    currency,
    words,
  }: { readonly catalogue: CatalogueView; readonly language: Language; readonly currency: string; readonly words: BinWords },
): string => {
  const write = (value: number): string => formatsOf(language).quantity(value, feature.unit, currency);
  if (feature.kind === 'histogram') {
    if (bin.from === null) return bin.to === null ? '' : words.below(write(bin.to));
    return bin.to === null ? words.from(write(bin.from)) : words.between(write(bin.from), write(bin.to));
  }
  const { value } = bin;
  if (value === null) return words.missing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  const field = catalogue.fields.find(({ name }) => name === feature.feature);
  const known = catalogue.features.find(({ name }) => name === feature.feature);
  if (typeof value === 'number') return known?.valueLabels?.[value]?.[language] ?? write(value);
  return field?.categories?.find((category) => category.value === value)?.label[language] ?? value;
};
