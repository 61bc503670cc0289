import {
  compareRocAuc,
  createRandom,
  fitAffineCalibration,
  fitScorecard,
  homeCreditCatalogue,
  homeCreditLender,
  logLoss,
  recommendPolicy,
  rocAuc,
  rocAucInterval,
  scorecardMargins,
  stratifiedFolds,
} from '@lisible/credit';
import type { ScorecardColumn } from '@lisible/credit';
import { defaultHyperParameters, foldCalibration, predictMargins, selectRows, sigmoid, train, treeShap } from '@lisible/tree-ensemble';
import type { FeatureMatrix, TreeEnsemble } from '@lisible/tree-ensemble';
import type { EvidenceInputs } from '../src/model-evidence/evidence-inputs.ts';
import type { CandidateModel, OutOfFold } from '../src/model-studies/model-studies.ts';

const featureNames = [
  'externalScoreMean',
  'annuityToIncome',
  'creditToGoodsPrice',
  'employmentYears',
  'educationLevel',
  'ownsCar',
  'regionRating',
  'enquiriesTotalCount',
] as const;
const numFeatures = featureNames.length;
const numFolds = 3;
const seed = 5;

export interface MadeUpSettings {
  readonly numRows?: number;
  /** Days over which applications are spread. */
  readonly days?: number;
}

