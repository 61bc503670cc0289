import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application, Policy } from '@lisible/contracts';
import { decide, homeCreditCatalogue, policyInputs } from '@lisible/credit';
import { openDuckDbTables, openFolderArtefacts } from '@lisible/platform';
import type { ArtefactStore, DuckDbTables } from '@lisible/platform';
import { readPolicyRows } from '../policy-rows/policy-rows.ts';
import { drawApplications, trainSmallModel } from '../testing/small-model.ts';
import { applyChanges } from './apply-changes.ts';
import type { PolicyChanges } from './apply-changes.ts';
import { openPolicyBench } from './try-policy.ts';
import type { PolicyBench } from './try-policy.ts';

const { manifest } = trainSmallModel('v1', 5);
const policy = manifest.recommendedPolicy;
const nothing: PolicyChanges = {
  parts: {},
  falseNegative: null,
  falsePositive: null,
  reviewCapacity: null,
  lossGivenDefault: null,
  marginRate: null,
  leastThreshold: null,
  greatestThreshold: null,
  amountField: null,
  isWithoutAmounts: false,
};

describe('changes of a policy', () => {
  it('leave alone what they do not name', () => {
    const { misclassificationCost, reviewCapacity, rules } = policy;
    expect(applyChanges(policy, nothing)).toEqual({ misclassificationCost, reviewCapacity, rules });
    expect(applyChanges(policy, { ...nothing, falseNegative: 8 })).toEqual({
      misclassificationCost: { falseNegative: 8, falsePositive: 1 },
      reviewCapacity,
      rules,
    });
  });

  it('take parts from a file, and numbers over them', () => {
    const parts = { rules: [], reviewCapacity: 0.2, misclassificationCost: { falseNegative: 5, falsePositive: 1 } };
    expect(applyChanges(policy, { ...nothing, parts, reviewCapacity: 0.1 })).toEqual({ ...parts, reviewCapacity: 0.1 });
    expect(() => applyChanges(policy, { ...nothing, parts: { decisionThreshold: 0.2 } })).toThrow(
      expect.objectContaining({ code: 'policy-invalid', problems: [expect.objectContaining({ field: '' })] }),
    );
  });

  it('weigh amounts once loss and margin are both said, within half and twice the threshold, and no more when asked', () => {
    const changes = { ...nothing, falseNegative: 9, lossGivenDefault: 0.6, marginRate: 0.05 };
    const draft = applyChanges(policy, changes);
    expect(draft.amountAwareCost).toEqual({
      amountField: 'creditAmount',
      lossGivenDefault: 0.6,
      marginRate: 0.05,
      thresholdBounds: { lower: 0.05, upper: 0.2 },
    });
    expect(() => applyChanges(policy, { ...nothing, marginRate: 0.05 })).toThrow(expect.objectContaining({ code: 'policy-invalid' }));
    const weighing: Policy = { ...policy, amountAwareCost: { ...draft.amountAwareCost!, averageAmount: 1, averageDefaultRate: 0.5 } };
    expect(applyChanges(weighing, { ...nothing, marginRate: 0.1 }).amountAwareCost).toEqual({ ...draft.amountAwareCost, marginRate: 0.1 });
    expect(applyChanges(weighing, { ...nothing, isWithoutAmounts: true }).amountAwareCost).toBeUndefined();
  });
});

