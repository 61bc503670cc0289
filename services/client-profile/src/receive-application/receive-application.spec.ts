import type { ApplicationPrepared, EventEnvelope } from '@lisible/contracts';
import { homeCreditCatalogue, historyTablesOf, modelFeatureNames } from '@lisible/credit';
import { Metrics } from '@lisible/platform';
import type { Transactions, UnitOfWork } from '@lisible/platform';
import type { ApplicationRecords, NewApplication, ReceivedApplication } from '../dossiers/application.records.ts';
import { InputPreparation } from '../dossiers/input-preparation.ts';
import type { ClientProfileTables } from '../dossiers/tables.ts';
import { ReceiveApplication } from './receive-application.ts';

const application = {
  applicationId: 'A-1',
  clientId: 'C-1',
  submittedAt: '2026-11-01T10:00:00Z',
  currency: 'EUR',
  birthDate: '1984-02-29',
  contractType: 'cash-loan',
  creditAmount: 12_000,
  incomeAmount: 30_000,
};

const world = () => {
  const rows = new Map<string, ReceivedApplication>();
  const emitted: { topic: string; subject: string; cause: string; traceparent?: string | undefined }[] = [];
  const prepared: ApplicationPrepared[] = [];
  const store = async (_unit: unknown, applications: readonly NewApplication[]) =>
    applications.map(({ application: { applicationId, clientId }, receivedAt, contentHash }) => {
      const known = rows.get(applicationId);
      const stored = known ?? { applicationId, clientId, receivedAt, contentHash };
      rows.set(applicationId, stored);
      return { isNew: known === undefined, stored };
    });
  const rejected: string[] = [];
  const unit = {
    isNew: ({ id }: EventEnvelope) => id !== 'handled before',
    reject: ({ id }: EventEnvelope, code: string) => void rejected.push(`${id} ${code}`),
    afterCommit: (act: () => void) => act(),
    emit: async (topic: string, { subject, cause, traceparent, data }: (typeof emitted)[number] & { readonly data: ApplicationPrepared }) => {
      emitted.push({ topic, subject, cause, traceparent });
      prepared.push(data);
    },
  };
  let transactionsOpened = 0;
  const transactions = {
    run: async <T>(work: (open: UnitOfWork<ClientProfileTables>) => Promise<T>): Promise<T> => {
      transactionsOpened++;
      return work(unit as unknown as UnitOfWork<ClientProfileTables>);
    },
  };
  let minute = 0;
  const clock = { now: () => new Date(Date.UTC(2026, 10, 20, 8, minute++)) };
  const metrics = new Metrics('client-profile');
  const receive = new ReceiveApplication(
    transactions as unknown as Transactions<ClientProfileTables>,
    { store } as unknown as ApplicationRecords,
    homeCreditCatalogue,
    clock,
    metrics,
    { find: async (clientId: string) => (clientId === 'C-known' ? { bureauCreditsCount: 3 } : null) },
    new InputPreparation(homeCreditCatalogue),
  );
  return {
    receive,
    emitted,
    prepared,
    metrics,
    rejected,
    unit: unit as unknown as UnitOfWork<ClientProfileTables>,
    opened: () => transactionsOpened,
  };
};

