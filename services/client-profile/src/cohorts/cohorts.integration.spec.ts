import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  applicationSchema,
  artefactKeys,
  clientItemPageSchema,
  cohortComparisonSchema,
  cohortGridSchema,
  modelFiles,
  problemSchema,
  snapshotFiles,
} from '@lisible/contracts';
import type { Application, ClientItemPage, CohortComparison, CohortQuestion } from '@lisible/contracts';
import { homeCreditCatalogue, wilsonInterval } from '@lisible/credit';
import {
  createEmbeddedCourier,
  createInProcessCache,
  openDuckDbTables,
  openEmbeddedDatabase,
  openFolderArtefacts,
  startService,
} from '@lisible/platform';
import type { ArtefactStore, Cache, RunningService, TableReader, TableRow } from '@lisible/platform';
import { z } from 'zod';
import { CurrentSnapshot } from '../follow-snapshot/current-snapshot.ts';
import { clientProfileService } from '../index.ts';
import { Population } from '../population/population.ts';

const numRows = 3000;
const asOf = '2026-10-01T00:00:00.000Z';
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const codes = ['LOAN_AMOUNT', 'EXTERNAL_SCORES', 'EMPLOYMENT'];

/** Draws by hashes of the row: the same on every machine. Credit has some 1,000 values, the score one a client, one client in nine misses it. */
const draw = (row: string, seed: number): string => `(hash(${row} * 31 + ${seed}) % 1000003)::double / 1000003`;