/** A drawn population with a known signal, small models fitted on it there and then, and every study computed from them: nothing typed by hand. */
export const makeUpInputs = ({ numRows = 1500, days = 1 }: MadeUpSettings = {}): EvidenceInputs => {
  const random = createRandom(11);
  const values = new Float32Array(numRows * numFeatures);
  const labels = new Uint8Array(numRows);
  const sex = new Int8Array(numRows);
  for (let row = 0; row < numRows; row++) {
    sex[row] = random.uniform() < 0.6 ? 0 : random.uniform() < 0.01 ? -1 : 1;
    const score = 1 / (1 + Math.exp(-random.normal() - 0.2 * (sex[row] === 0 ? 1 : 0)));
    const burden = 0.05 + 0.3 * random.uniform();
    const employment = random.uniform() < 0.2 ? Number.NaN : 20 * random.uniform();
    const education = random.integer(5);
    values.set(
      [
        random.uniform() < 0.1 ? Number.NaN : score,
        burden,
        0.8 + 0.4 * random.uniform(),
        employment,
        education,
        random.integer(2),
        1 + random.integer(3),
        random.integer(6),
      ],
      row * numFeatures,
    );
    const margin = -1 - 3 * (score - 0.5) + 6 * (burden - 0.2) * (education > 2 ? 1.5 : 0.5) - 0.03 * (Number.isNaN(employment) ? 5 : employment);
    labels[row] = random.uniform() < sigmoid(margin) ? 1 : 0;
  }
  const matrix: FeatureMatrix = { numRows, numFeatures, values };
  const folds = stratifiedFolds(labels, numFolds, seed);
  const hyperParameters = { ...defaultHyperParameters, numRounds: 25, numLeaves: 6, learningRate: 0.12, minDataInLeaf: 25, earlyStoppingRounds: 0 };
  const fit = (rows: Uint32Array, withSeed: number): TreeEnsemble =>
    train({ matrix: selectRows(matrix, rows), labels: Uint8Array.from(rows, (row) => labels[row]!), featureNames, hyperParameters, seed: withSeed })
      .ensemble;
  const rowsWhere = (isWanted: (row: number) => boolean): Uint32Array => Uint32Array.from({ length: numRows }, (_, row) => row).filter(isWanted);

  const crossValidate = (ofFolds: Uint8Array, withSeed: number) => {
    const models = Array.from({ length: numFolds }, (_, fold) =>
      fit(
        rowsWhere((row) => ofFolds[row] !== fold),
        withSeed + fold,
      ),
    );
    const raw = Float64Array.from({ length: numRows }, (_, row) => predictMargins(models[ofFolds[row]!]!, selectRows(matrix, [row]))[0]!);
    const calibrations = models.map((_, fold) => {
      const others = rowsWhere((row) => ofFolds[row] !== fold);
      return fitAffineCalibration(
        others.length === 0 ? raw : Float64Array.from(others, (row) => raw[row]!),
        Uint8Array.from(others, (row) => labels[row]!),
      );
    });
    const margins = raw.map((margin, row) => calibrations[ofFolds[row]!]!.slope * margin + calibrations[ofFolds[row]!]!.intercept);
    return { models: models.map((model, fold) => foldCalibration(model, calibrations[fold]!)), raw, margins, probabilities: margins.map(sigmoid) };
  };
  const served = crossValidate(folds, 100);
  const other = crossValidate(stratifiedFolds(labels, numFolds, seed + 1), 200);
  const final = foldCalibration(
    fit(
      rowsWhere(() => true),
      300,
    ),
    fitAffineCalibration(served.raw, labels),
  );

  const columns = (rows: Uint32Array): readonly ScorecardColumn[] =>
    featureNames.map((featureName, feature) => ({
      featureName,
      values: Float32Array.from(rows, (row) => values[row * numFeatures + feature]!),
      kind: featureName === 'educationLevel' || featureName === 'ownsCar' ? 'category' : 'number',
      trend: 'either',
    }));
  const all = rowsWhere(() => true);
  const cardMargins = new Float64Array(numRows);
  for (let fold = 0; fold < numFolds; fold++) {
    const rows = rowsWhere((row) => folds[row] !== fold);
    const judged = rowsWhere((row) => folds[row] === fold);
    const card = fitScorecard(
      columns(rows),
      rows.reduce<number[]>((sum, row) => [...sum, labels[row]!], []),
    );
    scorecardMargins(card, selectRows(matrix, judged)).forEach((margin, position) => (cardMargins[judged[position]!] = margin));
  }
  const rate = labels.reduce((sum, label) => sum + label, 0) / numRows;
  const constant: OutOfFold = {
    margins: new Float64Array(numRows).fill(Math.log(rate / (1 - rate))),
    probabilities: new Float64Array(numRows).fill(rate),
  };
  const candidate = (name: CandidateModel['name'], estimates: OutOfFold, numParameters: number, isServed = false): CandidateModel => ({
    name,
    isServed,
    numParameters,
    numFeatures: name === 'constant' ? 0 : numFeatures,
    seconds: 0.5,
    margins: estimates.margins,
    probabilities: estimates.probabilities,
  });
  const sampled = Uint32Array.from({ length: 400 }, (_, position) => position * Math.floor(numRows / 400));
  const ofRow = (row: number): Float32Array => values.subarray(row * numFeatures, (row + 1) * numFeatures);
  const attributed = Array.from(sampled, (row) => treeShap(served.models[folds[row]!]!, ofRow(row)));
  const single = featureNames
    .map((feature, index) => {
      const column = Float32Array.from({ length: numRows }, (_, row) => values[row * numFeatures + index]!).map((value) =>
        Number.isNaN(value) ? 0.5 : value,
      );
      const auc = rocAuc(labels, column);
      return { feature, rocAuc: Math.max(auc, 1 - auc) };
    })
    .toSorted((a, b) => b.rocAuc - a.rocAuc);
  const shuffled = Float64Array.from({ length: numRows }, () => random.uniform());
  const policy = recommendPolicy({ ...homeCreditLender.policy, probabilities: served.probabilities });
  const sexLabels = homeCreditCatalogue.fields.find(({ name }) => name === 'sex')!;
  const groups = sexLabels
    .categories!.slice(0, 2)
    .map(({ value, label }, position) => ({ group: value, label, rows: sex.filter((group) => group === position).length }));
  const card = candidate('scorecard', { margins: cardMargins, probabilities: cardMargins.map(sigmoid) }, 30);

  return {
    studies: {
      seed,
      numFolds,
      folds,
      featureNames,
      hyperParameters,
      candidates: [candidate('constant', constant, 1), card, candidate('boosted-unconstrained', served, 150, true)],
      servedChoice: {
        served: 'boosted-unconstrained',
        increasing: ['annuityToIncome'],
        decreasing: ['externalScoreMean'],
        rocAucChange: compareRocAuc(labels, other.margins, served.margins).difference,
        allowance: 0.002,
      },
      scorecard: fitScorecard(columns(all), [...labels]),
      seeds: [
        { seed, folds, margins: served.margins, probabilities: served.probabilities },
        { seed: seed + 1, folds, margins: other.margins, probabilities: other.probabilities },
      ],
      learningCurve: [0.5, 1].map((shareOfRows) => {
        const rows = rowsWhere((row) => folds[row] !== 0).filter((_, position) => position % 2 === 0 || shareOfRows === 1);
        const judged = rowsWhere((row) => folds[row] === 0);
        const model = fit(rows, 400);
        const judgedLabels = Uint8Array.from(judged, (row) => labels[row]!);
        const margins = predictMargins(model, selectRows(matrix, judged));
        return {
          rows: rows.length,
          shareOfRows,
          rocAuc: rocAucInterval(judgedLabels, margins),
          trainRocAuc: rocAuc(
            Uint8Array.from(rows, (row) => labels[row]!),
            predictMargins(model, selectRows(matrix, rows)),
          ),
          logLoss: logLoss(judgedLabels, margins.map(sigmoid)),
        };
      }),
      ablations: {
        folds: [0, 1],
        judgedRows: numRows,
        rocAuc: rocAuc(labels, served.margins),
        ablations: [
          {
            kind: 'reason-group',
            group: 'EXTERNAL_SCORES',
            featureNames: ['externalScoreMean'],
            rocAucChange: compareRocAuc(labels, cardMargins, served.margins).difference,
            logLossChange: logLoss(labels, card.probabilities) - logLoss(labels, served.probabilities),
          },
          {
            kind: 'raw-table',
            group: 'bureau',
            featureNames: ['enquiriesTotalCount'],
            rocAucChange: compareRocAuc(labels, other.margins, served.margins).difference,
            logLossChange: logLoss(labels, other.probabilities) - logLoss(labels, served.probabilities),
          },
        ],
      },
      leaks: {
        checks: [
          { check: 'identifier', rocAuc: rocAucInterval(labels, shuffled) },
          { check: 'row-order', rocAuc: rocAucInterval(labels, all) },
          { check: 'submission-time', rocAuc: null },
        ],
        singleFeatures: single,
        singleFeatureBound: 0.85,
        suspects: [],
        clients: numRows,
        clientsInSeveralFolds: 0,
        duplicateRowsAcrossFolds: 0,
      },
      protectedAttributes: [{ attribute: 'sex', label: sexLabels.label, groups, groupOfRow: sex }],
      protectedPredictability: [
        {
          attribute: 'sex',
          groups: groups.map(({ group, rows }, position) => ({
            group,
            rows,
            rocAuc: rocAucInterval(
              sex.map((own) => Number(own === position)),
              served.margins,
            ),
          })),
          meanRocAuc: 0.5,
          rows: numRows,
          folds: numFolds,
        },
      ],
      attributions: {
        rows: sampled,
        featureNames,
        shapValues: Float64Array.from(attributed.flatMap(({ shapValues }) => [...shapValues])),
        baseValues: Float64Array.from(attributed, ({ baseValue }) => baseValue),
        featureValues: Float32Array.from([...sampled].flatMap((row) => [...ofRow(row)])),
      },
      search: null,
      submittedAtMs: Float64Array.from({ length: numRows }, (_, row) => Date.UTC(2026, 0, 5) + Math.floor((row * days) / numRows) * 86_400_000),
      skipped: [],
      timings: [{ part: 'cross-validation', seconds: 1.5 }],
    },
    labels,
    matrix,
    model: final,
    catalogue: homeCreditCatalogue,
    about: { statements: [], plausibleRocAuc: null },
    policy,
    policyInputs: Array.from({ length: numRows }, (_, row) => ({ annuityToIncome: values[row * numFeatures + 1]! * 4, isOfAge: true })),
    currency: 'EUR',
    snapshot: {
      snapshotId: 'made-up',
      catalogueName: homeCreditCatalogue.name,
      catalogueVersion: homeCreditCatalogue.version,
      asOf: '2026-01-12T00:00:00.000Z',
      source: 'raw-folder',
      labelledRows: numRows,
      unlabelledRows: 0,
      defaultRate: rate,
    },
    coverage: [],
    manifest: {
      modelName: 'probability-of-default',
      modelVersion: 'madeup0000000000',
      createdAt: '2026-01-12T00:00:00.000Z',
      numTrees: final.trees.length,
      hyperParameters: { numRounds: hyperParameters.numRounds, learningRate: hyperParameters.learningRate },
      trainingRanges: Object.fromEntries(
        featureNames.map((name, feature) => {
          const known = Array.from({ length: numRows }, (_, row) => values[row * numFeatures + feature]!).filter((value) => !Number.isNaN(value));
          return [name, { min: Math.min(...known), max: Math.max(...known), missingShare: 1 - known.length / numRows }];
        }),
      ),
    },
  };
};
