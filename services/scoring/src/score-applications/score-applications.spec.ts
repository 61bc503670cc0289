import type { ApplicationPrepared, Decision, EventEnvelope, ModelManifest, Policy, PolicyView } from '@lisible/contracts';
import { Metrics, RejectedError, TransientError } from '@lisible/platform';
import type { UnitOfWork } from '@lisible/platform';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import type { Champion } from '../follow-champion/champion.ts';
import { noModel } from '../follow-champion/champion.ts';
import { DecisionLedger } from '../ledger/decision-ledger.ts';
import type { LedgerEntry } from '../ledger/decision-ledger.ts';
import type { ScoringTables } from '../ledger/tables.ts';
import { PolicyVersions } from '../policies/policy-versions.ts';
import { ScoreApplications } from './score-applications.ts';

const policyInForce: PolicyView = {
  policyName: 'consumer-credit',
  policyVersion: 3,
  adoptedAt: '2026-01-01T00:00:00.000Z',
  adoptedBy: 'bootstrap',
  policy: {
    policyName: 'consumer-credit',
    misclassificationCost: { falseNegative: 10, falsePositive: 1 },
    decisionThreshold: 1 / 11,
    reviewCapacity: 0.08,
    greyZone: { lower: 0.08, upper: 0.1 },
    rules: [
      {
        code: 'UNDER_AGE',
        condition: { input: 'isOfAge', operator: 'equals', value: false },
        effect: 'decline',
        statement: { fr: 'Mineur.', en: 'Under age.' },
      },
    ],
  },
};

class FakePolicies extends PolicyVersions {
  inForce: PolicyView | null = policyInForce;
  async find(): Promise<PolicyView | null> {
    return this.inForce;
  }
  async list(): Promise<readonly never[]> {
    return [];
  }
  async adoptFirst(): Promise<boolean> {
    return false;
  }
  async adoptNext(): Promise<boolean> {
    return false;
  }
}

class FakeLedger extends DecisionLedger {
  readonly rows = new Map<string, LedgerEntry>();
  async record(_unit: unknown, entries: readonly LedgerEntry[]): Promise<ReadonlySet<string>> {
    const inserted = entries.filter((entry) => {
      const { applicationId } = entry.decision;
      if (this.rows.has(applicationId)) return false;
      this.rows.set(applicationId, entry);
      return true;
    });
    return new Set(inserted.map(({ decision }) => decision.applicationId));
  }
  async find(): Promise<Decision | null> {
    return null;
  }
  async lookup(): Promise<readonly never[]> {
    return [];
  }
}

const event = (
  applicationId: string,
  fields: Partial<ApplicationPrepared> = {},
  id = `prepared-${applicationId}`,
): EventEnvelope<ApplicationPrepared> => ({
  specversion: '1.0',
  id,
  source: '/lisible/client-profile',
  type: 'credit.application.prepared.v1',
  time: '2026-11-20T08:00:00.000Z',
  subject: applicationId,
  datacontenttype: 'application/json',
  dataschema: 'x',
  traceparent: '00-trace',
  data: {
    applicationId,
    clientId: 'C-1',
    branchId: null,
    submittedAt: '2026-11-20T08:00:00.000Z',
    currency: 'EUR',
    catalogueVersion: '1',
    features: { income: 0.25, score: null, notInThisModel: 3 },
    policyInputs: { isOfAge: true },
    isHistoryMissing: true,
    dataQuality: [],
    ...fields,
  },
});

