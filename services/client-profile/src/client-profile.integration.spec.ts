import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  applicationEnvelopeFields,
  catalogueViewSchema,
  clientItemPageSchema,
  clientRecordSchema,
  preparedAdviceSchema,
  preparedAssumptionsSchema,
  preparedSimulationSchema,
  problemSchema,
  topics,
} from '@lisible/contracts';
import type { Application, ApplicationPrepared, EventEnvelope, FieldValue } from '@lisible/contracts';
import { historyTablesOf, homeCreditCatalogue, modelFeatureNames } from '@lisible/credit';
import {
  BroadcastSubscription,
  createEmbeddedCourier,
  openDuckDbTables,
  openEmbeddedDatabase,
  openFolderArtefacts,
  startService,
} from '@lisible/platform';
import type { ArtefactStore, EventBatch, RunningService, TableReader } from '@lisible/platform';
import { z } from 'zod';
import { Controller, Module } from '@nestjs/common';
import { clientProfileService } from './index.ts';
import { CurrentSnapshot } from './follow-snapshot/current-snapshot.ts';

/** What left the service, in the order it arrived elsewhere. */
const prepared: EventEnvelope<ApplicationPrepared>[] = [];
const arrivals: (() => void)[] = [];

@Controller()
class WatchController {
  @BroadcastSubscription(topics.applicationPrepared)
  async applicationPrepared({ events }: EventBatch<ApplicationPrepared>): Promise<void> {
    prepared.push(...events);
    for (const arrived of arrivals.splice(0)) arrived();
  }
}

@Module({ controllers: [WatchController] })
class WatchModule {}

const preparedOf = async (applicationId: string): Promise<EventEnvelope<ApplicationPrepared>> => {
  for (;;) {
    const found = prepared.find(({ subject }) => subject === applicationId);
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => arrivals.push(resolve));
  }
};

const application = (fields: Readonly<Record<string, FieldValue>> = {}): Application => ({
  applicationId: 'A-1',
  clientId: 'C-1',
  submittedAt: '2026-11-01T10:00:00Z',
  currency: 'EUR',
  firstName: 'Hélène',
  lastName: 'Lefèvre',
  sex: 'female',
  birthDate: '1984-02-29',
  contractType: 'cash-loan',
  creditAmount: 12_000,
  incomeAmount: 30_000,
  annuityAmount: 2400,
  ...fields,
});

const now = new Date('2026-11-20T08:00:00.000Z');
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Two past loans; C-1 has one beside the application. */
const publishSnapshot = async (artefacts: ArtefactStore, tables: TableReader): Promise<void> => {
  const snapshot = {
    snapshotId: 's1',
    catalogueName: homeCreditCatalogue.name,
    catalogueVersion: homeCreditCatalogue.version,
    asOf: '2026-10-01T00:00:00.000Z',
    source: 'synthetic',
    labelledRows: 2,
    unlabelledRows: 0,
    defaultRate: 0.5,
  };
  await artefacts.write('snapshots/s1/snapshot.json', encode(snapshot));
  const loan = (applicationId: string, clientId: string, credit: number, defaulted: number): string =>
    `select '${applicationId}' as "applicationId", '${clientId}' as "clientId", null::varchar as "branchId", '2024-05-01T00:00:00.000Z' as "submittedAt", 'EUR' as currency,
       'Élodie' as "firstName", 'Roux' as "lastName", '1990-01-01' as "birthDate", 'cash-loan' as "contractType", ${credit}::double as "creditAmount", 20000::double as "incomeAmount", ${defaulted} as defaulted`;
  await tables.query(
    `copy (${loan('P-1', 'C-1', 5000, 0)} union all ${loan('P-2', 'C-2', 50_000, 1)}) to '${await artefacts.localPath('snapshots/s1/applications.parquet')}' (format parquet)`,
  );
  await artefacts.write('snapshots/current.json', encode({ snapshotId: 's1', publishedAt: '2026-10-01T00:00:00.000Z' }));
};

