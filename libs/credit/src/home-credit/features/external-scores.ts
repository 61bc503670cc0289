import type { FeatureDraft } from '../../catalogue/index.ts';
import { sentences, subjectSentences } from '../sentences.ts';
import { countMissing, feature, isKnown, mean, overKnown, total } from './feature.ts';

const scores = ['externalScore1', 'externalScore2', 'externalScore3'] as const;

/** What the scores of other companies say together. */
export const externalScoreFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'externalScoreMean',
    label: ['Moyenne des scores externes', 'Mean of the external scores'],
    definition: ['Moyenne des scores externes disponibles, de 0 à 1.', 'Mean of the external scores that are known, from 0 to 1.'],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: sentences(['Scores externes', 'External scores'], {
      higher: [
        'Les scores fournis par des organismes externes sont meilleurs ({value} en moyenne) que ceux des clients acceptés près du seuil (habituellement {typical}).',
        'The scores supplied by external sources are better ({value} on average) than those of clients approved near the threshold (usually {typical}).',
      ],
      lower: [
        'Les scores fournis par des organismes externes sont moins bons ({value} en moyenne) que ceux des clients acceptés près du seuil (habituellement {typical}).',
        'The scores supplied by external sources are worse ({value} on average) than those of clients approved near the threshold (usually {typical}).',
      ],
      same: [
        'Les scores fournis par des organismes externes ({value} en moyenne) sont au niveau habituel des clients acceptés près du seuil.',
        'The scores supplied by external sources ({value} on average) are at the usual level of clients approved near the threshold.',
      ],
    }),
    compute: overKnown(mean),
  }),
  feature({
    name: 'externalScoreWeightedMean',
    label: ['Moyenne pondérée des scores externes', 'Weighted mean of the external scores'],
    definition: [
      'Moyenne des scores externes disponibles, pondérés 2, 1 et 3 dans leur ordre.',
      'Mean of the external scores that are known, weighted 2, 1 and 3 in their order.',
    ],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: subjectSentences(
      ['Moyenne pondérée des scores externes', 'Weighted mean of the external scores'],
      ['La moyenne pondérée des scores externes', 'The weighted mean of the external scores'],
      {
        higher: ['est meilleure', 'is better'],
        lower: ['est moins bonne', 'is worse'],
        same: ['est habituelle', 'is usual'],
      },
    ),
    compute: (...values) => {
      const weighted = values.map((value, index) => ({ value, weight: [2, 1, 3][index] ?? 0 })).filter(({ value }) => isKnown(value));
      return total(weighted.map(({ value, weight }) => value * weight)) / total(weighted.map(({ weight }) => weight));
    },
  }),
  feature({
    name: 'externalScoreMin',
    label: ['Plus bas des scores externes', 'Lowest external score'],
    definition: ['Plus bas des scores externes disponibles.', 'The lowest of the external scores that are known.'],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: subjectSentences(
      ['Plus bas des scores externes', 'Lowest external score'],
      ['Le plus bas des scores externes', 'The lowest external score'],
      {
        higher: ['est meilleur', 'is better'],
        lower: ['est moins bon', 'is worse'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: overKnown((known) => Math.min(...known)),
  }),
  feature({
    name: 'externalScoreMax',
    label: ['Plus haut des scores externes', 'Highest external score'],
    definition: ['Plus haut des scores externes disponibles.', 'The highest of the external scores that are known.'],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: subjectSentences(
      ['Plus haut des scores externes', 'Highest external score'],
      ['Le plus haut des scores externes', 'The highest external score'],
      {
        higher: ['est meilleur', 'is better'],
        lower: ['est moins bon', 'is worse'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: overKnown((known) => Math.max(...known)),
  }),
  feature({
    name: 'externalScoreProduct',
    label: ['Produit des scores externes', 'Product of the external scores'],
    definition: ['Produit des trois scores externes, quand tous sont connus.', 'Product of the three external scores, where all are known.'],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 3,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: subjectSentences(
      ['Produit des scores externes', 'Product of the external scores'],
      ['Le produit des trois scores externes', 'The product of the three external scores'],
      {
        higher: ['est meilleur', 'is better'],
        lower: ['est moins bon', 'is worse'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: (...values) => values.reduce((product, value) => product * value, 1),
  }),
  feature({
    name: 'externalScoreSpread',
    label: ['Dispersion des scores externes', 'Spread of the external scores'],
    definition: [
      'Écart type des scores externes disponibles, s’il y en a au moins deux.',
      'Standard deviation of the external scores that are known, where there are at least two.',
    ],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    sentences: subjectSentences(
      ['Dispersion des scores externes', 'Spread of the external scores'],
      ['L’écart entre les scores externes', 'The gap between the external scores'],
      {
        higher: ['est plus grand', 'is wider'],
        lower: ['est plus petit', 'is narrower'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: overKnown((known) => {
      const centre = mean(known);
      return known.length < 2 ? Number.NaN : Math.sqrt(total(known.map((value) => (value - centre) ** 2)) / known.length);
    }),
  }),
  feature({
    name: 'externalScoresMissingCount',
    label: ['Scores externes absents', 'External scores missing'],
    definition: ['Nombre de scores externes qui manquent, sur trois.', 'How many of the three external scores are missing.'],
    theme: 'credit-bureau',
    unit: 'count',
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    sentences: subjectSentences(
      ['Scores externes absents', 'External scores missing'],
      ['Le nombre de scores externes absents, sur trois,', 'The number of external scores missing, out of three,'],
      {
        higher: ['est plus élevé', 'is higher'],
        lower: ['est moins élevé', 'is lower'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: countMissing,
  }),
];