const world = () => {
  const matrices: FeatureMatrix[] = [];
  /** Says the income as the probability, so that a test chooses it. */
  const predict = async (matrix: FeatureMatrix) => {
    matrices.push(matrix);
    const probabilities = Float64Array.from({ length: matrix.numRows }, (_, row) => matrix.values[row * matrix.numFeatures + 1]!);
    return { probabilities, margins: probabilities.map((p) => Math.log(p / (1 - p))) };
  };
  const trainingRanges: ModelManifest['trainingRanges'] = {};
  const model = {
    manifest: { modelName: 'pd', modelVersion: 'v1', catalogueName: 'home-credit', featureNames: ['score', 'income'], trainingRanges },
    predictor: { predict },
  };
  const champion = { model: model as typeof model | null };
  const port = {
    get: () => {
      if (champion.model === null) throw noModel();
      return champion.model;
    },
  };
  const ledger = new FakeLedger();
  const policies = new FakePolicies();
  const emitted: { topic: string; subject: string; data: unknown; cause: string; traceparent?: string | undefined }[] = [];
  const handled = new Set<string>();
  const unit = {
    isNew: ({ id }: EventEnvelope) => !handled.has(id),
    emit: async (topic: string, message: Omit<(typeof emitted)[number], 'topic'>) => void emitted.push({ topic, ...message }),
  } as unknown as UnitOfWork<ScoringTables>;
  const clock = { now: () => new Date('2026-11-20T08:00:01.000Z') };
  const scoreApplications = new ScoreApplications(port as unknown as Champion, policies, ledger, clock, new Metrics('scoring'));
  const score = async (...events: EventEnvelope<ApplicationPrepared>[]): Promise<void> => (await scoreApplications.prepare({ events }))(unit);
  return { champion, policies, ledger, emitted, handled, matrices, trainingRanges, score };
};

