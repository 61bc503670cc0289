import type { FeatureValues, LocalizedText, Proposal, ReasonCode } from '@lisible/contracts';
import { sigmoid } from '@lisible/tree-ensemble';
import type { Catalogue, FeatureDefinition, ReasonGroup } from '../catalogue/index.ts';
import { formatFeatureValue, notApplicableValue, type ShownValue } from './format-value.ts';
import { ReasonsError } from './reasons-error.ts';

/** More than four reasons are read by nobody, and a refusal letter by law names the main ones. */
const maxReasons = 4;

/** What all other features weigh together, in the units of a reason. */
export interface OtherReasons {
  readonly shapValue: number;
  readonly points: number;
  readonly features: number;
}

interface Contribution {
  readonly feature: FeatureDefinition;
  readonly shapValue: number;
}

interface GroupContribution {
  readonly group: ReasonGroup;
  readonly contributions: readonly Contribution[];
  readonly shapValue: number;
}

const groupContributions = (catalogue: Catalogue, featureNames: readonly string[], shapValues: ArrayLike<number>): GroupContribution[] => {
  if (featureNames.length !== shapValues.length) {
    throw new ReasonsError('lengths-differ', `${featureNames.length} features for ${shapValues.length} attributions`);
  }
  const features = new Map(catalogue.features.map((feature) => [feature.name, feature]));
  const groups = new Map(catalogue.reasonGroups.map((group) => [group.code, group]));
  const byCode = new Map<string, { group: ReasonGroup; contributions: Contribution[]; shapValue: number }>();
  for (const [index, name] of featureNames.entries()) {
    const shapValue = shapValues[index] ?? Number.NaN;
    if (!Number.isFinite(shapValue)) throw new ReasonsError('attribution-not-finite', `the attribution of ${name} is not finite`);
    const feature = features.get(name);
    if (feature === undefined) throw new ReasonsError('feature-unknown', `the catalogue ${catalogue.name} has no feature ${name}`);
    const group = groups.get(feature.reasonCode);
    if (group === undefined) throw new ReasonsError('reason-group-unknown', `the catalogue ${catalogue.name} has no reason ${feature.reasonCode}`);
    const existing = byCode.get(group.code);
    if (existing === undefined) byCode.set(group.code, { group, contributions: [{ feature, shapValue }], shapValue });
    else {
      existing.contributions.push({ feature, shapValue });
      existing.shapValue += shapValue;
    }
  }
  return [...byCode.values()];
};

/** A refusal is explained by what harmed the client; an approval by what weighed most, either way. */
const chooseGroups = (groups: readonly GroupContribution[], proposal: Proposal): GroupContribution[] => {
  const weighing = groups.filter(({ shapValue }) => shapValue !== 0);
  const harmful = weighing.filter(({ shapValue }) => shapValue > 0);
  const candidates = proposal === 'declined' && harmful.length > 0 ? harmful : weighing;
  return candidates
    .toSorted((a, b) => Math.abs(b.shapValue) - Math.abs(a.shapValue))
    .slice(0, maxReasons)
    .toSorted((a, b) => b.shapValue - a.shapValue);
};

/**
 * Probability points (0..1) per unit of log-odds between the reference and the client: (pd − reference) / Σφ, written so that it
 * neither cancels nor divides by zero when the two are close; at Σφ = 0 it is the logistic function's derivative.
 */
const pointsPerLogOdd = (reference: number, probability: number, total: number): number => {
  if (total === 0) return reference * (1 - reference);
  return total > 0 ? (probability * (1 - reference) * -Math.expm1(-total)) / total : (reference * (1 - probability) * Math.expm1(total)) / total;
};

const verdicts: Readonly<Record<ReasonCode['direction'], LocalizedText>> = {
  'increases-risk': { fr: 'Le modèle estime que cela augmente le risque.', en: 'The model estimates that this increases the risk.' },
  'decreases-risk': { fr: 'Le modèle estime que cela diminue le risque.', en: 'The model estimates that this decreases the risk.' },
};

/** For a feature that approved clients mostly leave empty: there is nothing to compare the client's value with. */
const withoutTypical = ({ label }: FeatureDefinition): LocalizedText => ({
  fr: `${label.fr} : {value}, une information le plus souvent absente chez les clients acceptés près du seuil.`,
  en: `${label.en}: {value}, which clients approved near the threshold mostly do not provide.`,
});

const missingAsUsual = ({ label }: FeatureDefinition): LocalizedText => ({
  fr: `${label.fr} : {value}, comme le plus souvent chez les clients acceptés près du seuil.`,
  en: `${label.en}: {value}, as is most common among clients approved near the threshold.`,
});

