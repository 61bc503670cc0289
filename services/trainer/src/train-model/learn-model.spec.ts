import { averagePrecision, logLoss, rocAuc } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { defaultHyperParameters, logit, predictMargin, sigmoid } from '@lisible/tree-ensemble';
import type { HyperParameters } from '@lisible/tree-ensemble';
import { drawStudiedRows, narrowCatalogue, strongFeature, weakFeature } from '../../testing/studied-population.ts';
import { FitPool } from '../fit-pool/fit-pool.ts';
import { monotoneAllowance } from '../hyper-parameters.ts';
import { learningCurve } from '../model-studies/learning-curve.ts';
import type { ProtectedAttribute } from '../model-studies/model-studies.ts';
import { learnModel } from './learn-model.ts';
import type { LearntModel } from './learn-model.ts';
import { createStopwatch } from './stopwatch.ts';
import { createWorkMeter } from './work-meter.ts';

const numRows = 1500;
const catalogue = narrowCatalogue(6);
const data = drawStudiedRows(catalogue, numRows);
const { labels, featureNames } = data;
const hyperParameters: HyperParameters = {
  ...defaultHyperParameters,
  numRounds: 120,
  learningRate: 0.1,
  numLeaves: 6,
  minDataInLeaf: 15,
  featureFraction: 0.7,
  earlyStoppingRounds: 15,
};

/** The first attribute is the sign of the strong feature, the second a coin. */
const protectedAttributes: readonly ProtectedAttribute[] = ['told', 'coin'].map((attribute) => {
  const groupOfRow = Int8Array.from({ length: numRows }, (_, row) => {
    if (attribute === 'coin') return (row * 7919) % 2;
    const value = data.matrix.values[row * featureNames.length]!;
    return Number.isNaN(value) ? -1 : Number(value > 0);
  });
  const groups = ['one', 'two'].map((group, position) => ({
    group,
    label: { fr: group, en: group },
    rows: groupOfRow.filter((ofRow) => ofRow === position).length,
  }));
  return { attribute, label: { fr: attribute, en: attribute }, groups, groupOfRow };
});

const origins = {
  // Numbered by outcome: the leak that the check is for.
  applicationIds: Array.from(labels, (label, row) => `A-${label * 10_000 + row}`),
  clientIds: Array.from(labels, (_, row) => `C${row === 1 ? 0 : row}`),
  submittedAtMs: new Float64Array(numRows).fill(Date.UTC(2026, 0, 5)),
  protectedAttributes,
};

const learn = async (numWorkers: number, given: Catalogue, withStudies = true): Promise<LearntModel> => {
  const pool = new FitPool(data, { numWorkers });
  const phases: [string, number][] = [];
  try {
    const learnt = await learnModel(
      pool,
      data,
      {
        catalogue: given,
        seed: 5,
        hyperParameters,
        searchSeconds: null,
        origins: withStudies ? origins : null,
        stopwatch: createStopwatch(),
      },
      (phase, share) => phases.push([phase, share]),
    );
    expect(phases.every(([, share]) => share >= 0 && share <= 1)).toBe(true);
    return learnt;
  } finally {
    await pool.close();
  }
};

/** What must not depend on the machine. */
const withoutSeconds = ({ served, final, studies }: LearntModel): unknown =>
  JSON.parse(
    JSON.stringify({ served, final, studies }, (key, value: unknown) =>
      key === 'seconds'
        ? undefined
        : ArrayBuffer.isView(value)
          ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
          : value,
    ),
  );