describe('score-applications', () => {
  it('scores a batch in one run, the model’s features in its order, missing as NaN', async () => {
    const { score, matrices, emitted, ledger } = world();
    await score(event('A-1'), event('A-2', { features: { income: 0.0625, score: 0.5 } }));
    expect(matrices).toHaveLength(1);
    expect([...matrices[0]!.values]).toEqual([Number.NaN, 0.25, 0.5, 0.0625]);
    expect(
      [...ledger.rows.values()].map(({ decision }) => [decision.applicationId, decision.probabilityOfDefault, decision.proposal, decision.decision]),
    ).toEqual([
      ['A-1', 0.25, 'declined', 'declined'],
      ['A-2', 0.0625, 'approved', 'approved'],
    ]);
    expect(emitted[0]).toEqual({
      topic: 'credit.application.decided.v1',
      subject: 'A-1',
      cause: 'prepared-A-1',
      traceparent: '00-trace',
      data: {
        ...ledger.rows.get('A-1')!.decision,
        catalogueVersion: '1',
        currency: 'EUR',
        features: { score: null, income: 0.25 },
      },
    });
    expect(ledger.rows.get('A-1')!.decision).toMatchObject({
      modelVersion: 'v1',
      policyVersion: 3,
      decidedAt: '2026-11-20T08:00:01.000Z',
      margin: Math.log(1 / 3),
    });
  });

  it('hashes what the model saw and nothing else', async () => {
    const { score, ledger } = world();
    await score(event('A-1'), event('A-2', { features: { score: null, income: 0.25 } }), event('A-3', { features: { income: 0.26, score: null } }));
    const hashes = [...ledger.rows.values()].map(({ decision }) => decision.featuresHash);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect([hashes[0] === hashes[1], hashes[0] === hashes[2]]).toEqual([true, false]);
  });

  it('applies the rules and the grey zone of the policy in force', async () => {
    const { score, ledger } = world();
    await score(
      event('A-1', { features: { income: 0.0625, score: null }, policyInputs: { isOfAge: false } }),
      event('A-2', { features: { income: 0.09375, score: null } }),
    );
    expect(
      [...ledger.rows.values()].map(({ decision }) => [decision.proposal, decision.decision, decision.ruleHits.map(({ code }) => code)]),
    ).toEqual([
      ['approved', 'declined', ['UNDER_AGE']],
      ['declined', 'referred', []],
    ]);
  });

  it('sends to a person what the model was never trained on, and keeps the count for replay', async () => {
    const { score, ledger, policies, trainingRanges } = world();
    trainingRanges['income'] = { min: 0, max: 0.5, missingShare: 0 };
    const rules: Policy['rules'] = [
      ...policyInForce.policy.rules,
      {
        code: 'OUTSIDE',
        condition: { input: 'featuresOutsideTrainingRange', operator: 'greater-than', value: 0 },
        effect: 'refer',
        statement: { fr: 'Inédit : {featuresOutsideTrainingRange}.', en: 'New: {featuresOutsideTrainingRange}.' },
      },
    ];
    policies.inForce = { ...policyInForce, policy: { ...policyInForce.policy, rules } };
    await score(
      event('A-1', { features: { income: 0.75, score: null } }),
      event('A-2', { features: { income: 0.5, score: null } }),
      event('A-3', { features: { income: 0.75, score: null }, policyInputs: { isOfAge: false } }),
    );
    const [outside, inside, both] = [...ledger.rows.values()];
    expect([outside!.decision.decision, inside!.decision.decision]).toEqual(['referred', 'declined']);
    // The small model's feature has no words in the catalogue: its own name stands.
    expect(outside!.decision.ruleHits).toEqual([{ code: 'OUTSIDE', effect: 'refer', statement: { fr: 'Inédit : income.', en: 'New: income.' } }]);
    expect([outside!.policyInputs, inside!.policyInputs].map((inputs) => inputs['featuresOutsideTrainingRange'])).toEqual([1, 0]);
    // What declines comes first.
    expect([both!.decision.decision, both!.decision.ruleHits.map(({ code }) => code)]).toEqual(['declined', ['UNDER_AGE', 'OUTSIDE']]);
  });

  it('stores the threshold of each amount where the policy weighs amounts', async () => {
    const { score, ledger, policies } = world();
    const amountAwareCost = {
      amountField: 'creditAmount',
      lossGivenDefault: 0.75,
      marginRate: 0.02,
      averageAmount: 600_000,
      averageDefaultRate: 0.08,
      thresholdBounds: { lower: 0.05, upper: 0.2 },
    };
    policies.inForce = { ...policyInForce, policy: { ...policyInForce.policy, amountAwareCost } };
    const at = (applicationId: string, creditAmount: number | null) =>
      event(applicationId, { features: { income: 0.125, score: null }, policyInputs: { isOfAge: true, creditAmount } });
    await score(at('A-1', 100_000), at('A-2', 2_000_000), at('A-3', null));
    const [small, great, unknown] = [...ledger.rows.values()].map(({ decision }) => decision);
    expect([small!.decisionThreshold, small!.decision, small!.greyZone!.upper > 0.2]).toEqual([0.2, 'approved', true]);
    expect([great!.decision, great!.decisionThreshold < 1 / 11, great!.greyZone!.lower < great!.decisionThreshold]).toEqual(['declined', true, true]);
    expect([unknown!.decisionThreshold, unknown!.greyZone]).toEqual([1 / 11, policyInForce.policy.greyZone]);
  });

  it('decides an application once, whatever comes twice', async () => {
    const { score, emitted, handled } = world();
    await score(event('A-1'), event('A-1', {}, 'prepared-again'));
    expect(emitted.map(({ cause }) => cause)).toEqual(['prepared-A-1']);
    handled.add('prepared-A-2');
    await score(event('A-1', {}, 'prepared-later'), event('A-2'));
    expect(emitted).toHaveLength(1);
  });

  it('lets applications wait while there is no model or no policy', async () => {
    const { score, champion, policies } = world();
    policies.inForce = null;
    await expect(score(event('A-1'))).rejects.toThrow(TransientError);
    champion.model = null;
    await expect(score(event('A-1'))).rejects.toMatchObject({ code: 'no-model' });
  });

  it('refuses an application that was prepared without a feature of the model, and names both', async () => {
    const { score } = world();
    const refusal = score(event('A-1', { features: { income: 0.25 } }));
    await expect(refusal).rejects.toThrow(RejectedError);
    await expect(refusal).rejects.toMatchObject({
      code: 'event-invalid',
      detail: { en: "Application A-1 was prepared without the model's feature score (catalogue 1)." },
    });
  });
});