/** Chosen on the texts that are read, so that nothing is "above" a value written the same. */
const templateFor = (feature: FeatureDefinition, value: ShownValue, typicalValue: ShownValue, isHigher: boolean): LocalizedText => {
  const isMissing = value.raw === null;
  const isTypicalMissing = typicalValue.raw === null;
  if (isMissing) return isTypicalMissing ? missingAsUsual(feature) : feature.sentences.missing;
  if (isTypicalMissing) return withoutTypical(feature);
  if (value.text.fr === typicalValue.text.fr) return feature.sentences.same;
  return isHigher ? feature.sentences.higher : feature.sentences.lower;
};

/** In one pass, so that a value that looks like a placeholder stays what it is. */
const fill = (template: string, value: string, typical: string): string =>
  template.replaceAll(/\{(value|typical)\}/g, (_, name) => (name === 'value' ? value : typical));

const writeReason = (
  { group, contributions, shapValue }: GroupContribution,
  rank: number,
  points: number,
  features: FeatureValues,
  typicalValues: FeatureValues,
  currency: string | null,
): ReasonCode => {
  // The one that weighs most towards the group's own side: a sentence about another would contradict the bar.
  const { feature } = contributions.reduce((best, next) =>
    next.shapValue * Math.sign(shapValue) > best.shapValue * Math.sign(shapValue) ? next : best,
  );
  const clientValue = features[feature.name] ?? null;
  const typicalNumber = typicalValues[feature.name] ?? null;
  const notApplicable = clientValue === null ? feature.notApplicable?.find((reason) => features[reason.feature] === reason.value) : undefined;
  const value = notApplicable === undefined ? formatFeatureValue(feature.format, clientValue, currency) : notApplicableValue;
  const typicalValue = formatFeatureValue(feature.format, typicalNumber, currency);
  const template = notApplicable?.statement ?? templateFor(feature, value, typicalValue, (clientValue ?? 0) > (typicalNumber ?? 0));
  const direction = shapValue > 0 ? 'increases-risk' : 'decreases-risk';
  const verdict = verdicts[direction];
  return {
    code: group.code,
    feature: feature.name,
    rank,
    direction,
    label: group.label,
    statement: {
      fr: `${fill(template.fr, value.text.fr, typicalValue.text.fr)} ${verdict.fr}`,
      en: `${fill(template.en, value.text.en, typicalValue.text.en)} ${verdict.en}`,
    },
    shapValue,
    points,
    value,
    typicalValue,
  };
};

/**
 * Turns attributions into at most four reasons, most harmful first. Features that share a reason code are one reason: Shapley
 * values add up. A refusal gives the most harmful reasons, an approval the weightiest. Points are percentage points of
 * probability: all reasons plus `others` make (pd − reference) · 100, the reference being sigmoid(baseValue).
 * `shapValues` and `baseValue` are log-odds with baseValue + Σ shapValues = logit(pd); `currency` is ISO 4217, for amounts.
 * @throws ReasonsError lengths-differ, feature-unknown, reason-group-unknown, attribution-not-finite
 */
export const writeReasons = ({
  catalogue,
  featureNames,
  shapValues,
  baseValue,
  features,
  typicalValues,
  probabilityOfDefault,
  proposal,
  currency = null,
}: {
  readonly catalogue: Catalogue;
  readonly featureNames: readonly string[];
  readonly shapValues: ArrayLike<number>;
  readonly baseValue: number;
  readonly features: FeatureValues;
  readonly typicalValues: FeatureValues;
  readonly probabilityOfDefault: number;
  readonly proposal: Proposal;
  readonly currency?: string | null;
}): { readonly reasonCodes: ReasonCode[]; readonly others: OtherReasons } => {
  const groups = groupContributions(catalogue, featureNames, shapValues);
  const chosen = chooseGroups(groups, proposal);
  const total = groups.reduce((sum, { shapValue }) => sum + shapValue, 0);
  const reference = sigmoid(baseValue);
  const scale = pointsPerLogOdd(reference, probabilityOfDefault, total) * 100;
  const reasonCodes = chosen.map((group, index) => writeReason(group, index + 1, group.shapValue * scale, features, typicalValues, currency));
  return {
    reasonCodes,
    others: {
      shapValue: reasonCodes.reduce((rest, { shapValue }) => rest - shapValue, total),
      points: reasonCodes.reduce((rest, { points }) => rest - points, (probabilityOfDefault - reference) * 100),
      features: featureNames.length - chosen.reduce((count, { contributions }) => count + contributions.length, 0),
    },
  };
};