describe('a policy tried on past loans', () => {
  const applications = drawApplications(5003, 3).map((application, index): Application =>
    index === 4 ? ({ ...application, incomeAmount: null } as Application) : application,
  );
  const probabilityOf = (index: number): number => (index % 997) / 997;
  let folder: string;
  let artefacts: ArtefactStore;
  let tables: DuckDbTables;
  let bench: PolicyBench;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-policy-'));
    artefacts = await openFolderArtefacts(folder);
    tables = await openDuckDbTables();
    const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
    const writeTable = async (key: string, rows: readonly object[], columns: string): Promise<void> => {
      await artefacts.write(`${key}.json`, encode(rows));
      await artefacts.write(key, new Uint8Array());
      const [from, to] = [await artefacts.localPath(`${key}.json`), await artefacts.localPath(key)];
      await tables.query(`copy (select ${columns} from read_json('${from}')) to '${to}' (format parquet)`);
    };
    await writeTable(
      'snapshots/s1/applications.parquet',
      applications.map((application, index) => ({ ...application, defaulted: index % 10 === 0 ? 1 : 0 })),
      '* replace ("submittedAt"::varchar as "submittedAt", "birthDate"::varchar as "birthDate")',
    );
    await writeTable(
      'models/v1/estimates.parquet',
      applications.map(({ applicationId }, index) => ({ applicationId, fold: index % 5, probabilityOfDefault: probabilityOf(index) })),
      '*',
    );
    await artefacts.write('models/v1/manifest.json', encode(manifest));
    await artefacts.write(
      'registry/champion.json',
      encode({ modelName: 'pd', modelVersion: 'v1', promotedAt: '2026-11-01T00:00:00.000Z', promotedBy: 'x' }),
    );
    bench = (await openPolicyBench({ artefacts, tables }))!;
  }, 60_000);

  afterAll(async () => {
    await tables.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('reads each loan once, with the very inputs that scoring would have', async () => {
    const rows = await readPolicyRows({ artefacts, tables, manifest });
    expect(rows).toHaveLength(applications.length);
    const order = applications
      .map((_, index) => index)
      .toSorted((a, b) => (applications[a]!.applicationId < applications[b]!.applicationId ? -1 : 1));
    expect(rows.map(({ probabilityOfDefault }) => probabilityOfDefault)).toEqual(order.map(probabilityOf));
    const first = order.indexOf(4);
    for (const position of [0, first, 5001]) {
      const expected = policyInputs(homeCreditCatalogue, applications[order[position]!]!);
      // A snapshot written here holds only the fields that were drawn.
      expect(rows[position]?.policyInputs).toEqual({ ...expected, featuresOutsideTrainingRange: 0 });
    }
    expect(rows[first]?.policyInputs['annuityToIncome']).toBeNull();
  });

  it('shows the effect of the change beside that of the policy in force', () => {
    const about = { expectedVersion: 1, reason: 'spec' };
    // Applications drawn here say little: the rule about that would refer them all.
    const inForce = { ...policy, rules: policy.rules.filter(({ code }) => code !== 'TOO_LITTLE_KNOWN') };
    const trial = bench.try(inForce, { ...nothing, falseNegative: 5, reviewCapacity: 0 }, about);
    expect(trial.change).toEqual({ ...about, policy: trial.tried.declared });
    expect([trial.tried.policy.decisionThreshold, trial.tried.policy.greyZone]).toEqual([1 / 6, null]);
    const approved = applications.filter((application, index) => {
      const inputs = policyInputs(homeCreditCatalogue, application);
      return decide(trial.tried.policy, { probabilityOfDefault: probabilityOf(index), policyInputs: inputs }).decision === 'approved';
    });
    expect(trial.tried.effect.approved.count).toBe(approved.length);
    expect(trial.comparison.flips.map(({ from, to }) => `${from} ${to}`)).toContain('declined approved');
    expect(trial.inForce.effect.approved.count).toBeLessThan(approved.length);
    expect(bench.show(policy).effect.referred.count).toBe(applications.length);
  });

  it('lists everything that is wrong with a change', () => {
    const changes = { ...nothing, falseNegative: -1, reviewCapacity: 3, parts: { rules: [{ ...policy.rules[0]!, code: 'x' }] } };
    expect(() => bench.try(policy, changes, { expectedVersion: 1, reason: 'spec' })).toThrow(
      expect.objectContaining({
        code: 'policy-invalid',
        problems: expect.arrayContaining(
          ['policy.misclassificationCost.falseNegative', 'policy.reviewCapacity', 'policy.rules.0.code'].map((field) =>
            expect.objectContaining({ field }),
          ),
        ),
      }),
    );
  });

  it('needs a model in force', async () => {
    const empty = await openFolderArtefacts(join(folder, 'empty'));
    expect(await openPolicyBench({ artefacts: empty, tables })).toBeNull();
  });
});