describe('receive-application', () => {
  it('announces a new application under an event id that its identifier fixes', async () => {
    const { receive, emitted } = world();
    await receive.execute(application, '00-trace');
    expect(emitted).toEqual([{ topic: 'credit.application.prepared.v1', subject: 'A-1', cause: 'receive-application:A-1', traceparent: '00-trace' }]);
  });

  it('stores those that come together in one transaction, and answers each its own', async () => {
    const { receive, emitted, opened } = world();
    const answers = await Promise.allSettled([
      receive.execute(application),
      receive.execute({ ...application, applicationId: 'A-2' }),
      receive.execute(application),
      receive.execute({ ...application, creditAmount: 99_000 }),
    ]);
    expect(opened()).toBe(1);
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? [answer.value.applicationId, answer.value.isNew] : answer.reason.code))).toEqual([
      ['A-1', true],
      ['A-2', true],
      ['A-1', false],
      'application-conflict',
    ]);
    expect(emitted.map(({ subject }) => subject)).toEqual(['A-1', 'A-2']);
  });

  it('answers a repetition with the first receipt, whatever the order and the nulls, and announces nothing', async () => {
    const { receive, emitted } = world();
    const first = await receive.execute(application);
    const again = await receive.execute({ occupation: null, ...Object.fromEntries(Object.entries(application).toReversed()) });
    expect(again).toEqual({ ...first, isNew: false });
    expect(emitted).toHaveLength(1);
  });

  it('prepares the features of the client’s past, and says when there is none', async () => {
    const { receive, prepared } = world();
    await receive.execute({ ...application, clientId: 'C-known' });
    await receive.execute({ ...application, applicationId: 'A-2', clientId: 'C-new' });
    const names = modelFeatureNames(homeCreditCatalogue, historyTablesOf(homeCreditCatalogue));
    expect(names).toContain('bureauCreditsCount');
    for (const { features } of prepared) expect(Object.keys(features)).toEqual(names);
    expect(
      prepared.map(({ isHistoryMissing, features, dataQuality }) => [
        isHistoryMissing,
        features['bureauCreditsCount'],
        dataQuality.some(({ kind }) => kind === 'history-missing'),
      ]),
    ).toEqual([
      [false, 3, false],
      [true, null, true],
    ]);
  });

  it('stores what a loan system has published in the transaction of its batch, and puts aside what the door would refuse', async () => {
    const { receive, emitted, rejected, unit, metrics, opened } = world();
    const event = (id: string, data: unknown): EventEnvelope => ({
      specversion: '1.0',
      id,
      source: 'urn:bank',
      type: 'credit.application.submitted.v1',
      time: '2026-11-20T08:00:00.000Z',
      subject: 'A-1',
      datacontenttype: 'application/json',
      dataschema: 'x',
      traceparent: '00-bank',
      data,
    });
    const commit = await receive.receive({
      events: [
        event('first', application),
        event('again', application),
        event('other', { ...application, creditAmount: 12_001 }),
        event('wrong', { ...application, applicationId: 'A-2', creditAmount: 'twelve' }),
        event('nothing', undefined),
        event('second', { ...application, applicationId: 'A-3' }),
        event('handled before', { ...application, applicationId: 'A-4' }),
      ],
    });
    await commit(unit);
    expect(emitted.map(({ subject, cause, traceparent }) => [subject, cause, traceparent])).toEqual([
      ['A-1', 'receive-application:A-1', '00-bank'],
      ['A-3', 'receive-application:A-3', '00-bank'],
    ]);
    expect(rejected).toEqual(['wrong application-invalid', 'nothing application-invalid', 'other application-conflict']);
    expect(opened()).toBe(0);
    const text = await metrics.registry.metrics();
    for (const [outcome, count] of Object.entries({ received: 2, repeated: 1, conflict: 1, invalid: 2 }))
      expect(text).toContain(`outcome="${outcome}",service="client-profile"} ${count}`);
    await expect(receive.execute(application)).resolves.toMatchObject({ isNew: false });
  });

  it('refuses other content, and opens no transaction for what is invalid', async () => {
    const { receive, opened, metrics } = world();
    await receive.execute(application);
    await expect(receive.execute({ ...application, creditAmount: 12_001 })).rejects.toMatchObject({ code: 'application-conflict' });
    expect(opened()).toBe(2);
    await expect(receive.execute({ ...application, creditAmount: 'twelve', shoeSize: 43 })).rejects.toMatchObject({
      code: 'application-invalid',
      problems: [expect.objectContaining({ field: 'creditAmount' }), expect.objectContaining({ field: 'shoeSize' })],
    });
    await expect(receive.execute('not an application')).rejects.toMatchObject({ code: 'application-invalid' });
    expect(opened()).toBe(2);
    const text = await metrics.registry.metrics();
    for (const line of [
      'outcome="received",service="client-profile"} 1',
      'outcome="conflict",service="client-profile"} 1',
      'outcome="invalid",service="client-profile"} 2',
    ])
      expect(text).toContain(line);
  });

  it('names the field of a text that no record can hold, instead of answering as a defect at every repetition', async () => {
    const { receive, opened } = world();
    for (const firstName of ['Zo\u0000é', 'Zo\ud800']) {
      await expect(receive.execute({ ...application, firstName, creditAmount: 'twelve' })).rejects.toMatchObject({
        code: 'application-invalid',
        problems: [expect.objectContaining({ field: 'creditAmount' }), expect.objectContaining({ field: 'firstName', code: 'text-unreadable' })],
      });
      await expect(receive.execute({ ...application, firstName })).rejects.toMatchObject({
        problems: [expect.objectContaining({ field: 'firstName' })],
      });
    }
    expect(opened()).toBe(0);
  });
});
