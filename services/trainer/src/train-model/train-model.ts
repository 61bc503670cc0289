import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelFiles } from '@lisible/contracts';
import type { ModelManifest } from '@lisible/contracts';
import { defaultMisclassificationCost, defaultPolicyRules, defaultReviewCapacity, recommendPolicy } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { selectRows, serialiseTrees, toOnnx } from '@lisible/tree-ensemble';
import type { HyperParameters } from '@lisible/tree-ensemble';
import type { DuckDbSession } from '../duckdb.session.ts';
import { backgroundSize, finalRoundsFactor, hyperParameters as usualHyperParameters, numFolds, numInnerSplits } from '../hyper-parameters.ts';
import type { WrittenSnapshot } from '../publish-snapshot/write-snapshot.ts';
import { crossValidate, fitFinalModel } from './cross-validate.ts';
import type { CrossValidation } from './cross-validate.ts';
import { approvedNearestFirst, measure, trainingRangesOf, typicalValuesOf } from './evidence.ts';

export const modelName = 'probability-of-default';

export type ReportProgress = (phase: 'cross-validation' | 'final-fit' | 'evidence', share: number, message: string) => void;

export interface TrainModelOptions {
  readonly catalogue: Catalogue;
  readonly folder: string;
  readonly seed: number;
  readonly startedAt: Date;
  readonly now: () => Date;
  readonly hyperParameters?: HyperParameters;
}

/**
 * Learns from a snapshot and writes the whole artefact into `folder`. The version is a hash of what was learnt and from what:
 * the same data, seed and settings give the same version.
 */
export const trainModel = async (
  session: DuckDbSession,
  data: WrittenSnapshot,
  { catalogue, folder, seed, startedAt, now, hyperParameters = usualHyperParameters }: TrainModelOptions,
  report: ReportProgress,
): Promise<ModelManifest> => {
  await mkdir(folder, { recursive: true });
  const settings = { hyperParameters, numFolds, numInnerSplits, seed };
  const evidence = crossValidate(data, settings, (share, message) => report('cross-validation', share, message));
  const final = fitFinalModel(data, evidence, settings, finalRoundsFactor, (share, message) => report('final-fit', share, message));

  report('evidence', 0, 'measuring');
  const recommendedPolicy = recommendPolicy({
    probabilities: evidence.probabilities,
    misclassificationCost: defaultMisclassificationCost,
    reviewCapacity: defaultReviewCapacity,
    rules: defaultPolicyRules,
  });
  const metrics = measure(data, evidence, recommendedPolicy.decisionThreshold);
  const background = approvedNearestFirst(evidence.probabilities, recommendedPolicy.decisionThreshold).slice(0, backgroundSize);

  report('evidence', 0.5, 'writing');
  const files = new Map<string, Uint8Array>([
    [modelFiles.onnx, toOnnx(final.model)],
    [modelFiles.trees, Buffer.from(serialiseTrees(final.model))],
    ...evidence.foldModels.map((model, fold) => [modelFiles.foldTrees(fold), Buffer.from(serialiseTrees(model))] as const),
  ]);
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  files.set(modelFiles.estimates, await writeEstimates(session, join(folder, modelFiles.estimates), data.applicationIds, evidence));

  const listed = [...files].map(([name, bytes]) => ({ name, sha256: sha256(bytes), bytes: bytes.length }));
  const learnt = listed.filter(({ name }) => name !== modelFiles.estimates).map(({ name, sha256: hash }) => `${name} ${hash}`);
  const modelVersion = sha256([data.snapshot.snapshotId, seed, JSON.stringify(hyperParameters), ...learnt].join('\n')).slice(0, 16);
  const finishedAt = now();
  const manifest: ModelManifest = {
    manifestVersion: 1,
    modelName,
    modelVersion,
    createdAt: finishedAt.toISOString(),
    catalogueName: data.snapshot.catalogueName,
    catalogueVersion: data.snapshot.catalogueVersion,
    snapshotId: data.snapshot.snapshotId,
    featureNames: [...data.featureNames],
    hyperParameters: {
      ...hyperParameters,
      numFolds,
      numInnerSplits,
      finalRoundsFactor,
      bestRounds: evidence.bestRounds.join(','),
      finalRounds: final.numRounds,
    },
    numTrees: final.model.trees.length,
    seed,
    training: {
      rows: data.labels.length,
      defaultRate: data.snapshot.defaultRate,
      folds: numFolds,
      seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
    },
    calibration: final.calibration,
    metrics,
    recommendedPolicy,
    background: {
      rows: toRows(selectRows(data.matrix, background)),
      applicationIds: Array.from(background, (row) => data.applicationIds[row] ?? ''),
    },
    typicalValues: typicalValuesOf(data.matrix, data.featureNames, background, catalogue),
    trainingRanges: trainingRangesOf(data.matrix, data.featureNames),
    files: listed,
  };
  await writeFile(join(folder, modelFiles.manifest), JSON.stringify(manifest, null, 1));
  return manifest;
};

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const toRows = ({ numRows, numFeatures, values }: WrittenSnapshot['matrix']): (number | null)[][] =>
  Array.from({ length: numRows }, (_, row) =>
    Array.from(values.subarray(row * numFeatures, (row + 1) * numFeatures), (value) => (Number.isNaN(value) ? null : value)),
  );

/** `split` lets anyone rebuild the rows that stopped each fold's boosting (`golden/lightgbm_rival.py` does). */
const writeEstimates = async (
  session: DuckDbSession,
  path: string,
  applicationIds: readonly string[],
  { folds, splits, margins, probabilities }: CrossValidation,
): Promise<Uint8Array> => {
  const estimates = await session.createParquet([
    { name: 'applicationId', type: 'VARCHAR' },
    { name: 'fold', type: 'INTEGER' },
    { name: 'margin', type: 'DOUBLE' },
    { name: 'probabilityOfDefault', type: 'DOUBLE' },
    { name: 'split', type: 'INTEGER' },
  ]);
  estimates.append([applicationIds, [...folds], [...margins], [...probabilities], [...splits]]);
  await estimates.finish(path);
  return readFile(path);
};
