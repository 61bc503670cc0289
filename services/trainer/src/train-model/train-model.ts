import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelFiles } from '@lisible/contracts';
import type { ModelManifest } from '@lisible/contracts';
import { recommendPolicy } from '@lisible/credit';
import type { AboutData, Catalogue, PolicyDefaults } from '@lisible/credit';
import { predictMargins, selectRows, serialiseTrees, sigmoid, toOnnx } from '@lisible/tree-ensemble';
import type { HyperParameters, TreeEnsemble } from '@lisible/tree-ensemble';
import type { DuckDbSession } from '../duckdb.session.ts';
import { FitPool } from '../fit-pool/fit-pool.ts';
import { assembleEvidence } from '../model-evidence/assemble-evidence.ts';
import { backgroundSize, finalRoundsFactor, hyperParameters as usualHyperParameters, numFolds, numInnerSplits } from '../hyper-parameters.ts';
import { readOrigins } from '../model-studies/read-origins.ts';
import type { WrittenSnapshot } from '../publish-snapshot/write-snapshot.ts';
import type { CrossValidation } from './cross-validate.ts';
import { approvedNearestFirst, measure, trainingRangesOf, typicalValuesOf } from './evidence.ts';
import { learnModel } from './learn-model.ts';
import type { LearntModel, ReportProgress } from './learn-model.ts';
import type { Stopwatch } from './stopwatch.ts';
import { writeAttributions } from './write-attributions.ts';

export const modelName = 'probability-of-default';

export interface TrainModelOptions {
  readonly catalogue: Catalogue;
  /** What the recommended policy starts from. */
  readonly policy: PolicyDefaults;
  /** For the data sheet. */
  readonly about: AboutData;
  /** Where the snapshot stands. */
  readonly snapshotFolder: string;
  /** Where the model goes. */
  readonly folder: string;
  readonly seed: number;
  readonly startedAt: Date;
  readonly now: () => Date;
  /** Seconds of a search over hyper-parameters; null = none. */
  readonly searchSeconds: number | null;
  /** `none`: a model and its manifest alone, without evidence. */
  readonly studies: 'full' | 'none';
  /** Has the times of the parts that came before. */
  readonly stopwatch: Stopwatch;
  readonly hyperParameters?: HyperParameters;
}

/**
 * Learns from a snapshot and writes the whole artefact into `folder`. The version is a hash of what was learnt and from what:
 * the same data, seed and settings give the same version. (A search that had another machine's time may choose other settings.)
 */