const publish = async (artefacts: ArtefactStore, tables: TableReader): Promise<void> => {
  const at = (name: string): Promise<string> => artefacts.localPath(artefactKeys.snapshot('s1', name));
  await artefacts.write(
    artefactKeys.snapshot('s1', snapshotFiles.snapshot),
    encode({
      snapshotId: 's1',
      catalogueName: homeCreditCatalogue.name,
      catalogueVersion: homeCreditCatalogue.version,
      asOf,
      source: 'synthetic',
      labelledRows: numRows,
      unlabelledRows: 0,
      defaultRate: 0.08,
    }),
  );
  await tables.query(`copy (
    select 'P-' || lpad(range::varchar, 5, '0') as "applicationId", 'C-' || range as "clientId", null::varchar as "branchId",
      '2024-05-0' || (1 + range % 9) || 'T10:00:00.000Z' as "submittedAt", 'EUR' as currency,
      case when range % 10 = 0 then 'Hélène' else 'Élodie' end as "firstName", 'Roux' || range as "lastName",
      strftime(date '1960-01-01' + (${draw('range', 5)} * 14000)::integer, '%Y-%m-%d') as "birthDate",
      case when ${draw('range', 6)} < 0.4 then 'male' else 'female' end as sex,
      case when ${draw('range', 1)} < 0.9 then 'cash-loan' else 'revolving-loan' end as "contractType",
      round(exp(8 + 3 * ${draw('range', 2)}) / 100) * 100 as "creditAmount", 20000 + 100 * floor(${draw('range', 7)} * 400) as "incomeAmount",
      case when range % 9 = 0 then null else ${draw('range', 3)} end as "externalScore1", ${draw('range', 8)} < 0.3 as "ownsCar",
      case when range < 7 then 'office' when ${draw('range', 9)} < 0.5 then 'house-or-apartment' else 'with-parents' end as "housingType",
      (${draw('range', 4)} < 0.05 + 0.1 * ${draw('range', 2)})::integer as defaulted
    from range(${numRows}) order by range) to '${await at(snapshotFiles.applications)}' (format parquet)`);
  await tables.query(`copy (
    select 'P-' || lpad(range::varchar, 5, '0') as "applicationId", (${draw('range', 2)})::float as "annuityToIncome", (range % 2)::float as "isRetiredOrUnemployed"
    from range(${numRows}) order by range) to '${await at(snapshotFiles.features)}' (format parquet)`);
  const interval = { value: 0.7, lower: 0.6, upper: 0.8 };
  await artefacts.write(
    artefactKeys.model('m1', modelFiles.manifest),
    encode({
      manifestVersion: 1,
      modelName: 'pd',
      modelVersion: 'm1',
      createdAt: asOf,
      catalogueName: homeCreditCatalogue.name,
      catalogueVersion: homeCreditCatalogue.version,
      snapshotId: 's1',
      featureNames: ['creditAmount'],
      hyperParameters: {},
      numTrees: 1,
      seed: 1,
      training: { rows: numRows, defaultRate: 0.08, folds: 5, seconds: 1 },
      calibration: { slope: 1, intercept: 0 },
      metrics: {
        rocAuc: interval,
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
      recommendedPolicy: policy,
      background: { rows: [], applicationIds: [] },
      typicalValues: {},
      trainingRanges: {},
      files: [modelFiles.estimates, modelFiles.attributions].map((name) => ({ name, sha256: '', bytes: 0 })),
    }),
  );
  const model = (name: string): Promise<string> => artefacts.localPath(artefactKeys.model('m1', name));
  // An unlabelled row first: rows are matched by identifier, not by place.
  await tables.query(`copy (
    select 'U-1' as "applicationId", null::integer as fold, 0.5 as "probabilityOfDefault" union all
    (select 'P-' || lpad(range::varchar, 5, '0'), 1, ${draw('range', 2)} / 5 from range(${numRows}) order by range)) to '${await model(modelFiles.estimates)}' (format parquet)`);
  await tables.query(`copy (
    select 'P-' || lpad(range::varchar, 5, '0') as "applicationId", (${draw('range', 2)} - 0.5)::float as "LOAN_AMOUNT",
      (2 * ${draw('range', 3)} - 1)::float as "EXTERNAL_SCORES", (${draw('range', 11)} / 10)::float as "EMPLOYMENT"
    from range(${numRows}) order by range) to '${await model(modelFiles.attributions)}' (format parquet)`);
  await artefacts.write(artefactKeys.champion, encode({ modelName: 'pd', modelVersion: 'm1', promotedAt: asOf, promotedBy: 'bootstrap' }));
  await artefacts.write(artefactKeys.currentSnapshot, encode({ snapshotId: 's1', publishedAt: asOf }));
};

const policy = {
  policyName: 'default',
  misclassificationCost: { falseNegative: 10, falsePositive: 1 },
  decisionThreshold: 1 / 11,
  reviewCapacity: 0,
  greyZone: null,
  rules: [],
};

const application: Application = {
  applicationId: 'A-1',
  clientId: 'C-A',
  submittedAt: '2026-11-01T10:00:00Z',
  currency: 'EUR',
  birthDate: '1984-02-29',
  contractType: 'cash-loan',
  creditAmount: 12_000,
  incomeAmount: 30_000,
  annuityAmount: 2400,
  ownsCar: true,
};

describe('cohorts', () => {
  let folder: string;
  let service: RunningService;
  let tables: TableReader;
  let from: string;
  let beforeAnySnapshot: unknown;
  const asked: { readonly key: string; readonly isHit: boolean }[] = [];
  const closing: (() => Promise<unknown>)[] = [];

  const call = async (path: string, body?: unknown, language = 'fr'): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${service.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: 'Bearer internal',
        'accept-language': language,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  type Question = z.input<typeof questionShape>;
  const questionShape = z.custom<Partial<CohortQuestion>>();
  const compare = async (question: Question): Promise<CohortComparison> => {
    const { status, body } = await call('/cohorts/comparison', question);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return cohortComparisonSchema.parse(body);
  };
  const refusal = async (question: Question, language?: string) => {
    const { status, body } = await call('/cohorts/comparison', question, language);
    const { code, detail, problems } = problemSchema.parse(body);
    return { status, code, detail, problems: problems?.map(({ field, message }) => `${field}: ${message}`) };
  };
  const query = async (sql: string): Promise<readonly TableRow[]> => tables.query(sql.replaceAll('POPULATION', from));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-cohorts-'));
    const clock = { now: () => new Date('2026-11-20T08:00:00.000Z') };
    const database = await openEmbeddedDatabase(join(folder, 'database'));
    const courier = createEmbeddedCourier({ database, clock });
    const duckDb = await openDuckDbTables();
    tables = duckDb;
    const artefacts = await openFolderArtefacts(join(folder, 'artefacts'));
    const remembered = createInProcessCache(clock, 2 ** 20);
    const cache: Cache = {
      find: async (key) => {
        const found = await remembered.find(key);
        asked.push({ key, isHit: found !== null });
        return found;
      },
      remember: remembered.remember,
    };
    const ports = { database, courier, artefacts, tables, clock, cache, internalToken: 'internal', logLevel: 'silent' } as const;
    service = await startService(clientProfileService('home-credit'), ports, { host: '127.0.0.1', port: 0 });
    closing.push(
      () => service.close(),
      () => courier.close(),
      () => duckDb.close(),
      () => database.close(),
    );
    beforeAnySnapshot = await call('/cohorts/grid');
    await publish(artefacts, tables);
    const of = async (key: string): Promise<string> => `read_parquet('${await artefacts.localPath(key)}')`;
    from = `(select a.*, f."annuityToIncome", f."isRetiredOrUnemployed", e."probabilityOfDefault", t.* exclude ("applicationId")
      from ${await of(artefactKeys.snapshot('s1', snapshotFiles.applications))} a
      join ${await of(artefactKeys.snapshot('s1', snapshotFiles.features))} f using ("applicationId")
      join ${await of(artefactKeys.model('m1', modelFiles.estimates))} e using ("applicationId")
      join ${await of(artefactKeys.model('m1', modelFiles.attributions))} t using ("applicationId"))`;
    await service.app.get(CurrentSnapshot).refresh();
    await service.app.get(Population).refresh();
    await service.app.get(Population).settled();
  }, 60_000);

  afterAll(async () => {
    for (const close of closing) await close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Quantiles, bins and outcomes of a quantity as DuckDB counts them. */
  const expectAsDuckDb = async ({ features: [feature] }: CohortComparison, column: string, where: string): Promise<void> => {
    const [numbers] = await query(
      `select count(*) as size, count(v) as present, ${[0.05, 0.25, 0.5, 0.75, 0.95].map((share, index) => `quantile_cont(v, ${share}) as q${index}`).join(', ')}
       from (select ${column} as v from POPULATION where ${where})`,
    );
    expect(Object.values(feature.quantiles)).toEqual([0, 1, 2, 3, 4].map((index) => expect.closeTo(Number(numbers[`q${index}`]), 9)));
    expect(feature.missingShare).toBeCloseTo(1 - Number(numbers['present']) / Number(numbers['size']), 12);
    for (const bin of feature.bins) {
      const [counted] = await query(
        `select count(*) as count, coalesce(sum(defaulted), 0) as bad from (select ${column} as v, defaulted from POPULATION where ${where})
         where v >= ${bin.from ?? "'-inf'::double"} and v < ${bin.to ?? "'inf'::double"}`,
      );
      const count = Number(counted['count']);
      // What is withheld is short of the floor, or keeps one company that is.
      if (bin.count === null) continue;
      expect(bin.count).toBe(count);
      expect(bin.defaultRate).toEqual(count === 0 ? null : wilsonInterval(Number(counted['bad']), count));
    }
  };

  it('compares everybody as DuckDB counts, with the client in their place', async () => {
    const answer = await compare({
      cohort: { name: 'everybody', filters: [] },
      features: ['externalScore1'],
      client: { clientId: 'C-17', applicationId: 'P-00017' },
    });
    expect(answer).toMatchObject({ snapshotId: 's1', asOf, groupSize: numRows, populationSize: numRows, pair: null, similar: null });
    await expectAsDuckDb(answer, '"externalScore1"', 'true');
    const [{ value, below, bad }] = await query(
      `select any_value("externalScore1") filter ("applicationId" = 'P-00017') as value,
        avg(("externalScore1" < (select "externalScore1" from POPULATION where "applicationId" = 'P-00017'))::double) as below, sum(defaulted) as bad
       from POPULATION where "externalScore1" is not null or true`,
    );
    const { client } = answer.features[0];
    expect(client?.value).toBe(value);
    expect(client?.shareBelow).toBeCloseTo(Number(below), 2);
    const { from: start, to: end } = answer.features[0].bins[client?.bin ?? -1];
    expect(Number(value) >= (start ?? -Infinity) && Number(value) < (end ?? Infinity)).toBe(true);
    expect(answer.outcome).toEqual({ defaulted: bad, defaultRate: wilsonInterval(Number(bad), numRows) });
  });

  it('compares the clients that pass filters on the declared grid, and says what was applied', async () => {
    const answer = await compare({
      cohort: {
        name: 'filters',
        filters: [
          { field: 'externalScore1', from: 0.21, to: 0.79 },
          { field: 'contractType', isOneOf: ['cash-loan'] },
        ],
      },
      features: ['creditAmount'],
    });
    const [{ from: lower, to: upper }] = answer.cohort.filters as { from: number; to: number }[];
    expect([lower <= 0.21 && lower > 0.1, upper >= 0.79 && upper < 0.9]).toEqual([true, true]);
    const where = `"externalScore1" >= ${lower} and "externalScore1" < ${upper} and "contractType" = 'cash-loan'`;
    const [{ size }] = await query(`select count(*) as size from POPULATION where ${where}`);
    expect(answer.groupSize).toBe(size);
    await expectAsDuckDb(answer, '"creditAmount"', where);
  });

  it('reads fields, features, dates as days and answers, many in one call', async () => {
    const { features } = await compare({
      cohort: { name: 'approved', filters: [] },
      features: ['birthDate', 'contractType', 'ownsCar', 'annuityToIncome', 'isRetiredOrUnemployed'],
      policy,
    });
    const where = `"probabilityOfDefault" < ${1 / 11}`;
    const byName = new Map(features.map((feature) => [feature.feature, feature]));
    const [{ days, ratio }] = await query(
      `select quantile_cont(date_diff('day', "birthDate"::date, substr("submittedAt", 1, 10)::date), 0.5) as days, quantile_cont("annuityToIncome"::double, 0.5) as ratio from POPULATION where ${where}`,
    );
    expect([byName.get('birthDate')?.unit, byName.get('birthDate')?.quantiles.q50]).toEqual(['days', days]);
    expect(byName.get('annuityToIncome')?.quantiles.q50).toBeCloseTo(Number(ratio), 12);
    // Protected: how the loans of people born then ended is not told.
    expect(byName.get('birthDate')?.bins.every(({ defaultRate }) => defaultRate === null)).toBe(true);
    for (const [name, column] of [
      ['contractType', '"contractType"'],
      ['ownsCar', '"ownsCar"'],
      ['isRetiredOrUnemployed', '"isRetiredOrUnemployed" = 1'],
    ]) {
      const counted = await query(`select ${column} as value, count(*) as count, sum(defaulted) as bad from POPULATION where ${where} group by 1`);
      for (const { value, count, bad } of counted) {
        const bin = byName.get(name)?.bins.find((other) => other.value === value);
        expect([bin?.count, bin?.defaultRate]).toEqual([count, wilsonInterval(Number(bad), Number(count))]);
      }
    }
  });

  it('puts two features against each other', async () => {
    const { pair } = await compare({
      cohort: { name: 'everybody', filters: [] },
      pair: ['creditAmount', 'externalScore1'],
      client: { clientId: 'C-17', applicationId: 'P-00017' },
    });
    const width = pair?.second.bins.length ?? 0;
    expect(pair?.cells).toHaveLength((pair?.first.bins.length ?? 0) * width);
    let told = 0;
    for (const [index, { count }] of (pair?.cells ?? []).entries()) {
      const within = (['first', 'second'] as const).map((axis) => {
        const bin = pair?.[axis].bins[axis === 'first' ? Math.floor(index / width) : index % width];
        return `"${pair?.[axis].feature}" >= ${bin?.from ?? "'-inf'::double"} and "${pair?.[axis].feature}" < ${bin?.to ?? "'inf'::double"}`;
      });
      const [counted] = await query(`select count(*) as count from POPULATION where ${within.join(' and ')}`);
      if (count === null) continue;
      told += Number(count > 0);
      expect(count).toBe(counted['count']);
    }
    expect(told).toBeGreaterThan(10);
    expect(pair?.first.client?.bin).toEqual(expect.any(Number));
  });

  it('finds the nearest by attributions, says what they share and how their loans ended', async () => {
    const answer = await compare({
      cohort: { name: 'similar', filters: [] },
      features: ['creditAmount'],
      client: { clientId: 'C-17', applicationId: 'P-00017' },
    });
    const nearest = await query(
      `with point as (select ${codes.map((code) => `"${code}"`).join(', ')} from POPULATION where "applicationId" = 'P-00017')
       select any_value(d) as radius, sum(defaulted) as bad, count(*) as size from (
         select sqrt(${codes.map((code) => `(p."${code}"::double - point."${code}"::double) ^ 2`).join(' + ')}) as d, p.defaulted
         from POPULATION p, point where p."applicationId" <> 'P-00017' order by d limit 200)`,
    );
    const [{ bad, size }] = nearest;
    expect([answer.groupSize, answer.outcome?.defaulted]).toEqual([size, bad]);
    expect(answer.outcome?.defaultRate).toEqual(wilsonInterval(Number(bad), 200));
    const shared = answer.similar?.shared ?? [];
    expect(shared.length).toBeGreaterThan(0);
    expect(answer.similar?.statement.fr).toContain(shared[0].label.fr);
    for (const { code, direction } of shared) {
      const [{ mean }] = await query(`select avg("${code}") as mean from POPULATION where "applicationId" = 'P-00017'`);
      expect(Number(mean) > 0 ? 'increases-risk' : 'decreases-risk').toBe(direction);
    }
  });

  it('places a client who came through the door, by attributions of the same model', async () => {
    expect((await call('/applications', application)).status).toBe(202);
    const client = { clientId: 'C-A', applicationId: 'A-1' };
    const everybody = await compare({ cohort: { name: 'everybody', filters: [] }, features: ['creditAmount', 'ownsCar', 'externalScore1'], client });
    const [{ below }] = await query(`select avg(("creditAmount" < 12000)::double) as below from POPULATION`);
    expect(everybody.features.map(({ client: placed }) => placed)).toEqual([
      { value: 12_000, bin: expect.any(Number), shareBelow: Math.round(Number(below) * 100) / 100, shareEqual: expect.any(Number) },
      { value: true, bin: 1, shareBelow: null, shareEqual: expect.any(Number) },
      { value: null, bin: null, shareBelow: null, shareEqual: null },
    ]);
    const attributions = (modelVersion: string) => ({ modelVersion, featureNames: ['creditAmount', 'externalScore1'], shapValues: [0.2, -0.3] });
    const similar = await compare({ cohort: { name: 'similar', filters: [] }, client, attributions: attributions('m1') });
    expect([similar.groupSize, similar.similar?.modelVersion]).toEqual([200, 'm1']);
    expect(await refusal({ cohort: { name: 'similar', filters: [] }, client, attributions: attributions('m0') })).toMatchObject({
      status: 503,
      code: 'cohort-unavailable',
    });
  });

  it('refuses a group of a few, and one that differs from another by a few, in words', async () => {
    const cohort = (...answers: string[]) => ({ name: 'filters' as const, filters: [{ field: 'housingType', isOneOf: answers }] });
    const grid = cohortGridSchema.parse((await call('/cohorts/grid')).body);
    const housing = grid.fields.find(({ field }) => field === 'housingType')?.answers;
    // Seven clients live in company housing: they can only be chosen with the next rarest, which are half of everybody here.
    const rare = housing?.find((answers) => answers.includes('office'));
    expect(rare?.length).toBeGreaterThan(1);
    expect((await compare({ cohort: cohort('office') })).groupSize).toBeGreaterThan(20);

    const narrow = {
      name: 'filters' as const,
      filters: [
        { field: 'externalScore1', from: 0.1, to: 0.2 },
        { field: 'creditAmount', from: 3000, to: 4000 },
        { field: 'contractType', isOneOf: ['revolving-loan'] },
      ],
    };
    const french = await refusal({ cohort: narrow });
    const english = await refusal({ cohort: narrow }, 'en');
    expect([french.status, french.code]).toEqual([422, 'cohort-withheld']);
    expect([french.detail, english.detail]).toEqual([
      expect.stringContaining('moins de 20 clients'),
      expect.stringContaining('fewer than 20 clients'),
    ]);
  });

  it('remembers an answer by snapshot, model and question, under a key that names nobody', async () => {
    const question = {
      cohort: { name: 'everybody' as const, filters: [] },
      features: ['incomeAmount'],
      client: { clientId: 'C-21', applicationId: 'P-00021' },
    };
    asked.length = 0;
    const answers = [await compare(question), await compare(question), await compare({ ...question, features: ['creditAmount'] })];
    expect(asked.map(({ isHit }) => isHit)).toEqual([false, true, false]);
    expect(answers[1]).toEqual(answers[0]);
    expect(asked[0].key).toBe(asked[1].key);
    expect(asked[0].key).toMatch(/^cohorts:gzip:s1:m1:/);
    expect(asked.some(({ key }) => key.includes('21'.padStart(5, '0')) || key.includes('C-21'))).toBe(false);
    // Refusals are no answers: what is refused is asked again.
    const nobody = { ...question, client: { clientId: 'C-none', applicationId: 'P-none' } };
    await refusal(nobody);
    await refusal(nobody);
    expect(asked.slice(-2).map(({ isHit }) => isHit)).toEqual([false, false]);
  });

  it('says that the population is not there until it is', () => {
    expect(beforeAnySnapshot).toMatchObject({ status: 503, body: { code: 'cohort-unavailable' } });
  });

  it('says which part of a question does not fit', async () => {
    const everybody = { name: 'everybody' as const, filters: [] };
    expect((await refusal({ cohort: everybody, features: ['shoeSize'] })).problems).toEqual([
      'features.0: La population n’a pas de champ « shoeSize ».',
    ]);
    expect((await refusal({ cohort: everybody, features: ['lastName'] })).status).toBe(400);
    expect((await refusal({ cohort: { name: 'similar', filters: [] } }, 'en')).problems).toEqual(['client: Similar to whom? Name the client.']);
    const twice = { field: 'creditAmount', from: 1000, to: null };
    expect((await refusal({ cohort: { name: 'filters', filters: [twice, twice] } })).status).toBe(400);
    expect((await refusal({ cohort: { name: 'filters', filters: [{ field: 'contractType', from: 1, to: 2 }] } })).status).toBe(400);
    const nobody = { clientId: 'C-none', applicationId: 'P-none' };
    expect(await refusal({ cohort: everybody, features: ['creditAmount'], client: nobody })).toMatchObject({ status: 404, code: 'client-not-found' });
    // Another client's loan is not this one's.
    expect((await refusal({ cohort: everybody, client: { clientId: 'C-18', applicationId: 'P-00017' } })).status).toBe(404);
  });

  describe('and lists', () => {
    const listAll = async (body: object): Promise<ClientItemPage['items']> => {
      const items: ClientItemPage['items'] = [];
      let cursor: string | null | undefined;
      do {
        const answer = await call('/clients/search', { ...body, pageSize: 100, ...(cursor ? { cursor } : {}) });
        if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
        const page = clientItemPageSchema.parse(answer.body);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return items;
    };
    const ids = (items: readonly { readonly applicationId: string }[]): string[] => items.map(({ applicationId }) => applicationId);

    it('past loans by filters on fields, in the order of any, page after page', async () => {
      const filters = [
        { field: 'creditAmount', from: 5000, to: 30_000 },
        { field: 'contractType', isOneOf: ['cash-loan'] },
        { field: 'externalScore1', isOneOf: [null] },
      ];
      for (const [sort, order] of [
        ['incomeAmount', '"incomeAmount"'],
        ['-incomeAmount', '"incomeAmount" desc'],
        ['birthDate', `date_diff('day', "birthDate"::date, substr("submittedAt", 1, 10)::date)`],
        ['-ownsCar', '"ownsCar" desc'],
        ['-submittedAt', '"submittedAt" desc'],
      ]) {
        const items = await listAll({ kind: 'past-loan', filters, sort, columns: ['externalScore1', 'ownsCar', 'birthDate'] });
        const expected = await query(
          `select "applicationId", "ownsCar" from POPULATION where "creditAmount" >= 5000 and "creditAmount" < 30000 and "contractType" = 'cash-loan'
           and "externalScore1" is null order by ${order}, "applicationId"`,
        );
        expect(expected.length).toBeGreaterThan(50);
        expect(ids(items)).toEqual(expected.map((row) => row['applicationId']));
        expect(items.map(({ columns }) => columns?.['ownsCar'])).toEqual(expected.map((row) => row['ownsCar']));
      }
      const sparse = await listAll({ kind: 'past-loan', sort: '-externalScore1' });
      const inOrder = await query(`select "applicationId" from POPULATION order by "externalScore1" desc nulls last, "applicationId"`);
      expect(ids(sparse)).toEqual(inOrder.map((row) => row['applicationId']));
    });

    it('past loans by a part of a name or identifier, as PostgreSQL does applications', async () => {
      for (const [search, condition] of [
        ['HELENE roux1', `"firstName" = 'Hélène' and "lastName" like 'Roux1%'`],
        ['p-0001', `"applicationId" like 'P-0001%'`],
        ['roux29', `"lastName" like 'Roux29%'`],
        ['e', 'true'],
        ['nobody', 'false'],
      ]) {
        const expected = await query(`select "applicationId" from POPULATION where ${condition} order by "creditAmount" desc, "applicationId"`);
        expect(ids(await listAll({ search, kind: 'past-loan', sort: '-creditAmount' }))).toEqual(expected.map((row) => row['applicationId']));
      }
    });

    it('what has arrived since with them, by the same filters and orders', async () => {
      const arrived = Array.from({ length: 30 }, (_, index) =>
        applicationSchema.parse({
          ...application,
          applicationId: `N-${String(index).padStart(2, '0')}`,
          clientId: `C-N${index}`,
          incomeAmount: 20_000 + 3000 * (index % 7),
          creditAmount: 5000 + 500 * index,
          ownsCar: index % 3 === 0,
          birthDate: `19${60 + index}-05-17`,
          annuityAmount: index % 5 === 0 ? null : 1000 + index,
          contractType: index % 2 === 0 ? 'cash-loan' : 'revolving-loan',
        }),
      );
      for (const one of arrived) expect((await call('/applications', one)).status).toBe(202);
      const days = (date: string): number => (Date.parse('2026-11-01') - Date.parse(date)) / 86_400_000;
      const filters = [
        { field: 'creditAmount', from: 6000, to: 18_000 },
        { field: 'contractType', isOneOf: ['cash-loan'] },
        { field: 'birthDate', from: 12_000, to: null },
      ];
      const expected = arrived.filter(
        ({ creditAmount, contractType, birthDate }) =>
          Number(creditAmount) >= 6000 && Number(creditAmount) < 18_000 && contractType === 'cash-loan' && days(String(birthDate)) >= 12_000,
      );
      const common = { search: 'n-', kind: 'application', filters };
      const by = (key: (one: Application) => number, sign: 1 | -1): string[] =>
        ids(
          expected.toSorted((a, b) => {
            const [x, y] = [key(a), key(b)];
            if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
            return (Number.isNaN(x) ? 0 : sign * (x - y)) || (a.applicationId < b.applicationId ? -1 : 1);
          }),
        );
      expect(ids(await listAll({ ...common, sort: '-incomeAmount' }))).toEqual(by((one) => Number(one['incomeAmount']), -1));
      expect(ids(await listAll({ ...common, sort: 'annuityAmount' }))).toEqual(by((one) => Number(one['annuityAmount'] ?? Number.NaN), 1));
      expect(ids(await listAll({ ...common, sort: 'birthDate' }))).toEqual(by((one) => days(String(one['birthDate'])), 1));
      expect(ids(await listAll({ ...common, sort: '-ownsCar' }))).toEqual(by((one) => Number(one['ownsCar']), -1));
      const missing = await listAll({
        search: 'n-',
        kind: 'application',
        filters: [{ field: 'annuityAmount', isOneOf: [null, 1001] }],
        columns: ['annuityAmount'],
      });
      const annuities = missing.map(({ columns }) => columns?.['annuityAmount']);
      expect([annuities.length, annuities.filter((value) => value === null).length, annuities.includes(1001)]).toEqual([7, 6, true]);

      // Both together are one list: small pages by cursor give what one sort gives.
      const together = await listAll({ filters: filters.slice(0, 1), sort: 'incomeAmount' });
      const values = new Map(arrived.map(({ applicationId, incomeAmount }) => [applicationId, Number(incomeAmount)]));
      values.set('A-1', 30_000);
      for (const { applicationId, incomeAmount } of await query('select "applicationId", "incomeAmount" from POPULATION'))
        values.set(String(applicationId), Number(incomeAmount));
      expect(new Set(ids(together)).size).toBe(together.length);
      // Those above, A-1 with them: 6,000 to 18,000.
      const within = arrived.filter(({ creditAmount }) => Number(creditAmount) >= 6000 && Number(creditAmount) < 18_000);
      expect(together.filter(({ kind }) => kind === 'application')).toHaveLength(within.length + 1);
      const incomes = together.map(({ applicationId }) => values.get(applicationId) ?? Number.NaN);
      expect(incomes).toEqual(incomes.toSorted((a, b) => a - b));
    });
  });

  it('sends what it remembers gzipped to whoever reads that, and plain to whoever does not', async () => {
    const ask = async (acceptEncoding: string) => {
      const response = await fetch(`${service.url}/cohorts/comparison`, {
        method: 'POST',
        headers: { authorization: 'Bearer internal', 'content-type': 'application/json', 'accept-encoding': acceptEncoding },
        body: JSON.stringify({ cohort: { name: 'everybody', filters: [] }, features: ['creditAmount'] }),
      });
      const { headers } = response;
      expect([headers.get('vary'), headers.get('content-type')]).toEqual(['accept-encoding', 'application/json; charset=utf-8']);
      return { encoding: headers.get('content-encoding'), text: await response.text() };
    };
    const plain = await ask('br, gzip;q=0');
    expect(plain.encoding).toBeNull();
    expect(cohortComparisonSchema.parse(JSON.parse(plain.text)).groupSize).toBeGreaterThan(0);
    expect(await ask('br, gzip')).toEqual({ encoding: 'gzip', text: plain.text });
  });

  it('lets no identifier, name or single value of another client out', async () => {
    const { body } = await call('/cohorts/comparison', {
      cohort: { name: 'similar', filters: [] },
      features: ['creditAmount', 'externalScore1', 'birthDate', 'sex'],
      client: { clientId: 'C-17', applicationId: 'P-00017' },
    });
    const text = JSON.stringify(body);
    expect(text).not.toMatch(/"(?:P|C)-\d+|Roux|Élodie/);
    for (const { bins } of cohortComparisonSchema.parse(body).features)
      for (const { count } of bins) expect(count === null || count === 0 || count >= 20).toBe(true);
  });
});
