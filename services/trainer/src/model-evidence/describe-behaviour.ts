import { evidenceGroupFloor } from '@lisible/contracts';
import type { LocalizedText, ModelEvidence } from '@lisible/contracts';
import { createRandom, featureDependence, featureImportances, friedmanH } from '@lisible/credit';
import type { Catalogue, DependenceBin } from '@lisible/credit';
import { predictMargins, selectRows } from '@lisible/tree-ensemble';
import type { FeatureMatrix, TreeEnsemble } from '@lisible/tree-ensemble';
import type { ModelStudies } from '../model-studies/model-studies.ts';
import { missingWords } from './feature-words.ts';
import type { FeatureWords } from './feature-words.ts';

const importanceResamples = 200;
const dependenceFeatures = 10;
const dependenceBins = 10;
/** Pairs of so many features of greatest weight are held against each other: 15 pairs. */
const interactionFeatures = 6;
/** A pair costs the square of it in predictions. */
const interactionRows = 120;

export const describeImportance = (
  { rows, featureNames, shapValues }: ModelStudies['attributions'],
  catalogue: Catalogue,
  seed: number,
): ModelEvidence['importance'] => {
  const settings = { resamples: importanceResamples, seed };
  const codeOf = new Map(catalogue.features.map(({ name, reasonCode }) => [name, reasonCode]));
  const codes = [...new Set(featureNames.map((name) => codeOf.get(name) ?? name))];
  const groupOf = featureNames.map((name) => codes.indexOf(codeOf.get(name) ?? name));
  // Told together means added first: two features that cancel each other weigh nothing as one reason.
  const groupValues = new Float64Array(rows.length * codes.length);
  for (let index = 0; index < shapValues.length; index++) {
    const place = Math.floor(index / featureNames.length) * codes.length + (groupOf[index % featureNames.length] ?? 0);
    groupValues[place] = (groupValues[place] ?? 0) + (shapValues[index] ?? Number.NaN);
  }
  const labelOf = (code: string): LocalizedText => catalogue.reasonGroups.find((group) => group.code === code)?.label ?? { fr: code, en: code };
  return {
    rows: rows.length,
    features: featureImportances(shapValues, featureNames, settings).map(({ featureName, meanAbsoluteShap, share, rankLower, rankUpper }) => ({
      feature: featureName,
      meanAbsoluteShap,
      share,
      rankLower,
      rankUpper,
    })),
    reasonGroups: featureImportances(groupValues, codes, settings).map(({ featureName: code, meanAbsoluteShap, share }) => ({
      code,
      label: labelOf(code),
      numFeatures: groupOf.filter((group) => codes[group] === code).length,
      meanAbsoluteShap,
      share,
    })),
  };
};

export const describeDependence = (
  { rows, featureNames, shapValues, featureValues }: ModelStudies['attributions'],
  importance: ModelEvidence['importance'],
  words: FeatureWords,
): ModelEvidence['dependence'] => {
  const columnOf = (values: ArrayLike<number>, feature: number): Float64Array =>
    Float64Array.from({ length: rows.length }, (_, row) => values[row * featureNames.length + feature] ?? Number.NaN);
  const labelOf = (name: string, members: DependenceBin['members']): LocalizedText => {
    if (members === null) return missingWords;
    return 'code' in members ? words.value(name, members.code) : words.range(name, members.lowest, members.highest);
  };
  return importance.features.slice(0, dependenceFeatures).map(({ feature: name }) => {
    const position = featureNames.indexOf(name);
    const kind = words.isCoded(name) ? 'category' : 'number';
    const bins = featureDependence(columnOf(featureValues, position), columnOf(shapValues, position), { bins: dependenceBins, kind });
    return {
      feature: name,
      kind,
      bins: bins
        .filter((bin) => bin.rows >= evidenceGroupFloor)
        .map(({ members, rows: binRows, meanShap, lowShap, highShap }) => ({
          label: labelOf(name, members),
          meanValue: members === null || 'code' in members ? null : members.mean,
          isMissing: members === null,
          rows: binRows,
          meanShap,
          lowerShap: lowShap,
          upperShap: highShap,
        })),
    };
  });
};

/** Rows drawn without replacement, ascending. */
const sampleRows = (numRows: number, size: number, seed: number): Uint32Array => {
  if (numRows <= size) return Uint32Array.from({ length: numRows }, (_, row) => row);
  const random = createRandom(seed);
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(random.integer(numRows));
  return Uint32Array.from(chosen).sort();
};

/** Interactions of the features of greatest weight in the served model, strongest first. */
export const describeInteractions = (
  model: TreeEnsemble,
  matrix: FeatureMatrix,
  featureNames: readonly string[],
  importance: ModelEvidence['importance'],
  seed: number,
): ModelEvidence['interactions'] => {
  const positions = importance.features.slice(0, interactionFeatures).map(({ feature }) => featureNames.indexOf(feature));
  const pairs = positions.flatMap((first, index) => positions.slice(index + 1).map((second) => [first, second] as const));
  const sample = selectRows(matrix, sampleRows(matrix.numRows, interactionRows, seed));
  return friedmanH((rows) => predictMargins(model, rows), sample, pairs)
    .flatMap(({ first, second, hSquared, strength }) =>
      // A joint dependence that is flat has no share to speak of.
      Number.isFinite(hSquared)
        ? [{ first: featureNames[first] ?? '', second: featureNames[second] ?? '', strength: Math.sqrt(hSquared), deviation: strength }]
        : [],
    )
    .toSorted((a, b) => b.deviation - a.deviation);
};
