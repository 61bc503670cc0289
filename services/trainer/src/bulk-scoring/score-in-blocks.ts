import { computeModelReading } from '@lisible/credit';
import type { ModelReading } from '@lisible/credit';
import { sigmoid } from '@lisible/tree-ensemble';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import type { RawApplication } from '../ingest-raw-tables/ingest-raw-tables.ts';
import type { OnnxPredictor, Predictions } from '../register-model/onnx.predictor.ts';
import type { ServedChampion } from './open-champion.ts';

/** One block: what the model and the policy read of each item, its margins (log-odds) and calibrated probabilities of default. */
export interface ScoredBlock<Item> extends ModelReading, Predictions {
  readonly items: readonly Item[];
}

/** Scores block by block, in order: one feature matrix and one run of the model a block. */
export async function* scoreInBlocks<Item extends Pick<RawApplication, 'application' | 'history'>>(
  { manifest: { featureNames }, lender: { catalogue }, predictor }: Pick<ServedChampion, 'manifest' | 'lender' | 'predictor'>,
  blocks: AsyncIterable<readonly Item[]>,
): AsyncIterable<ScoredBlock<Item>> {
  for await (const items of blocks) {
    if (items.length === 0) continue;
    const reading = computeModelReading(
      catalogue,
      items.map(({ application }) => application),
      featureNames,
      items.map(({ history }) => history),
    );
    yield { items, ...reading, ...(await predictCalibrated(predictor, reading.features)) };
  }
}

/** Margins by the model's file, probabilities as scoring computes them: the file's own sigmoid rounds its last bit by a row's place in the block. */
export const predictCalibrated = async (predictor: OnnxPredictor, { values, numFeatures }: FeatureMatrix): Promise<Predictions> => {
  const { margins } = await predictor.predict(Float64Array.from(values), numFeatures);
  return { margins, probabilities: margins.map((margin) => sigmoid(margin)) };
};
