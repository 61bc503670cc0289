import { createHash } from 'node:crypto';
import { modelFiles } from '@lisible/contracts';
import type { ModelEvidence, ModelManifest, Policy } from '@lisible/contracts';

/** The smallest manifest that reads as one: of a version whose evidence this is, with or without listing it. */
export const makeUpManifest = (evidence: ModelEvidence, policy: Policy, listed: ModelEvidence | null = evidence): ModelManifest => {
  const bytes = JSON.stringify(listed);
  return {
    manifestVersion: 1,
    modelName: evidence.modelName,
    modelVersion: evidence.modelVersion,
    createdAt: evidence.createdAt,
    catalogueName: 'home-credit',
    catalogueVersion: '1',
    snapshotId: 's',
    featureNames: ['one'],
    hyperParameters: {},
    numTrees: 1,
    seed: 1,
    training: { rows: 1, defaultRate: 0.5, folds: 3, seconds: 1 },
    calibration: { slope: 1, intercept: 0 },
    metrics: {
      rocAuc: evidence.discrimination.rocAuc,
      averagePrecision: 0.5,
      ks: 0.5,
      gini: 0.5,
      brierScore: 0.1,
      logLoss: 0.1,
      expectedCalibrationError: 0.1,
      calibrationSlope: 1,
      calibrationIntercept: 0,
      costPerApplication: 1,
      baselineRocAuc: 0.5,
      foldRocAuc: [],
    },
    recommendedPolicy: policy,
    background: { rows: [], applicationIds: [] },
    typicalValues: {},
    trainingRanges: {},
    files: listed === null ? [] : [{ name: modelFiles.evidence, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }],
  };
};
