import { evidenceGroupFloor } from '@lisible/contracts';
import type { ModelEvidence } from '@lisible/contracts';
import type { Scorecard } from '@lisible/credit';
import type { FeatureWords } from './feature-words.ts';

/** The scorecard in words and points. Bins under the floor of rows are left out; there are hardly any, by how bins are made. */
export const describeScorecard = (scorecard: Scorecard, words: FeatureWords): NonNullable<ModelEvidence['scorecard']> => ({
  rows: scorecard.rows,
  pointsToDoubleOdds: scorecard.pointsToDoubleOdds,
  baseScore: scorecard.baseScore,
  baseOdds: scorecard.baseOdds,
  features: scorecard.features.map(({ featureName, informationValue, coefficient, standardError, bins }) => ({
    feature: featureName,
    informationValue,
    coefficient,
    standardError,
    bins: bins
      .filter(({ rows }) => rows >= evidenceGroupFloor)
      .map(({ members, rows, shareOfRows, defaultRate, woe, points }) => ({
        label: words.bin(featureName, members),
        rows,
        shareOfRows,
        defaultRate,
        woe,
        points,
      })),
  })),
  rejected: scorecard.rejected.map(({ featureName, informationValue, reason }) => ({ feature: featureName, informationValue, reason })),
});
