import type { LocalizedText, ModelManifest } from '@lisible/contracts';
import { say, type Catalogue } from '../catalogue/index.ts';
import { formatFeatureValue } from '../reasons/index.ts';

/** The input of rules that counts an application's features outside the model's training range. It is the model's, so no catalogue computes it. */
export const outsideTrainingRangeInput = 'featuresOutsideTrainingRange';

/**
 * How far past an end of its range a value may lie, as a share of the range's width. Measured on real applications with the 58 model
 * features of the application table: 1 of 2,479 unlabelled ones (0.04 %) and, each fifth of the labelled ones held against the ranges
 * of the others, 17 of 33,907 (0.05 %) lie further out; without tolerance 0.16 % and 0.14 %.
 */
export const trainingRangeTolerance = 0.05;

type TrainingRanges = ModelManifest['trainingRanges'];

/**
 * Names of the features whose value lies outside what the model was trained on, in the order of `featureNames`. A missing value lies
 * nowhere; a feature without a range, or never known in training, has nothing to leave.
 * @param values one a feature, missing as NaN
 * @param tolerance share of the range's width, from 0
 */
export const featuresOutsideTrainingRange = (
  ranges: TrainingRanges,
  featureNames: readonly string[],
  values: ArrayLike<number>,
  tolerance = trainingRangeTolerance,
): readonly string[] =>
  featureNames.filter((name, index) => {
    const range = Object.hasOwn(ranges, name) ? ranges[name] : undefined;
    const value = values[index] ?? Number.NaN;
    if (range === undefined || range.missingShare === 1 || Number.isNaN(value)) return false;
    const slack = (range.max - range.min) * tolerance;
    return value < range.min - slack || value > range.max + slack;
  });

/** Counts what `featuresOutsideTrainingRange` names, for many rows of a matrix: the ranges are looked up once. */
export const createOutsideTrainingRangeCounter = (
  ranges: TrainingRanges,
  featureNames: readonly string[],
  tolerance = trainingRangeTolerance,
): ((values: ArrayLike<number>) => number) => {
  const lowest = new Float64Array(featureNames.length).fill(Number.NEGATIVE_INFINITY);
  const highest = new Float64Array(featureNames.length).fill(Number.POSITIVE_INFINITY);
  for (const [index, name] of featureNames.entries()) {
    const range = Object.hasOwn(ranges, name) ? ranges[name] : undefined;
    if (range === undefined || range.missingShare === 1) continue;
    const slack = (range.max - range.min) * tolerance;
    lowest[index] = range.min - slack;
    highest[index] = range.max + slack;
  }
  return (values) => {
    let count = 0;
    for (let index = 0; index < featureNames.length; index += 1) {
      const value = values[index] ?? Number.NaN;
      if (value < (lowest[index] ?? 0) || value > (highest[index] ?? 0)) count += 1;
    }
    return count;
  };
};

/** More are not read; the rest is counted. */
const maxNamed = 3;

/**
 * Which values are unusual, for the statement of a rule: each with the feature's label, the value and the range learnt, as people write
 * them. `names` as `featuresOutsideTrainingRange` gives them, at least one; `currency` is ISO 4217, null when unknown.
 */
export const outsideTrainingRangeInWords = (
  catalogue: Catalogue,
  ranges: TrainingRanges,
  names: readonly string[],
  features: Readonly<Record<string, number | null>>,
  currency: string | null,
): LocalizedText => {
  const named = names.slice(0, maxNamed).map((name): LocalizedText => {
    const feature = catalogue.features.find((candidate) => candidate.name === name);
    const range = ranges[name];
    if (feature === undefined || range === undefined) return { fr: name, en: name };
    const write = (value: number | null): LocalizedText => formatFeatureValue(feature.format, value, currency).text;
    const { label } = feature;
    const value = write(features[name] ?? null);
    if (feature.format.kind === 'boolean' || feature.format.kind === 'category')
      return say(`« ${label.fr} » (${value.fr}, jamais vu à l’apprentissage)`, `“${label.en}” (${value.en}, never seen in training)`);
    const [least, greatest] = [write(range.min), write(range.max)];
    return say(
      `« ${label.fr} » (${value.fr} ; à l’apprentissage, de ${least.fr} à ${greatest.fr})`,
      `“${label.en}” (${value.en}; in training, from ${least.en} to ${greatest.en})`,
    );
  });
  const rest = names.length - named.length;
  const others =
    rest === 0 ? [] : [say(rest === 1 ? 'une autre valeur' : `${rest} autres valeurs`, rest === 1 ? '1 other value' : `${rest} other values`)];
  const all = [...named, ...others];
  return {
    fr: listed(
      all.map(({ fr }) => fr),
      'et',
    ),
    en: listed(
      all.map(({ en }) => en),
      'and',
    ),
  };
};

const listed = (items: readonly string[], and: string): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${and} ${items.at(-1) ?? ''}`;
