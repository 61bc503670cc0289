import { createHash } from 'node:crypto';
import type { Application, ApplicationPrepared, FeatureValues, ModelManifest } from '@lisible/contracts';
import {
  computeFeatureMatrix,
  computeFeatures,
  createRandom,
  homeCreditCatalogue,
  homeCreditLender,
  modelFeatureNames,
  policyInputs,
  recommendPolicy,
} from '@lisible/credit';
import type { SeededRandom } from '@lisible/credit';
import { defaultHyperParameters, predictMargins, sigmoid, toOnnx, train } from '@lisible/tree-ensemble';
import type { FeatureMatrix, TreeEnsemble } from '@lisible/tree-ensemble';

const catalogue = homeCreditCatalogue;
export const featureNames = modelFeatureNames(catalogue);

const drawApplication = (random: SeededRandom, position: number): Application => {
  const incomeAmount = Math.round(15_000 + 60_000 * random.uniform());
  const creditAmount = Math.round(incomeAmount * (0.5 + 5 * random.uniform()));
  return {
    applicationId: `T-${position}`,
    clientId: `C-${position}`,
    submittedAt: '2026-06-01T09:00:00Z',
    currency: 'EUR',
    birthDate: `${1950 + random.integer(50)}-05-17`,
    contractType: random.uniform() < 0.9 ? 'cash-loan' : 'revolving-loan',
    creditAmount,
    incomeAmount,
    annuityAmount: Math.round(creditAmount / (8 + 20 * random.uniform())),
    ...(random.uniform() < 0.7 ? { externalScore2: random.uniform() } : {}),
  };
};

/** Seeded applications; some lack a score. */
export const drawApplications = (count: number, seed: number): readonly Application[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, position) => drawApplication(random, position));
};

/** What client-profile announces of an application. */
export const prepared = (application: Application): ApplicationPrepared => {
  const features = computeFeatures(catalogue, application);
  return {
    applicationId: application.applicationId,
    clientId: application.clientId,
    branchId: null,
    submittedAt: application.submittedAt,
    currency: application.currency,
    catalogueVersion: catalogue.version,
    features: Object.fromEntries(featureNames.map((name): [string, FeatureValues[string]] => [name, features[name] ?? null])),
    policyInputs: policyInputs(catalogue, application),
    isHistoryMissing: true,
    dataQuality: [],
  };
};

export interface SmallModel {
  readonly ensemble: TreeEnsemble;
  readonly onnx: Uint8Array;
  readonly manifest: ModelManifest;
}

const learn = (matrix: FeatureMatrix, applications: readonly Application[], seed: number): TreeEnsemble => {
  const random = createRandom(seed);
  const labels = Uint8Array.from(applications, ({ creditAmount, incomeAmount, externalScore2 }) => {
    const burden = Number(creditAmount) / Number(incomeAmount);
    const margin = -3.2 + 0.4 * burden - 2 * (typeof externalScore2 === 'number' ? externalScore2 - 0.5 : -0.2);
    return random.uniform() < sigmoid(margin) ? 1 : 0;
  });
  return train({ matrix, labels, featureNames, hyperParameters: { ...defaultHyperParameters, numRounds: 12, numLeaves: 7 }, seed }).ensemble;
};

/** A model trained on drawn applications, with the manifest that trainer would write beside it. */
export const trainSmallModel = (modelVersion: string, seed: number): SmallModel => {
  const applications = drawApplications(1500, seed);
  const matrix = computeFeatureMatrix(catalogue, applications, featureNames);
  const ensemble = learn(matrix, applications, seed);
  const probabilities = predictMargins(ensemble, matrix).map(sigmoid);
  const onnx = toOnnx(ensemble);
  const none = { value: 0.5, lower: 0.5, upper: 0.5 };
  const manifest: ModelManifest = {
    manifestVersion: 1,
    modelName: 'probability-of-default',
    modelVersion,
    createdAt: '2026-11-01T00:00:00.000Z',
    catalogueName: catalogue.name,
    catalogueVersion: catalogue.version,
    snapshotId: 's1',
    featureNames: [...featureNames],
    hyperParameters: {},
    numTrees: ensemble.trees.length,
    seed,
    training: { rows: applications.length, defaultRate: 0.1, folds: 5, seconds: 1 },
    calibration: { slope: 1, intercept: 0 },
    metrics: {
      rocAuc: none,
      averagePrecision: 0,
      ks: 0,
      gini: 0,
      brierScore: 0,
      logLoss: 0,
      expectedCalibrationError: 0,
      calibrationSlope: 1,
      calibrationIntercept: 0,
      costPerApplication: 0,
      baselineRocAuc: 0.5,
      foldRocAuc: [],
    },
    recommendedPolicy: recommendPolicy({ ...homeCreditLender.policy, probabilities }),
    background: { rows: [], applicationIds: [] },
    typicalValues: {},
    trainingRanges: {},
    files: [{ name: 'model.onnx', sha256: createHash('sha256').update(onnx).digest('hex'), bytes: onnx.length }],
  };
  return { ensemble, onnx, manifest };
};