export const trainModel = async (
  session: DuckDbSession,
  data: WrittenSnapshot,
  options: TrainModelOptions,
  report: ReportProgress,
): Promise<ModelManifest> => {
  const { catalogue, policy, about, snapshotFolder, folder, seed, startedAt, now, searchSeconds, studies, stopwatch } = options;
  await mkdir(folder, { recursive: true });
  const origins = studies === 'none' ? null : await readOrigins(session, snapshotFolder, catalogue);
  const pool = new FitPool(data);
  let learnt: LearntModel;
  try {
    learnt = await learnModel(
      pool,
      data,
      { catalogue, seed, hyperParameters: options.hyperParameters ?? usualHyperParameters, searchSeconds, origins, stopwatch },
      report,
    );
  } finally {
    await pool.close();
  }
  const { served, final, hyperParameters, monotoneConstraints } = learnt;

  report('evidence', 0, 'measuring');
  const recommendedPolicy = recommendPolicy({ ...policy, probabilities: served.probabilities });
  const metrics = measure(data, served, recommendedPolicy);
  const background = approvedNearestFirst(served.probabilities, recommendedPolicy.decisionThreshold).slice(0, backgroundSize);

  report('evidence', 0.2, 'writing the model');
  const files = new Map<string, Uint8Array>([
    [modelFiles.onnx, toOnnx(final.model)],
    [modelFiles.trees, Buffer.from(serialiseTrees(final.model))],
    ...served.foldModels.map((model, fold) => [modelFiles.foldTrees(fold), Buffer.from(serialiseTrees(model))] as const),
  ]);
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  files.set(modelFiles.estimates, await writeEstimates(session, join(folder, modelFiles.estimates), data, served, final.model));
  files.set(
    modelFiles.attributions,
    await writeAttributions(session, join(folder, modelFiles.attributions), data, served, selectRows(data.matrix, background), catalogue, (share) =>
      report('evidence', 0.2 + 0.2 * share, 'explaining the past loans'),
    ),
  );

  const listed = [...files].map(([name, bytes]) => ({ name, sha256: sha256(bytes), bytes: bytes.length }));
  const hashes = listed.filter(({ name }) => !derivedFiles.has(name)).map(({ name, sha256: hash }) => `${name} ${hash}`);
  // A version without evidence is another one: training it again with evidence must be able to add it.
  const modelVersion = sha256([data.snapshot.snapshotId, seed, studies, JSON.stringify(hyperParameters), ...hashes].join('\n')).slice(0, 16);
  const finishedAt = now();
  const manifest: Omit<ModelManifest, 'files'> = {
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
      bestRounds: served.bestRounds.join(','),
      finalRounds: final.numRounds,
      // By feature name, as LightGBM wants them in the order of its columns: those held to no direction are left out.
      monotoneConstraints: data.featureNames
        .flatMap((name, feature) => (monotoneConstraints?.[feature] ? [`${name}:${monotoneConstraints[feature]}`] : []))
        .join(','),
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
  };
  if (learnt.studies !== null && origins !== null) {
    report('evidence', 0.4, 'assembling the evidence');
    const evidence = Buffer.from(
      JSON.stringify(
        assembleEvidence({
          studies: { ...learnt.studies, timings: stopwatch.timings },
          labels: data.labels,
          matrix: data.matrix,
          model: final.model,
          catalogue,
          about,
          policy: recommendedPolicy,
          policyInputs: origins.policyInputs,
          currency: origins.currency,
          snapshot: data.snapshot,
          coverage: data.snapshot.coverage ?? [],
          manifest,
        }),
      ),
    );
    await writeFile(join(folder, modelFiles.evidence), evidence);
    listed.push({ name: modelFiles.evidence, sha256: sha256(evidence), bytes: evidence.length });
  }
  const whole: ModelManifest = { ...manifest, files: listed };
  await writeFile(join(folder, modelFiles.manifest), JSON.stringify(whole, null, 1));
  return whole;
};

/** Follow from the models and the snapshot, and are written by DuckDB, whose next version may lay them out differently. */
const derivedFiles: ReadonlySet<string> = new Set([modelFiles.estimates, modelFiles.attributions]);

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const toRows = ({ numRows, numFeatures, values }: WrittenSnapshot['matrix']): (number | null)[][] =>
  Array.from({ length: numRows }, (_, row) =>
    Array.from(values.subarray(row * numFeatures, (row + 1) * numFeatures), (value) => (Number.isNaN(value) ? null : value)),
  );

/**
 * Every row of the snapshot once: labelled ones by the fold model that never saw them, the others, without fold, by the served
 * model. `split` lets anyone rebuild the rows that stopped each fold's boosting (`golden/lightgbm_rival.py` does).
 */
const writeEstimates = async (
  session: DuckDbSession,
  path: string,
  { applicationIds, unlabelled }: Pick<WrittenSnapshot, 'applicationIds' | 'unlabelled'>,
  { folds, splits, margins, probabilities }: Pick<CrossValidation, 'folds' | 'splits' | 'margins' | 'probabilities'>,
  model: TreeEnsemble,
): Promise<Uint8Array> => {
  const estimates = await session.createParquet([
    { name: 'applicationId', type: 'VARCHAR' },
    { name: 'fold', type: 'INTEGER' },
    { name: 'margin', type: 'DOUBLE' },
    { name: 'probabilityOfDefault', type: 'DOUBLE' },
    { name: 'split', type: 'INTEGER' },
  ]);
  estimates.append([applicationIds, [...folds], [...margins], [...probabilities], [...splits]]);
  const served = predictMargins(model, unlabelled.matrix);
  const none = unlabelled.applicationIds.map(() => null);
  estimates.append([unlabelled.applicationIds, none, [...served], Array.from(served, (margin) => sigmoid(margin)), none]);
  await estimates.finish(path);
  return readFile(path);
};
