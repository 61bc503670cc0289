import { createHash } from 'node:crypto';
import type { Application, ApplicationDecided, FeatureValues, ModelManifest } from '@lisible/contracts';
import {
  computeFeatureMatrix,
  createRandom,
  decide,
  homeCreditCatalogue,
  homeCreditLender,
  modelFeatureNames,
  recommendPolicy,
} from '@lisible/credit';
import type { SeededRandom } from '@lisible/credit';
import { defaultHyperParameters, predictMargin, predictMargins, selectRows, serialiseTrees, sigmoid, train } from '@lisible/tree-ensemble';
import type { FeatureMatrix, TreeEnsemble } from '@lisible/tree-ensemble';

const catalogue = homeCreditCatalogue;
const featureNames = modelFeatureNames(catalogue);

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

const outcomeOf = ({ creditAmount, incomeAmount, externalScore2 }: Application, random: SeededRandom): 0 | 1 => {
  const burden = Number(creditAmount) / Number(incomeAmount);
  const score = typeof externalScore2 === 'number' ? externalScore2 - 0.5 : -0.2;
  return random.uniform() < sigmoid(-3.2 + 0.4 * burden - 2 * score) ? 1 : 0;
};

const toRow = (matrix: FeatureMatrix, row: number): (number | null)[] =>
  Array.from(matrix.values.subarray(row * matrix.numFeatures, (row + 1) * matrix.numFeatures), (value) => (Number.isNaN(value) ? null : value));

export interface SmallModel {
  readonly manifest: ModelManifest;
  readonly ensemble: TreeEnsemble;
  readonly folds: readonly TreeEnsemble[];
  /** Everything that trainer writes as text beside the manifest, by file name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly applications: readonly Application[];
  featuresOf(position: number): FeatureValues;
  /** What scoring announces of the application at this position. */
  decidedOf(position: number): ApplicationDecided;
}

/** A model trained on drawn applications, with fold models and the manifest that trainer would write. */
export const trainSmallModel = (modelVersion: string, seed: number): SmallModel => {
  const random = createRandom(seed);
  const applications = Array.from({ length: 1500 }, (_, position) => drawApplication(random, position));
  const labels = Uint8Array.from(applications, (application) => outcomeOf(application, random));
  const matrix = computeFeatureMatrix(catalogue, applications, featureNames);
  const learn = (rows: readonly number[], learningSeed: number): TreeEnsemble =>
    train({
      matrix: selectRows(matrix, rows),
      labels: Uint8Array.from(rows, (row) => labels[row] ?? 0),
      featureNames,
      hyperParameters: { ...defaultHyperParameters, numRounds: 12, numLeaves: 7 },
      seed: learningSeed,
    }).ensemble;
  const rows = Array.from(applications.keys());
  const ensemble = learn(rows, seed);
  const folds = [0, 1].map((fold) =>
    learn(
      rows.filter((row) => row % 2 !== fold),
      seed + 1 + fold,
    ),
  );
  const margins = predictMargins(ensemble, matrix);
  const recommendedPolicy = recommendPolicy({ ...homeCreditLender.policy, probabilities: margins.map(sigmoid) });
  const background = rows.filter((row) => sigmoid(margins[row] ?? 0) < recommendedPolicy.decisionThreshold).slice(0, 40);
  const files = new Map(
    [['trees.json', ensemble] as const, ...folds.map((trees, fold) => [`fold-${fold}.trees.json`, trees] as const)].map(([name, trees]) => [
      name,
      new TextEncoder().encode(serialiseTrees(trees)),
    ]),
  );
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
    training: { rows: applications.length, defaultRate: 0.1, folds: folds.length, seconds: 1 },
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
    recommendedPolicy,
    background: { rows: background.map((row) => toRow(matrix, row)), applicationIds: background.map((row) => `T-${row}`) },
    typicalValues: Object.fromEntries(
      featureNames.map((name, feature) => [name, background.map((row) => toRow(matrix, row)[feature]).find((value) => value !== null) ?? null]),
    ),
    trainingRanges: {},
    files: [...files].map(([name, bytes]) => ({ name, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length })),
  };
  const featuresOf = (position: number): FeatureValues =>
    Object.fromEntries(toRow(matrix, position).map((value, feature) => [featureNames[feature], value]));
  const decidedOf = (position: number): ApplicationDecided => {
    const margin = predictMargin(ensemble, matrix.values.subarray(position * matrix.numFeatures, (position + 1) * matrix.numFeatures));
    const probabilityOfDefault = sigmoid(margin);
    return {
      applicationId: `T-${position}`,
      clientId: `C-${position}`,
      decidedAt: '2026-11-20T08:00:00.000Z',
      modelName: manifest.modelName,
      modelVersion,
      policyName: recommendedPolicy.policyName,
      policyVersion: 1,
      probabilityOfDefault,
      margin,
      ...decide(recommendedPolicy, { probabilityOfDefault, policyInputs: {} }),
      isHistoryMissing: true,
      featuresHash: '0'.repeat(64),
      catalogueVersion: catalogue.version,
      currency: 'EUR',
      features: featuresOf(position),
    };
  };
  return { manifest, ensemble, folds, files, applications, featuresOf, decidedOf };
};
