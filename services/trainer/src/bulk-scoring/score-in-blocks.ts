import { computeFeatureMatrix } from '@lisible/credit';
import type { RawApplication } from '../ingest-raw-tables/ingest-raw-tables.ts';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import type { ServedChampion } from './open-champion.ts';

export interface ScoredBlock<Item> {
  readonly items: readonly Item[];
  /** What the model read, row-major, one row an item. */
  readonly features: FeatureMatrix;
  /** Log-odds, one an item. */
  readonly margins: Float64Array;
  /** Calibrated probabilities of default as the served file computes them. */
  readonly probabilities: Float64Array;
}

/** Scores block by block, in order: one feature matrix and one run of the model a block. */
export async function* scoreInBlocks<Item extends Pick<RawApplication, 'application' | 'history'>>(
  { manifest: { featureNames }, lender: { catalogue }, predictor }: Pick<ServedChampion, 'manifest' | 'lender' | 'predictor'>,
  blocks: AsyncIterable<readonly Item[]>,
): AsyncIterable<ScoredBlock<Item>> {
  for await (const items of blocks) {
    if (items.length === 0) continue;
    const features = computeFeatureMatrix(
      catalogue,
      items.map(({ application }) => application),
      featureNames,
      items.map(({ history }) => history),
    );
    yield { items, features, ...(await predictor.predict(Float64Array.from(features.values), features.numFeatures)) };
  }
}