describe('client-profile', () => {
  let folder: string;
  let service: RunningService;
  const closing: (() => Promise<unknown>)[] = [];

  const call = async (method: string, path: string, body?: unknown, language = 'fr'): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: {
        authorization: 'Bearer internal',
        'accept-language': language,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-client-profile-'));
    const clock = { now: () => now };
    const database = await openEmbeddedDatabase(join(folder, 'database'));
    const courier = createEmbeddedCourier({ database, clock });
    const tables = await openDuckDbTables();
    const artefacts = await openFolderArtefacts(join(folder, 'artefacts'));
    const ports = { database, courier, artefacts, tables, clock, internalToken: 'internal', logLevel: 'silent' } as const;
    service = await startService(clientProfileService('home-credit'), ports, { host: '127.0.0.1', port: 0 });
    const watch = await startService({ name: 'gateway', module: WatchModule, migrations: {} }, ports, { host: '127.0.0.1', port: 0 });
    closing.push(
      () => watch.close(),
      () => service.close(),
      () => courier.close(),
      () => tables.close(),
      () => database.close(),
    );
    await publishSnapshot(artefacts, tables);
    await service.app.get(CurrentSnapshot).refresh();
  }, 30_000);

  afterAll(async () => {
    for (const close of closing) await close();
    await rm(folder, { recursive: true, force: true });
  });

  it('stores an application once, announces it once and answers a repetition with what is stored', async () => {
    const first = await call('POST', '/applications', application());
    expect(first).toEqual({ status: 202, body: { applicationId: 'A-1', clientId: 'C-1', receivedAt: now.toISOString(), isNew: true } });

    // The same content in another order, with missing fields spelt out.
    const again = await call('POST', '/applications', { ...Object.fromEntries(Object.entries(application()).toReversed()), occupation: null });
    expect(again).toEqual({ status: 202, body: { applicationId: 'A-1', clientId: 'C-1', receivedAt: now.toISOString(), isNew: false } });

    await call('POST', '/applications', application({ applicationId: 'A-2', clientId: 'C-3' }));
    await preparedOf('A-2');
    expect(prepared.map(({ subject }) => subject)).toEqual(['A-1', 'A-2']);
    expect((await call('GET', '/applications/A-1')).body).toEqual({ applicationId: 'A-1', clientId: 'C-1', receivedAt: now.toISOString() });
    expect((await call('GET', '/applications/A-9')).status).toBe(404);
  });

  it('stores one of two contents that arrive under one identifier at the same time', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((amount) => call('POST', '/applications', application({ applicationId: 'A-3', creditAmount: 1000 * amount }))),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409, 409]);
  });

  it('lets no protected attribute and no contact data leave', async () => {
    const { data, source } = await preparedOf('A-1');
    expect(source).toBe('/lisible/client-profile');
    expect(Object.keys(data.features)).toEqual([...modelFeatureNames(homeCreditCatalogue, historyTablesOf(homeCreditCatalogue))]);
    const kept = homeCreditCatalogue.fields.filter(({ protection, isContact }) => protection !== null || isContact).map(({ name }) => name);
    expect(kept).toEqual(expect.arrayContaining(['sex', 'birthDate', 'lastName']));
    const text = JSON.stringify(data);
    for (const name of kept) expect(text).not.toContain(`"${name}"`);
    for (const value of ['Hélène', 'Lefèvre', '1984-02-29', 'female']) expect(text).not.toContain(value);
    expect(data.policyInputs['isOfAge']).toBe(true);
    expect(data.isHistoryMissing).toBe(true);
    expect(data.features['creditAmount']).toBe(12_000);
  });

  it('refuses other content under the same identifier', async () => {
    const { status, body } = await call('POST', '/applications', application({ creditAmount: 13_000 }), 'en');
    const problem = problemSchema.parse(body);
    expect([status, problem.code, problem.detail]).toEqual([
      409,
      'application-conflict',
      'Another application is already stored under the identifier A-1.',
    ]);
  });

  it('lists every problem by field, in the language asked for, and stores nothing', async () => {
    const bad = { ...application({ applicationId: 'A-4', creditAmount: -5 }), birthDate: '2030-01-01', shoeSize: 43, incomeAmount: undefined };
    const french = problemSchema.parse((await call('POST', '/applications', bad)).body);
    const { status, body } = await call('POST', '/applications', bad, 'en');
    const english = problemSchema.parse(body);
    expect([status, english.code]).toEqual([422, 'application-invalid']);
    expect(english.problems?.map(({ field }) => field).toSorted()).toEqual(['birthDate', 'creditAmount', 'incomeAmount', 'shoeSize']);
    const message = (problem: typeof english): string | undefined => problem.problems?.find(({ field }) => field === 'shoeSize')?.message;
    expect([message(french), message(english)]).toEqual(['Ce champ n’existe pas dans le catalogue.', 'The catalogue has no such field.']);
    expect((await call('GET', '/applications/A-4')).status).toBe(404);
  });

  it('lists applications and past loans together, and finds a client by name or identifier', async () => {
    const page = async (query: object) => clientItemPageSchema.parse((await call('POST', '/clients/search', query)).body);
    const all = await page({});
    expect(all.items.map(({ applicationId, kind }) => [applicationId, kind])).toEqual([
      ['A-1', 'application'],
      ['A-2', 'application'],
      ['A-3', 'application'],
      ['P-1', 'past-loan'],
      ['P-2', 'past-loan'],
    ]);
    expect(all.total).toBe(5);
    const names = await page({ search: 'elodie rou', sort: 'creditAmount' });
    expect(names.items.map(({ applicationId, displayName, creditAmount }) => [applicationId, displayName, creditAmount])).toEqual([
      ['P-1', 'Élodie Roux', 5000],
      ['P-2', 'Élodie Roux', 50_000],
    ]);
    expect((await page({ search: 'LEFEVRE', kind: 'application', pageSize: 2, page: 2 })).items.map(({ applicationId }) => applicationId)).toEqual([
      'A-3',
    ]);
    expect((await page({ search: 'c-1' })).total).toBe(3);
    expect((await page({ search: '%' })).total).toBe(0);
    expect((await call('POST', '/clients/search', { pageSize: 1000 })).status).toBe(400);
    expect((await call('GET', '/clients?search=LEFEVRE')).status).toBe(404);
  });

  it('gives the dossier of a client with an application and a past loan', async () => {
    const latest = clientRecordSchema.parse((await call('GET', '/clients/C-1')).body);
    expect([latest.applicationId, latest.kind, latest.displayName, latest.defaulted, latest.asOf]).toEqual([
      'A-1',
      'application',
      'Hélène Lefèvre',
      null,
      now.toISOString(),
    ]);
    expect(latest.applicationIds.toSorted()).toEqual(['A-1', 'A-3', 'P-1']);
    expect(latest.fields['creditAmount']).toBe(12_000);
    expect(latest.fields['occupation']).toBeNull();
    expect(Object.keys(latest.fields)).not.toEqual(expect.arrayContaining([...applicationEnvelopeFields]));
    expect(latest.dataQuality.map(({ kind }) => kind)).toContain('history-missing');

    const pastLoan = clientRecordSchema.parse((await call('GET', '/clients/C-1?applicationId=P-1')).body);
    expect([pastLoan.kind, pastLoan.defaulted, pastLoan.asOf, pastLoan.fields['birthDate']]).toEqual([
      'past-loan',
      0,
      '2026-10-01T00:00:00.000Z',
      '1990-01-01',
    ]);
    expect([(await call('GET', '/clients/C-9')).status, (await call('GET', '/clients/C-2?applicationId=A-1')).status]).toEqual([404, 404]);
  });

  it('gives the catalogue', async () => {
    const view = catalogueViewSchema.parse((await call('GET', '/catalogue')).body);
    expect(view.catalogueVersion).toBe(homeCreditCatalogue.version);
  });

  it('stores those that come at once, each once, whatever repeats or contradicts it among them', async () => {
    const at = (applicationId: string, changes: object = {}): object => ({ ...application(), applicationId, clientId: 'C-many', ...changes });
    const answers = await Promise.all(
      [at('M-1'), at('M-2'), at('M-1'), at('M-2', { creditAmount: 1 }), at('M-3', { creditAmount: 'x' }), at('M-4')].map((body) =>
        call('POST', '/applications', body),
      ),
    );
    // Which of two contents under one identifier is read first is not ours to say.
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 202, 202, 202, 409, 422]);
    const isNew = answers.map(({ body }) => z.looseObject({ isNew: z.boolean().optional() }).parse(body).isNew);
    expect(isNew.filter((flag) => flag === true)).toHaveLength(3);
    for (const applicationId of ['M-1', 'M-2', 'M-4']) expect((await call('GET', `/applications/${applicationId}`)).status).toBe(200);
    expect((await call('GET', '/applications/M-3')).status).toBe(404);
  });

  it('announces an application on the trace of its request, and on a new one where the caller had none', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const post = (applicationId: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(`${service.url}/applications`, {
        method: 'POST',
        headers: { authorization: 'Bearer internal', 'content-type': 'application/json', ...headers },
        body: JSON.stringify(application({ applicationId })),
      });
    await post('T-1', { traceparent });
    expect((await preparedOf('T-1')).traceparent).toBe(traceparent);
    const answer = await post('T-2', { traceparent: 'rubbish' });
    const { traceparent: begun } = await preparedOf('T-2');
    expect(begun).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(begun?.split('-')[1]).toBe(answer.headers.get('x-correlation-id'));
  });

  describe('what if', () => {
    const ids = { clientId: 'C-9', applicationId: 'A-9' };
    beforeAll(async () => {
      const loan = { creditAmount: 406_597.5, annuityAmount: 24_700.5, goodsPriceAmount: 351_000, incomeAmount: 202_500 };
      await call('POST', '/applications', application({ ...ids, ...loan }));
      await preparedOf('A-9');
    });

    it('prepares the loan as it was asked for as it was prepared for the decision, to the last digit', async () => {
      const { data } = await preparedOf('A-9');
      const { status, body } = await call('POST', '/simulations/prepared', { ...ids, change: {} });
      expect(status).toBe(200);
      const { before, after, note } = preparedSimulationSchema.parse(body);
      expect(before.inputs).toEqual({ features: data.features, policyInputs: data.policyInputs });
      expect([after.inputs.features, after.terms, note]).toEqual([{}, before.terms, null]);
    });

    it('lets the instalment follow, in every feature that reads it', async () => {
      const { body } = await call('POST', '/simulations/prepared', { ...ids, change: { creditAmount: 200_000 } });
      const { before, after } = preparedSimulationSchema.parse(body);
      expect(after.terms.termMonths).toBe(before.terms.termMonths);
      expect(after.inputs.features['annuityAmount']).toBe(Math.fround(after.terms.annuityAmount));
      expect(after.inputs.features['annuityToIncome']).toBeCloseTo(after.terms.annuityAmount / 202_500, 6);
      expect(after.inputs.policyInputs['creditAmount']).toBe(200_000);
      expect(Object.keys(after.inputs.features)).not.toContain('isOfAge');
    });

    it('refuses what is out of bounds at its field, a past loan, a loan without a term and a stranger, in words', async () => {
      const tooMuch = await call('POST', '/simulations/prepared', { ...ids, change: { creditAmount: 9_000_000 } });
      expect(tooMuch).toMatchObject({ status: 422, body: { problems: [{ field: 'creditAmount', message: expect.stringContaining('entre') }] } });
      expect(await call('POST', '/advice/prepared', { clientId: 'C-1', applicationId: 'P-1' })).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('prêt passé') },
      });
      expect(await call('POST', '/advice/prepared', { clientId: 'C-1', applicationId: 'A-1' })).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('durée') },
      });
      expect(await call('POST', '/advice/prepared', { clientId: 'C-1', applicationId: 'A-9' })).toMatchObject({ status: 404 });
    });

    it('refuses what the door itself would not take, in the door’s words', async () => {
      const vast = { creditAmount: 813_195_000, annuityAmount: 49_401_000, goodsPriceAmount: 990_000_000, incomeAmount: 405_000_000 };
      await call('POST', '/applications', application({ clientId: 'C-8', applicationId: 'A-8', ...vast }));
      await preparedOf('A-8');
      const { status, body } = await call('POST', '/simulations/prepared', {
        clientId: 'C-8',
        applicationId: 'A-8',
        change: { creditAmount: 900_000_000 },
      });
      expect([status, body]).toMatchObject([422, { code: 'application-invalid', problems: [{ field: 'goodsPriceAmount', code: 'out-of-range' }] }]);
      expect(JSON.stringify(body)).toContain('1\u202f000\u202f000\u202f000');
    });

    it('lists candidates, the least change first, none that costs more a month than was asked for', async () => {
      const { before, candidates } = preparedAdviceSchema.parse((await call('POST', '/advice/prepared', ids)).body);
      expect(candidates.length).toBeGreaterThan(20);
      expect(candidates.map(({ cost }) => cost)).toEqual(candidates.map(({ cost }) => cost).toSorted((a, b) => a - b));
      expect(candidates.every(({ terms }) => terms.annuityAmount <= before.terms.annuityAmount && terms.creditAmount <= 406_597.5)).toBe(true);
    });

    it('varies what is missing and the model reads, over the population, and nothing protected', async () => {
      const { inputs } = preparedAssumptionsSchema.parse((await call('POST', '/assumptions/prepared', ids)).body);
      const named = new Map(inputs.map(({ field, variants }) => [field, variants.length]));
      expect(named.get('externalScore1')).toBe(0);
      expect(['sex', 'birthDate', 'firstName', 'creditAmount'].filter((name) => named.has(name))).toEqual([]);
    });
  });
});