describe('learning a model', () => {
  let learnt: LearntModel;
  let studies: NonNullable<LearntModel['studies']>;
  beforeAll(async () => {
    learnt = await learn(2, catalogue);
    studies = learnt.studies!;
  }, 120_000);

  it('judges models from simple to complex on the same folds, each better than the simpler one', () => {
    expect(studies.candidates.map(({ name, isServed }) => [name, isServed])).toEqual([
      ['constant', false],
      ['scorecard', false],
      ['boosted-unconstrained', false],
      ['boosted-monotone', true],
    ]);
    const [constant, scorecard, , monotone] = studies.candidates;
    const losses = [constant!, scorecard!, monotone!].map(({ probabilities }) => logLoss(labels, probabilities));
    expect(losses[1]).toBeLessThan(losses[0]! - 0.03);
    expect(averagePrecision(labels, monotone!.margins)).toBeGreaterThan(averagePrecision(labels, constant!.margins) + 0.1);
    for (const { margins, probabilities } of studies.candidates) expect([...probabilities]).toEqual([...margins].map(sigmoid));
    expect(studies.scorecard!.features[0]!.featureName).toBe(strongFeature);
    const numDefaults = (rows: readonly number[]): number => rows.reduce((sum, row) => sum + labels[row]!, 0);
    for (let fold = 0; fold < studies.numFolds; fold++) {
      const others = [...studies.folds.keys()].filter((row) => studies.folds[row] !== fold);
      const row = studies.folds.indexOf(fold);
      expect(constant!.margins[row]).toBeCloseTo(logit(numDefaults(others) / others.length), 12);
    }
  });

  it('serves the fold models’ own margins, monotone in the features that the catalogue gives a direction', () => {
    const { served } = learnt;
    expect(studies.candidates.find(({ isServed }) => isServed)!.margins).toEqual(served.margins);
    for (const row of [0, 1, 2, 700, 1499]) {
      const values = data.matrix.values.subarray(row * featureNames.length, (row + 1) * featureNames.length);
      expect(predictMargin(served.foldModels[served.folds[row]!]!, values)).toBe(served.margins[row]);
    }
    expect(studies.servedChoice).toMatchObject({ served: 'boosted-monotone', decreasing: [strongFeature], increasing: [weakFeature] });
    const along = (feature: number): readonly number[] =>
      [-3, -1, -0.2, 0, 0.3, 1, 4].map((value) =>
        predictMargin(
          learnt.final.model,
          featureNames.map((_, at) => (at === feature ? value : 0)),
        ),
      );
    expect(along(0)).toEqual(along(0).toSorted((a, b) => b - a));
    expect(along(1)).toEqual(along(1).toSorted((a, b) => a - b));
    expect(along(0)[0]).toBeGreaterThan(along(0).at(-1)! + 1);
  });

  it('redraws folds and models for other seeds, and starts from its own', () => {
    expect(studies.seeds).toHaveLength(3);
    expect(studies.seeds[0]).toMatchObject({ seed: 5, margins: learnt.served.margins, folds: studies.folds });
    for (const { folds, margins } of studies.seeds.slice(1)) {
      expect(folds).not.toEqual(studies.folds);
      expect(Math.abs(rocAuc(labels, margins) - rocAuc(labels, learnt.served.margins))).toBeLessThan(0.03);
    }
  });

  it('learns more from more rows, and less by heart', () => {
    const curve = studies.learningCurve;
    expect(curve.map(({ shareOfRows }) => shareOfRows)).toEqual([0.1, 0.25, 0.5, 1]);
    curve.forEach(({ rows, shareOfRows }) => expect(Math.abs(rows - 1080 * shareOfRows)).toBeLessThan(40));
    expect(curve[3]!.rocAuc.value).toBe(rocAuc(labels, learnt.served.margins));
    expect(curve[3]!.logLoss).toBeLessThan(curve[0]!.logLoss);
    for (const { rocAuc: judged, trainRocAuc } of curve) expect(trainRocAuc).toBeGreaterThan(judged.value);
  });

  it('leaves out a share of the rows that nothing can be learnt from', async () => {
    const pool = new FitPool(data, { numWorkers: 1 });
    const settings = { hyperParameters: { ...hyperParameters, minDataInLeaf: 100 }, monotoneConstraints: null, shares: [0.1, 0.9] };
    const points = await learningCurve(
      pool,
      labels,
      learnt.served,
      settings,
      createWorkMeter(10, () => undefined),
    );
    await pool.close();
    expect(points.map(({ shareOfRows }) => shareOfRows)).toEqual([0.9, 1]);
  }, 60_000);

  it('tells what each group of features is worth, on the same rows', () => {
    const { ablations, folds, judgedRows } = studies.ablations!;
    expect(judgedRows).toBe(studies.folds.filter((fold) => folds.includes(fold)).length);
    expect(ablations.flatMap(({ featureNames: names }) => names).toSorted()).toEqual([...featureNames].toSorted());
    const [most] = ablations.toSorted((a, b) => a.rocAucChange.value - b.rocAucChange.value);
    expect(most!.featureNames).toContain(strongFeature);
    expect(most!.rocAucChange.upper).toBeLessThan(-0.05);
    expect(most!.logLossChange).toBeGreaterThan(0.02);
  });

  it('finds an identifier that knows the outcome, and a client on both sides of a fold', () => {
    const { checks, singleFeatures, clients, clientsInSeveralFolds, duplicateRowsAcrossFolds } = studies.leaks;
    expect(checks[0]).toEqual({ check: 'identifier', rocAuc: { value: 1, lower: 1, upper: 1 } });
    expect(checks[1]!.rocAuc!.lower).toBeLessThan(0.5);
    expect(checks[1]!.rocAuc!.upper).toBeGreaterThan(0.5);
    expect(checks[2]!.rocAuc).toBeNull();
    expect(singleFeatures[0]!.feature).toBe(strongFeature);
    expect([clients, clientsInSeveralFolds, duplicateRowsAcrossFolds]).toEqual([numRows - 1, Number(studies.folds[0] !== studies.folds[1]), 0]);
  });

  it('tells a protected attribute that the inputs give away from one that they know nothing of', () => {
    const [told, coin] = studies.protectedPredictability;
    expect(told!.meanRocAuc).toBeGreaterThan(0.99);
    for (const { rocAuc: area } of coin!.groups) {
      expect(area.lower).toBeLessThan(0.53);
      expect(area.upper).toBeGreaterThan(0.47);
    }
  });

  it('attributes rows by the models that never saw them, to the margin', () => {
    const { rows, shapValues, baseValues, featureValues } = studies.attributions;
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    rows.forEach((row, position) => {
      const ofRow = shapValues.subarray(position * featureNames.length, (position + 1) * featureNames.length);
      const sum = ofRow.reduce((total, value) => total + value, baseValues[position]!);
      expect(Math.abs(sum - learnt.served.margins[row]!)).toBeLessThan(1e-9);
    });
    expect(featureValues.subarray(0, featureNames.length)).toEqual(
      data.matrix.values.subarray(rows[0]! * featureNames.length, (rows[0]! + 1) * featureNames.length),
    );
  });

  it('learns the same with one thread', async () => {
    expect(withoutSeconds(await learn(1, catalogue))).toEqual(withoutSeconds(learnt));
  }, 120_000);

  it('serves the unconstrained model where a direction costs more than the allowance', async () => {
    const wrong: Catalogue = {
      ...catalogue,
      features: catalogue.features.map((feature) => (feature.name === strongFeature ? { ...feature, monotoneDirection: 'increases-risk' } : feature)),
    };
    const { served, final, monotoneConstraints, studies: none } = await learn(2, wrong, false);
    expect([none, monotoneConstraints]).toEqual([null, null]);
    // Without constraints nothing but the seed and the rows matter: the same models as before.
    expect(served.margins).toEqual(studies.candidates.find(({ name }) => name === 'boosted-unconstrained')!.margins);
    expect(final.numRounds).toBeGreaterThan(0);
    expect(monotoneAllowance).toBeLessThan(0.01);
  }, 60_000);
});
