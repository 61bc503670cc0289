import type { ApplicationDecided, EventEnvelope, Explanation } from '@lisible/contracts';
import { homeCreditCatalogue } from '@lisible/credit';
import { Metrics, RejectedError, TransientError } from '@lisible/platform';
import type { ArtefactStore, UnitOfWork } from '@lisible/platform';
import { ModelVersions } from '../model-versions/model-versions.ts';
import { ExplanationRecords } from '../records/explanation-records.ts';
import type { ExplainerTables } from '../records/tables.ts';
import { trainSmallModel } from '../testing/small-model.ts';
import { ExplainDecisions } from './explain-decisions.ts';

const model = trainSmallModel('v1', 8);

class FakeRecords extends ExplanationRecords {
  readonly rows = new Map<string, Explanation>();
  async record(_unit: unknown, explanations: readonly Explanation[]): Promise<ReadonlySet<string>> {
    const inserted = explanations.filter((explanation) => {
      if (this.rows.has(explanation.applicationId)) return false;
      this.rows.set(explanation.applicationId, explanation);
      return true;
    });
    return new Set(inserted.map(({ applicationId }) => applicationId));
  }
  async find(): Promise<Explanation | null> {
    return null;
  }
}

const event = (data: ApplicationDecided, id = `decided-${data.applicationId}`): EventEnvelope<ApplicationDecided> => ({
  specversion: '1.0',
  id,
  source: '/lisible/scoring',
  type: 'credit.application.decided.v1',
  time: data.decidedAt,
  subject: data.applicationId,
  datacontenttype: 'application/json',
  dataschema: 'x',
  traceparent: '00-trace',
  data,
});

const world = () => {
  const files = new Map<string, Uint8Array>([
    ['models/v1/manifest.json', new TextEncoder().encode(JSON.stringify(model.manifest))],
    ...[...model.files].map(([name, bytes]): [string, Uint8Array] => [`models/v1/${name}`, bytes]),
  ]);
  const artefacts: Pick<ArtefactStore, 'read'> = {
    read: async (key) => files.get(key) ?? Promise.reject(new TransientError('service-unavailable', { fr: key, en: key })),
  };
  const records = new FakeRecords();
  const emitted: { topic: string; subject: string; data: unknown; cause: string }[] = [];
  const handled = new Set<string>();
  const unit = {
    isNew: ({ id }: EventEnvelope) => !handled.has(id),
    emit: async (topic: string, message: Omit<(typeof emitted)[number], 'topic'>) => void emitted.push({ topic, ...message }),
  } as unknown as UnitOfWork<ExplainerTables>;
  const clock = { now: () => new Date('2026-11-20T08:00:01.000Z') };
  const explainDecisions = new ExplainDecisions(
    new ModelVersions(artefacts as ArtefactStore),
    records,
    homeCreditCatalogue,
    clock,
    new Metrics('explainer'),
  );
  const explain = async (...events: EventEnvelope<ApplicationDecided>[]): Promise<void> => (await explainDecisions.prepare({ events }))(unit);
  return { files, records, emitted, handled, explain };
};

describe('explain-decisions', () => {
  it('keeps the whole explanation and announces it without raw attributions', async () => {
    const { explain, records, emitted } = world();
    const decided = {
      ...model.decidedOf(2),
      ruleHits: [{ code: 'UNDER_AGE', effect: 'decline' as const, statement: { fr: 'Mineur.', en: 'Under age.' } }],
    };
    await explain(event(decided));
    const stored = records.rows.get('T-2')!;
    expect(stored).toMatchObject({
      applicationId: 'T-2',
      explainedAt: '2026-11-20T08:00:01.000Z',
      modelVersion: 'v1',
      policyVersion: 1,
      probabilityOfDefault: decided.probabilityOfDefault,
      ruleHits: decided.ruleHits,
    });
    expect(stored.attributions.featureValues).toEqual(Object.values(decided.features));
    const { attributions: _kept, ...announced } = stored;
    expect(emitted).toEqual([
      { topic: 'credit.decision.explained.v1', subject: 'T-2', cause: 'decided-T-2', traceparent: '00-trace', data: announced },
    ]);
  });

  it('explains an application once, whatever comes twice', async () => {
    const { explain, emitted, handled } = world();
    await explain(event(model.decidedOf(1)), event(model.decidedOf(1), 'again'));
    handled.add('decided-T-3');
    await explain(event(model.decidedOf(1), 'later'), event(model.decidedOf(3)));
    expect(emitted.map(({ cause }) => cause)).toEqual(['decided-T-1']);
  });

  it('waits for a model version that is absent or damaged: neither is the decision’s fault', async () => {
    const { explain, files, emitted } = world();
    await expect(explain(event({ ...model.decidedOf(1), modelVersion: 'v2' }))).rejects.toThrow(TransientError);
    const trees = files.get('models/v1/trees.json')!;
    files.set('models/v1/trees.json', trees.slice(1));
    const damaged = explain(event(model.decidedOf(1)));
    await expect(damaged).rejects.toThrow(TransientError);
    await expect(damaged).rejects.toMatchObject({ cause: expect.any(RejectedError) });
    files.set('models/v1/trees.json', trees);
    await explain(event(model.decidedOf(1)));
    expect(emitted).toHaveLength(1);
  });
});
