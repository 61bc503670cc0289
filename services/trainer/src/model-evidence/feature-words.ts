import type { LocalizedText } from '@lisible/contracts';
import { formatFeatureValue, say } from '@lisible/credit';
import type { BinMembers, Catalogue, FeatureDefinition } from '@lisible/credit';

/** A catalogue's features by name, and how ranges of their values are written for people. */
export interface FeatureWords {
  find(name: string): FeatureDefinition | null;
  labelOf(name: string): LocalizedText;
  isCoded(name: string): boolean;
  /** `de 2 ans à 5 ans`; one value alone is itself. */
  range(name: string, lowest: number, highest: number): LocalizedText;
  value(name: string, value: number): LocalizedText;
  bin(name: string, members: BinMembers): LocalizedText;
}

export const missingWords = say('non renseigné', 'not provided');

const listed = (texts: readonly LocalizedText[]): LocalizedText => ({
  fr: texts.map(({ fr }) => fr).join(', '),
  en: texts.map(({ en }) => en).join(', '),
});

export const featureWords = (catalogue: Catalogue, currency: string | null): FeatureWords => {
  const features = new Map(catalogue.features.map((feature) => [feature.name, feature]));
  const find = (name: string): FeatureDefinition | null => features.get(name) ?? null;
  const value = (name: string, raw: number): LocalizedText => {
    const feature = find(name);
    return feature === null ? { fr: String(raw), en: String(raw) } : formatFeatureValue(feature.format, raw, currency).text;
  };
  const range = (name: string, lowest: number, highest: number): LocalizedText => {
    const from = value(name, lowest);
    const to = value(name, highest);
    return from.fr === to.fr ? from : say(`de ${from.fr} à ${to.fr}`, `${from.en} to ${to.en}`);
  };
  return {
    find,
    labelOf: (name) => find(name)?.label ?? { fr: name, en: name },
    isCoded: (name) => ['category', 'boolean'].includes(find(name)?.format.kind ?? ''),
    range,
    value,
    bin: (name, members) => {
      if (members.kind === 'missing') return missingWords;
      if (members.kind === 'categories') return listed(members.codes.map((code) => value(name, code)));
      const { lower, upper } = members;
      if (lower === null && upper === null) return say('toute valeur', 'any value');
      if (lower === null) return say(`moins de ${value(name, upper ?? 0).fr}`, `under ${value(name, upper ?? 0).en}`);
      if (upper === null) return say(`${value(name, lower).fr} ou plus`, `${value(name, lower).en} or more`);
      return say(`de ${value(name, lower).fr} à moins de ${value(name, upper).fr}`, `${value(name, lower).en} to under ${value(name, upper).en}`);
    },
  };
};
