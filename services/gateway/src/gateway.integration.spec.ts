import type { Application, ApplicationView, Decision, Explanation } from '@lisible/contracts';
import { topics } from '@lisible/contracts';
import type { Courier, Database, PlatformPorts, RunningService, Subscription } from '@lisible/platform';
import { openEmbeddedDatabase, openFolderArtefacts, startService, systemClock } from '@lisible/platform';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayService } from './index.ts';
import type { UpstreamName } from './index.ts';

const internalToken = 'internal-token-of-the-spec';
const at = '2026-11-23T12:00:00.000Z';
const application: Application = { applicationId: 'app-1', clientId: 'client-1', submittedAt: at, currency: 'EUR', creditAmount: 1000 };
const decision: Decision = {
  applicationId: 'app-1',
  clientId: 'client-1',
  decidedAt: at,
  modelName: 'credit-default',
  modelVersion: 'v1',
  policyName: 'default',
  policyVersion: 1,
  probabilityOfDefault: 0.12,
  margin: -1.99,
  decisionThreshold: 0.0909,
  greyZone: { lower: 0.08, upper: 0.1 },
  proposal: 'declined',
  decision: 'declined',
  ruleHits: [],
  isHistoryMissing: true,
  featuresHash: 'abc',
};
const explanation: Explanation = {
  applicationId: 'app-1',
  explainedAt: at,
  modelName: 'credit-default',
  modelVersion: 'v1',
  policyName: 'default',
  policyVersion: 1,
  probabilityOfDefault: 0.12,
  reference: { probabilityOfDefault: 0.05, baseValue: -2.9, clients: 100 },
  populationBaseValue: -2.4,
  ruleHits: [],
  reasonCodes: [],
  others: { shapValue: 0.91, points: 7, features: 60 },
  attributions: { baseValue: -2.4, shapValues: [0.41], featureNames: ['creditAmount'], featureValues: [1000], outputSpace: 'log-odds' },
};
const listItem = { displayName: null, submittedAt: at, currency: 'EUR', creditAmount: 1000, annuityAmount: null, contractType: null };
const record = {
  clientId: 'client-1',
  displayName: null,
  kind: 'application',
  applicationId: 'app-1',
  applicationIds: ['app-1'],
  branchId: null,
  submittedAt: at,
  currency: 'EUR',
  catalogueVersion: '1',
  fields: { creditAmount: 1000 },
  features: {},
  isHistoryMissing: true,
  dataQuality: [],
  defaulted: null,
  asOf: at,
};
const catalogue = { catalogueName: 'home-credit', catalogueVersion: '1', themes: [], fields: [], features: [] };
const problem = (status: number, code: string, more: object = {}) => ({
  type: `urn:lisible:problem:${code}`,
  title: code,
  status,
  code,
  correlationId: 'owner-1',
  ...more,
});

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}
type Answer = (
  asked: Asked,
) => { readonly status: number; readonly content: unknown } | null | Promise<{ readonly status: number; readonly content: unknown } | null>;

/** A service behind the door that answers what the spec says and remembers what it was asked. */
class FakeService {
  readonly asked: Asked[] = [];
  answer: Answer = () => null;
  private server: Server | null = null;

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const asked = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body: text === '' ? undefined : JSON.parse(text),
        };
        this.asked.push(asked);
        void Promise.resolve(this.answer(asked)).then((answer) => {
          const { status, content } =
            answer ??
            (asked.url === '/health/ready'
              ? { status: 200, content: { isReady: true, detail: 'ready' } }
              : { status: 404, content: problem(404, 'route-not-found') });
          response.writeHead(status, { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json' });
          response.end(JSON.stringify(content));
        });
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return addressOf(server);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server?.closeAllConnections();
      this.server?.close(() => resolve());
    });
  }
}

const addressOf = (server: Server): string => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
};

describe('the door', () => {
  const names = ['client-profile', 'scoring', 'explainer', 'trainer'] as const;
  let folder: string;
  let database: Database;
  let issuer: string;
  let issuerServer: Server;
  let gateway: RunningService;
  let services: Record<UpstreamName, FakeService>;
  let subscriptions: readonly Subscription[] = [];
  let waitingFor: string | null = null;
  let tokenFor: (roles: readonly string[], changes?: { issuer?: string; audience?: string; expiresAt?: number }) => Promise<string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-gateway-'));
    await mkdir(join(folder, 'dashboard', 'assets'), { recursive: true });
    await writeFile(join(folder, 'dashboard', 'index.html'), '<!doctype html><title>Lisible</title>');
    await writeFile(join(folder, 'dashboard', 'assets', 'index-4f3a.js'), 'export {};');
    await writeFile(join(folder, 'dashboard', 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    database = await openEmbeddedDatabase(folder);

    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    issuerServer = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url === '/jwks' ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/jwks` }));
    });
    await new Promise<void>((resolve) => issuerServer.listen(0, '127.0.0.1', resolve));
    issuer = addressOf(issuerServer);
    tokenFor = (roles, changes = {}) =>
      new SignJWT({ roles })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setSubject('camille')
        .setIssuer(changes.issuer ?? issuer)
        .setAudience(changes.audience ?? 'lisible')
        .setExpirationTime(changes.expiresAt ?? Math.floor(Date.now() / 1000) + 600)
        .sign(privateKey);

    const courier: Courier = {
      attach: (participant) => {
        subscriptions = participant.subscriptions;
        return Promise.resolve({
          start: () => undefined,
          isAlive: () => true,
          measureLag: () => Promise.resolve(new Map()),
          stop: () => Promise.resolve(),
        });
      },
      wake: () => undefined,
      close: () => Promise.resolve(),
    };
    services = { 'client-profile': new FakeService(), scoring: new FakeService(), explainer: new FakeService(), trainer: new FakeService() };
    const urls = {
      'client-profile': await services['client-profile'].start(),
      scoring: await services.scoring.start(),
      explainer: await services.explainer.start(),
      trainer: await services.trainer.start(),
    };
    const ports: PlatformPorts = {
      database,
      courier,
      artefacts: await openFolderArtefacts(join(folder, 'artefacts')),
      tables: { query: () => Promise.resolve([]) },
      clock: systemClock,
      internalToken,
      logLevel: 'silent',
    };
    gateway = await startService(
      gatewayService({
        services: urls,
        internalToken,
        oidc: { issuer, audience: 'lisible' },
        browser: { oidc: { authority: issuer, clientId: 'dashboard', scope: 'openid profile', resource: 'urn:lisible:api' } },
        dashboardFolder: join(folder, 'dashboard'),
        requestsPerMinute: 1000,
        waitingFor: () => waitingFor,
      }),
      ports,
      { host: '127.0.0.1', port: 0 },
    );
    // A first PostgreSQL folder takes seconds, more on a busy machine.
  }, 120_000);

  afterAll(async () => {
    await gateway.close();
    await Promise.all(names.map((name) => services[name].stop()));
    await new Promise((resolve) => issuerServer.close(resolve));
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    waitingFor = null;
    for (const name of names) {
      services[name].asked.length = 0;
      services[name].answer = () => null;
    }
  });

  const ask = async (
    path: string,
    {
      roles = ['advisor'],
      token,
      headers = {},
      body,
    }: { roles?: readonly string[]; token?: string | null; headers?: Record<string, string>; body?: unknown } = {},
  ) => {
    const bearer = token === undefined ? await tokenFor(roles) : token;
    return fetch(gateway.url + path, {
      headers: {
        'accept-language': 'en',
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  };
  const given = (name: UpstreamName, routes: Record<string, unknown>): void => {
    services[name].answer = ({ method, url }) => (`${method} ${url}` in routes ? { status: 200, content: routes[`${method} ${url}`] } : null);
  };
  const tellExplained = (applicationId: string): Promise<unknown> | undefined =>
    subscriptions
      .find(({ topic, kind }) => topic === topics.decisionExplained && kind === 'broadcast')
      ?.handle({
        events: [
          {
            specversion: '1.0',
            id: 'e',
            source: '/lisible/explainer',
            type: topics.decisionExplained,
            time: at,
            subject: applicationId,
            datacontenttype: 'application/json',
            dataschema: 's',
            data: { ...explanation, applicationId },
          },
        ],
      });

  const tellDecided = (applicationId: string): Promise<unknown> | undefined =>
    subscriptions
      .find(({ topic, kind }) => topic === topics.applicationDecided && kind === 'broadcast')
      ?.handle({
        events: [
          {
            specversion: '1.0',
            id: 'd',
            source: '/lisible/scoring',
            type: topics.applicationDecided,
            time: at,
            subject: applicationId,
            datacontenttype: 'application/json',
            dataschema: 's',
            data: { ...decision, applicationId },
          },
        ],
      });

  describe('tells live what was decided and explained', () => {
    /** Reads an open stream until a text has come. */
    const readUntil = async (response: Response, wanted: string): Promise<string> => {
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (!text.includes(wanted)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended with ${text}`);
        text += value;
      }
      await reader.cancel();
      return text;
    };

    it('to every open stream, identifiers only', async () => {
      const streams = await Promise.all([ask('/v1/stream'), ask('/v1/stream', { roles: ['risk'] })]);
      for (const stream of streams) {
        expect(stream.status).toBe(200);
        expect(stream.headers.get('content-type')).toContain('text/event-stream');
        expect(stream.headers.get('cache-control')).toBe('no-store');
        expect(stream.headers.get('content-security-policy')).toContain("default-src 'none'");
      }
      await tellDecided('app-1');
      await tellExplained('app-1');
      for (const stream of streams) {
        expect(await readUntil(stream, topics.decisionExplained + '\ndata: {"applicationId":"app-1"}\n\n')).toBe(
          'retry: 1000\n: listening\n\n' +
            `event: ${topics.applicationDecided}\ndata: {"applicationId":"app-1"}\n\n` +
            `event: ${topics.decisionExplained}\ndata: {"applicationId":"app-1"}\n\n`,
        );
      }
    });

    it('to each role what it may know', async () => {
      const stream = await ask('/v1/stream', { roles: ['loan-system'] });
      await tellDecided('app-1');
      await tellExplained('app-1');
      await tellDecided('app-2');
      expect(await readUntil(stream, 'app-2')).not.toContain(topics.decisionExplained);
      expect((await ask('/v1/stream', { roles: ['mlops'] })).status).toBe(403);
      expect((await ask('/v1/stream', { token: null })).status).toBe(401);
    });
  });

  describe('asks who is there', () => {
    it('and answers 401 as a problem without a token, with a foreign, expired or altered one', async () => {
      const good = await tokenFor(['advisor']);
      const altered = good.slice(0, -6) + (good.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA');
      const tokens = [
        null,
        'nonsense',
        altered,
        await tokenFor(['advisor'], { audience: 'elsewhere' }),
        await tokenFor(['advisor'], { issuer: 'http://elsewhere' }),
        await tokenFor(['advisor'], { expiresAt: 1000 }),
      ];
      for (const token of tokens) {
        const response = await ask('/v1/clients', { token });
        expect(response.status).toBe(401);
        expect(response.headers.get('content-type')).toContain('application/problem+json');
        expect(response.headers.get('www-authenticate')).toContain('Bearer');
        expect(await response.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
      }
    });

    it('and answers 403 to a role that a route does not open to', async () => {
      expect((await ask('/v1/trainings/t-1', { roles: ['advisor', 'risk', 'loan-system'] })).status).toBe(403);
      expect((await ask('/v1/clients', { roles: ['loan-system'] })).status).toBe(403);
      expect((await ask('/v1/clients/search', { roles: ['loan-system', 'mlops'], body: { search: 'x' } })).status).toBe(403);
      expect((await ask('/v1/applications', { roles: ['risk', 'mlops'], body: application })).status).toBe(403);
      expect((await ask('/v1/models', { roles: ['superuser'] })).status).toBe(403);
      expect((await ask('/metrics', { roles: ['advisor'] })).status).toBe(403);
      expect(services.trainer.asked).toEqual([]);
    });

    it('on every route of its own document but the open ones', async () => {
      const { paths } = await (await ask('/v1/openapi.json')).json();
      const open: string[] = [];
      for (const [path, methods] of Object.entries<Record<string, unknown>>(paths)) {
        for (const method of Object.keys(methods)) {
          const response = await fetch(gateway.url + path.replace(/\{\w+\}/g, 'x-1'), { method: method.toUpperCase() });
          if (response.status !== 401) open.push(path);
        }
      }
      expect(open.sort()).toEqual(['/app-config.json', '/health/live', '/health/ready']);
      expect((await fetch(`${gateway.url}/metrics`)).status).toBe(401);
    });

    it('and tells the services who acts, in which language, on which trace', async () => {
      given('scoring', { 'GET /decisions/app-1': decision });
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      expect(
        await (await ask('/v1/applications/app-1/decision', { roles: ['loan-system'], headers: { traceparent, 'accept-language': 'fr' } })).json(),
      ).toEqual(decision);
      expect(services.scoring.asked[0]?.headers).toMatchObject({
        authorization: `Bearer ${internalToken}`,
        'x-lisible-actor': 'camille',
        'accept-language': 'fr',
        traceparent,
      });
      await ask('/v1/applications/app-1/decision', { roles: ['loan-system'] });
      expect(services.scoring.asked[1]?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    });
  });

  describe('POST /v1/applications', () => {
    const receive = (isNew = true): void => {
      services['client-profile'].answer = ({ method }) =>
        method === 'POST' ? { status: 202, content: { applicationId: 'app-1', clientId: 'client-1', receivedAt: at, isNew } } : null;
    };

    it('hands the application over as it is and says where to look', async () => {
      receive();
      const response = await ask('/v1/applications', { body: application, roles: ['loan-system'] });
      expect(response.status).toBe(202);
      expect(response.headers.get('location')).toBe('/v1/applications/app-1');
      expect(await response.json()).toEqual({
        applicationId: 'app-1',
        clientId: 'client-1',
        receivedAt: at,
        status: 'received',
        decision: null,
        explanation: null,
      });
      expect(services['client-profile'].asked[0]).toMatchObject({ method: 'POST', url: '/applications', body: application });
    });

    it('waits when asked, and answers the explained decision', async () => {
      // The explanation arrives while the owner still answers the POST: only a watch that began before sees it.
      services['client-profile'].answer = async () => {
        given('scoring', { 'GET /decisions/app-1': decision });
        given('explainer', { 'GET /explanations/app-1': explanation });
        await tellExplained('app-1');
        return { status: 202, content: { applicationId: 'app-1', clientId: 'client-1', receivedAt: at, isNew: true } };
      };
      const response = await ask('/v1/applications', { body: application, headers: { prefer: 'wait=20' } });
      expect(response.status).toBe(200);
      expect(response.headers.get('preference-applied')).toBe('wait=20');
      expect(await response.json()).toEqual({
        applicationId: 'app-1',
        clientId: 'client-1',
        receivedAt: at,
        status: 'explained',
        decision,
        explanation,
      });
    });

    it('answers at once what was explained before', async () => {
      receive(false);
      given('scoring', { 'GET /decisions/app-1': decision });
      given('explainer', { 'GET /explanations/app-1': explanation });
      const response = await ask('/v1/applications', { body: application, headers: { prefer: 'respond-async, wait=20' } });
      expect(response.status).toBe(200);
    });

    it('answers 202 with what there is when the time is up, and ignores other applications', async () => {
      receive();
      given('scoring', { 'GET /decisions/app-1': decision });
      services.scoring.answer = (asked) => {
        void tellExplained('app-2');
        return asked.url === '/decisions/app-1' ? { status: 200, content: decision } : null;
      };
      const response = await ask('/v1/applications', { body: application, headers: { prefer: 'wait=1' } });
      expect(response.status).toBe(202);
      expect(response.headers.get('preference-applied')).toBeNull();
      const view: ApplicationView = await response.json();
      expect(view).toMatchObject({ status: 'decided', explanation: null });
    });

    it('passes the owner’s refusal through, word for word', async () => {
      const refusal = problem(422, 'application-invalid', {
        problems: [{ field: 'creditAmount', code: 'out-of-range', message: 'must be more than 0' }],
      });
      services['client-profile'].answer = () => ({ status: 422, content: refusal });
      const invalid = await ask('/v1/applications', { body: application, headers: { prefer: 'wait=5' } });
      expect(invalid.status).toBe(422);
      expect(invalid.headers.get('content-type')).toContain('application/problem+json');
      expect(await invalid.json()).toEqual(refusal);
      services['client-profile'].answer = () => ({ status: 409, content: problem(409, 'application-conflict') });
      expect((await ask('/v1/applications', { body: application })).status).toBe(409);
    });

    it('answers 400 to what is not JSON and 413 to what is too large', async () => {
      const malformed = await ask('/v1/applications', { body: '{"applicationId": ' });
      expect(malformed.status).toBe(400);
      expect(await malformed.json()).toMatchObject({ code: 'request-invalid' });
      const large = await ask('/v1/applications', { body: { ...application, note: 'x'.repeat(300_000) } });
      expect(large.status).toBe(413);
      expect(await large.json()).toMatchObject({ code: 'request-too-large' });
      expect(services['client-profile'].asked).toEqual([]);
    });
  });

  describe('the policy', () => {
    const version = {
      policyName: 'default',
      policyVersion: 2,
      adoptedAt: at,
      adoptedBy: 'camille',
      reason: 'Spring.',
      policy: {
        policyName: 'default',
        misclassificationCost: { falseNegative: 8, falsePositive: 1 },
        decisionThreshold: 1 / 9,
        reviewCapacity: 0,
        greyZone: null,
        rules: [],
      },
    };
    const change = {
      expectedVersion: 1,
      reason: 'Spring.',
      policy: { misclassificationCost: version.policy.misclassificationCost, reviewCapacity: 0, rules: [] },
    };

    it('is changed by the role risk alone, who is named to its owner', async () => {
      given('scoring', { 'POST /policies': version });
      for (const roles of [['advisor'], ['mlops'], ['loan-system']]) expect((await ask('/v1/policy', { roles, body: change })).status).toBe(403);
      expect(services.scoring.asked).toEqual([]);
      const response = await ask('/v1/policy', { roles: ['risk'], body: change });
      expect([response.status, await response.json()]).toEqual([200, version]);
      expect(services.scoring.asked).toMatchObject([{ body: change, headers: { 'x-lisible-actor': 'camille' } }]);
    });

    it.each([
      [409, 'policy-conflict', {}],
      [422, 'policy-invalid', { problems: [{ field: 'reason', code: 'too_small', message: 'Too short.' }] }],
    ])('answers the owner’s %i word for word', async (status, code, more) => {
      services.scoring.answer = () => ({ status, content: problem(status, code, more) });
      const response = await ask('/v1/policy', { roles: ['risk'], body: {} });
      expect([response.status, await response.json()]).toEqual([status, problem(status, code, more)]);
    });

    it('has a history, for whoever answers for it', async () => {
      given('scoring', { 'GET /policies': { versions: [version] } });
      expect(await (await ask('/v1/policy/versions', { roles: ['risk'] })).json()).toEqual({ versions: [version] });
      expect((await ask('/v1/policy/versions', { roles: ['advisor'] })).status).toBe(403);
    });
  });

  describe('the portfolio', () => {
    const policy = {
      policyName: 'default',
      misclassificationCost: { falseNegative: 10, falsePositive: 1 },
      decisionThreshold: 1 / 11,
      reviewCapacity: 0.08,
      greyZone: { lower: 0.08, upper: 0.1 },
      rules: [],
    };
    const view = { policyName: 'default', policyVersion: 2, adoptedAt: at, adoptedBy: 'bootstrap', policy };
    const counts = { approved: 3, referred: 1, declined: 2 };
    const decided = {
      counted: { firstDay: '2026-11-20', lastDay: '2026-11-23' },
      lastDecidedAt: at,
      applications: 6,
      decisions: counts,
      proposals: { approved: 4, declined: 2 },
      meanProbabilityOfDefault: 0.07,
      requested: [{ currency: 'EUR', applications: 6, amount: 60_000 }],
      modelVersions: [{ modelVersion: 'v1', applications: 6 }],
      policyVersions: [{ policyVersion: 2, applications: 6 }],
      distribution: [{ lower: 0, upper: 0.01, ...counts }],
      overTime: { step: 'day', steps: [{ firstDay: '2026-11-23', ...counts, meanProbabilityOfDefault: 0.07 }] },
    };
    const group = { rows: 1, share: 0.5, defaultRate: { value: 0, lower: 0, upper: 0.8 } };
    const pastLoans = {
      modelVersion: 'v1',
      asOf: at,
      rows: 2,
      defaulted: 1,
      defaultRate: { value: 0.5, lower: 0.1, upper: 0.9 },
      distribution: [{ lower: 0, upper: 0.01, repaid: 1, defaulted: 1 }],
      deciles: null,
      underPolicy: { basis: 'estimate-alone', approved: group, referred: { rows: 0, share: 0, defaultRate: null }, declined: group },
    };
    const givenAll = (query = ''): void => {
      given('scoring', { 'GET /policy': view });
      given('trainer', { [`GET /portfolio/decided${query}`]: decided, 'POST /portfolio/past-loans': pastLoans });
    };

    it('puts what the trainer counted beside past loans under the policy that scoring has in force', async () => {
      givenAll();
      const response = await ask('/v1/portfolio');
      expect([response.status, await response.json()]).toEqual([
        200,
        {
          asOf: expect.any(String),
          policy: { policyName: 'default', policyVersion: 2, decisionThreshold: 1 / 11, greyZone: policy.greyZone, dependsOnAmount: false },
          decided,
          pastLoans,
        },
      ]);
      expect(services.trainer.asked.find(({ method }) => method === 'POST')?.body).toEqual({ policy });
    });

    it('is asked of days and a model version, and of nothing else', async () => {
      const query = '?from=2026-11-20&to=2026-11-23&modelVersion=v1';
      givenAll(query);
      expect((await ask(`/v1/portfolio${query}`, { roles: ['risk'] })).status).toBe(200);
      services.trainer.asked.length = 0;
      for (const [wrong, field] of [
        ['?from=2026-11-31', 'from'],
        ['?from=2026-11-24&to=2026-11-23', 'to'],
        ['?branch=7', 'branch'],
      ] as const) {
        const response = await ask(`/v1/portfolio${wrong}`);
        expect([response.status, (await response.json()).problems.map((one: { field: string }) => one.field)]).toEqual([400, [field]]);
      }
      expect(services.trainer.asked).toEqual([]);
    });

    it('is for advisors and risk, and waits for a model', async () => {
      for (const role of ['mlops', 'loan-system']) expect((await ask('/v1/portfolio', { roles: [role] })).status).toBe(403);
      expect(services.trainer.asked).toEqual([]);
      services.scoring.answer = () => ({ status: 503, content: problem(503, 'no-model') });
      const response = await ask('/v1/portfolio');
      expect([response.status, (await response.json()).code]).toEqual([503, 'no-model']);
    });
  });

  describe('reading', () => {
    it('joins decisions and past-loan estimates to a page of clients', async () => {
      const items = [
        { ...listItem, clientId: 'c-1', applicationId: 'app-1', kind: 'application' },
        { ...listItem, clientId: 'c-2', applicationId: 'loan-2', kind: 'past-loan' },
        { ...listItem, clientId: 'c-3', applicationId: 'app-3', kind: 'application' },
      ];
      given('client-profile', { 'POST /clients/search': { items, page: 2, pageSize: 3, total: 9 } });
      given('scoring', {
        'POST /decisions/lookup': { decisions: [{ applicationId: 'app-1', probabilityOfDefault: 0.12, proposal: 'declined', decision: 'referred' }] },
        'POST /past-loans/lookup': { estimates: [{ applicationId: 'loan-2', probabilityOfDefault: 0.03, proposal: 'approved' }] },
      });
      const page = await (await ask('/v1/clients/search', { body: { search: 'c-', page: 2, pageSize: 3 } })).json();
      expect(page).toMatchObject({ page: 2, total: 9 });
      expect(
        page.items.map(({ probabilityOfDefault, proposal, decision: outcome }: Record<string, unknown>) => [probabilityOfDefault, proposal, outcome]),
      ).toEqual([
        [0.12, 'declined', 'referred'],
        [0.03, 'approved', null],
        [null, null, null],
      ]);
      expect(services.scoring.asked.map(({ body }) => body)).toEqual(
        expect.arrayContaining([{ applicationIds: ['app-1', 'app-3'] }, { applicationIds: ['loan-2'] }]),
      );
      expect(services['client-profile'].asked.map(({ url, body }) => [url, body])).toEqual([
        ['/clients/search', { search: 'c-', page: 2, pageSize: 3, sort: '-submittedAt', filters: [], columns: [] }],
      ]);
    });

    it('lists by address what holds no client data', async () => {
      given('client-profile', { 'POST /clients/search': { items: [], page: 3, pageSize: 25, total: 0 } });
      expect(await (await ask('/v1/clients?kind=past-loan&page=3')).json()).toMatchObject({ page: 3, total: 0 });
      expect(services['client-profile'].asked.map(({ body }) => body)).toEqual([
        { kind: 'past-loan', page: 3, pageSize: 25, sort: '-submittedAt', filters: [], columns: [] },
      ]);
    });

    it('refuses a search in an address, and says where searches go', async () => {
      const response = await ask('/v1/clients?search=Lefevre&kind=application&colour=red');
      expect(response.status).toBe(400);
      const refused = await response.json();
      expect(refused.code).toBe('request-invalid');
      expect(refused.problems.map(({ field, code }: Record<string, string>) => [field, code])).toEqual([
        ['search', 'unrecognized_keys'],
        ['colour', 'unrecognized_keys'],
      ]);
      expect(refused.problems[0].message).toContain('POST /v1/clients/search');
      expect(JSON.stringify(refused)).not.toContain('Lefevre');
      const french = await (await ask('/v1/clients?search=Lefevre', { headers: { 'accept-language': 'fr' } })).json();
      expect(french.problems[0].message).toMatch(/n’existe pas.*POST \/v1\/clients\/search/);
      expect(services['client-profile'].asked).toEqual([]);
    });

    it('names every unreadable field of a posted search', async () => {
      const response = await ask('/v1/clients/search', { body: { search: 'x'.repeat(101), page: '2', colour: 'red' } });
      expect(response.status).toBe(400);
      expect((await response.json()).problems.map(({ field }: { field: string }) => field)).toEqual(['search', 'page', 'colour']);
    });

    it('lists every problem of a query in the caller’s language', async () => {
      const response = await ask('/v1/clients?page=0&pageSize=many', { headers: { 'accept-language': 'fr' } });
      expect(response.status).toBe(400);
      const { problems } = await response.json();
      expect(problems.map(({ field }: { field: string }) => field)).toEqual(['page', 'pageSize']);
      expect(problems[0].message).toMatch(/Trop petit/);
    });

    it('composes a dossier, with or without the application named', async () => {
      given('client-profile', { 'GET /clients/client-1': record, 'GET /clients/client-1?applicationId=app-1': record });
      given('scoring', { 'GET /decisions/app-1': decision });
      const expected = { ...record, decision, pastLoanEstimate: null };
      expect(await (await ask('/v1/clients/client-1')).json()).toEqual(expected);
      expect(await (await ask('/v1/clients/client-1?applicationId=app-1')).json()).toEqual(expected);
    });

    it('shows a dossier whose decision is on its way, and says 404 about its explanation', async () => {
      given('client-profile', { 'GET /clients/client-1': record });
      expect(await (await ask('/v1/clients/client-1')).json()).toMatchObject({ decision: null, pastLoanEstimate: null });
      const missing = await ask('/v1/clients/client-1/explanation');
      expect(missing.status).toBe(404);
      expect(await missing.json()).toMatchObject({ code: 'explanation-not-found' });
    });

    it('reads the explanation of both kinds of dossier', async () => {
      given('client-profile', {
        'GET /clients/client-1': record,
        'GET /clients/client-2': { ...record, clientId: 'client-2', applicationId: 'loan-2', kind: 'past-loan' },
      });
      const ofPastLoan = { ...explanation, applicationId: 'loan-2' };
      given('explainer', { 'GET /explanations/app-1': explanation, 'GET /past-loans/loan-2/explanation': ofPastLoan });
      expect(await (await ask('/v1/clients/client-1/explanation')).json()).toEqual(explanation);
      expect(await (await ask('/v1/clients/client-2/explanation')).json()).toEqual(ofPastLoan);
      expect(await (await ask('/v1/applications/loan-2/explanation')).json()).toEqual(ofPastLoan);
      expect(await (await ask('/v1/applications/nothing/explanation')).json()).toMatchObject({ status: 404 });
    });

    it('compares a client with a group, by the policy in force or the attributions of the application', async () => {
      const comparison = {
        snapshotId: 's1',
        asOf: at,
        cohort: { name: 'everybody', filters: [] },
        groupSize: 100,
        populationSize: 100,
        outcome: null,
        features: [],
        pair: null,
        similar: null,
      };
      const policyView = {
        policyName: 'default',
        policyVersion: 1,
        adoptedAt: at,
        adoptedBy: 'bootstrap',
        policy: {
          policyName: 'default',
          misclassificationCost: { falseNegative: 10, falsePositive: 1 },
          decisionThreshold: 1 / 11,
          reviewCapacity: 0,
          greyZone: null,
          rules: [],
        },
      };
      given('client-profile', { 'POST /cohorts/comparison': comparison });
      given('scoring', { 'GET /policy': policyView });
      given('explainer', { 'GET /explanations/app-1': explanation });
      const client = { clientId: 'client-1', applicationId: 'app-1' };
      for (const name of ['everybody', 'approved', 'similar'])
        expect(await (await ask('/v1/cohorts/comparison', { body: { cohort: { name }, features: ['creditAmount'], client } })).json()).toEqual(
          comparison,
        );
      const question = { features: ['creditAmount'], pair: null, client, policy: null, attributions: null };
      expect(services['client-profile'].asked.map(({ body }) => body)).toEqual([
        { ...question, cohort: { name: 'everybody', filters: [] } },
        { ...question, cohort: { name: 'approved', filters: [] }, policy: policyView.policy },
        {
          ...question,
          cohort: { name: 'similar', filters: [] },
          attributions: { modelVersion: 'v1', featureNames: ['creditAmount'], shapValues: [0.41] },
        },
      ]);
      // A past loan has no explanation of its own: the population holds its attributions.
      await ask('/v1/cohorts/comparison', { body: { cohort: { name: 'similar' }, client: { clientId: 'client-1', applicationId: 'loan-2' } } });
      expect(services['client-profile'].asked.at(-1)?.body).toMatchObject({ attributions: null });
      expect((await ask('/v1/cohorts/comparison', { roles: ['loan-system'], body: { cohort: { name: 'everybody' } } })).status).toBe(403);
      const refused = problem(422, 'cohort-withheld', { detail: 'fewer than 20 clients' });
      services['client-profile'].answer = () => ({ status: 422, content: refused });
      expect(await (await ask('/v1/cohorts/comparison', { body: { cohort: { name: 'everybody' } } })).json()).toMatchObject({
        code: 'cohort-withheld',
        detail: 'fewer than 20 clients',
      });
    });

    it('hands what client-profile prepared of a what-if to the explainer, and refuses term and instalment at once', async () => {
      const terms = { creditAmount: 100, annuityAmount: 10, goodsPriceAmount: null, termMonths: 12 };
      const outcome = {
        probabilityOfDefault: 0.05,
        decisionThreshold: 0.09,
        greyZone: null,
        proposal: 'approved',
        decision: 'approved',
        ruleHits: [],
      };
      const inputs = { features: { creditAmount: 100 }, policyInputs: {} };
      const known = { applicationId: 'app-1', currency: 'EUR', levers: [], note: null };
      const references = { modelName: 'm', modelVersion: 'v1', policyName: 'p', policyVersion: 1 };
      const prepared = { ...known, before: { terms, inputs }, after: { terms, inputs } };
      const side = { terms, outcome, reasonCodes: [] };
      given('client-profile', { 'POST /simulations/prepared': prepared });
      given('explainer', { 'POST /simulations': { ...known, ...references, before: side, after: side } });
      const question = { clientId: 'client-1', applicationId: 'app-1' };
      const answer = await ask('/v1/simulations', { body: { ...question, change: { termMonths: 24 } } });
      expect(await answer.json()).toMatchObject({ modelVersion: 'v1', after: { outcome } });
      expect(services['client-profile'].asked.at(-1)?.body).toEqual({ ...question, change: { termMonths: 24 } });
      expect(services.explainer.asked.at(-1)?.body).toEqual(prepared);
      expect((await ask('/v1/simulations', { body: { ...question, change: { termMonths: 24, annuityAmount: 10 } } })).status).toBe(400);
      for (const path of ['/v1/simulations', '/v1/advice', '/v1/assumptions'])
        expect((await ask(path, { roles: ['loan-system'], body: question })).status).toBe(403);
    });

    it('never lets an identifier reach beyond its place in an address', async () => {
      for (const path of ['/v1/clients/..%2Fcatalogue', '/v1/applications/a%2Fb/decision', '/v1/clients/client-1?applicationId=a%26b'])
        expect((await ask(path)).status).toBe(400);
      expect(services['client-profile'].asked).toEqual([]);
    });

    it('lets the catalogue be kept: an unchanged one is not sent again', async () => {
      given('client-profile', { 'GET /catalogue': catalogue });
      const first = await ask('/v1/catalogue', { roles: ['loan-system'] });
      expect(await first.json()).toEqual(catalogue);
      const again = await ask('/v1/catalogue', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
      expect(again.status).toBe(304);
      given('client-profile', { 'GET /catalogue': { ...catalogue, catalogueVersion: '2' } });
      expect((await ask('/v1/catalogue', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })).status).toBe(200);
    });

    it('shows a model’s evidence to risk and mlops only, and says in the owner’s words when there is none', async () => {
      const missing = {
        type: 'urn:lisible:problem:evidence-not-found',
        title: 'None',
        status: 404,
        code: 'evidence-not-found',
        detail: 'Trained without.',
        correlationId: 'c',
      };
      services.trainer.answer = ({ method, url }) => (`${method} ${url}` === 'GET /models/v-1/evidence' ? { status: 404, content: missing } : null);
      expect((await ask('/v1/models/v-1/evidence', { roles: ['advisor', 'loan-system'] })).status).toBe(403);
      for (const role of ['risk', 'mlops']) {
        const absent = await ask('/v1/models/v-1/evidence', { roles: [role] });
        expect(absent.status).toBe(404);
        expect(await absent.json()).toMatchObject({ code: 'evidence-not-found', detail: 'Trained without.' });
      }
      // An advisor reads the part that one dossier is read with.
      expect((await ask('/v1/models/v-1/expert-view', { roles: ['advisor'] })).status).toBe(404);
      expect((await ask('/v1/models/v-1/expert-view', { roles: ['loan-system'] })).status).toBe(403);
      // What is not evidence is never passed on.
      services.trainer.answer = () => ({ status: 200, content: { modelVersion: 'v-1' } });
      expect((await ask('/v1/models/v-1/evidence', { roles: ['risk'] })).status).toBe(500);
      const { paths } = await (await ask('/v1/openapi.json')).json();
      const part = paths['/v1/models/{modelVersion}/expert-view'].get.responses['200'].content['application/json'].schema;
      expect(Object.keys(part.properties).toSorted()).toEqual(['interactions', 'modelVersion', 'reliability']);
      const answer = paths['/v1/models/{modelVersion}/evidence'].get.responses['200'].content['application/json'].schema;
      expect(Object.keys(answer.properties)).toEqual(expect.arrayContaining(['checks', 'discrimination', 'calibration', 'fairness', 'dataSheet']));
    });

    it('says 503 when a service does not answer, and 500 nothing when one answers nonsense', async () => {
      given('client-profile', { 'GET /clients/client-1': { ...record, kind: 'other' } });
      const nonsense = await ask('/v1/clients/client-1');
      expect(nonsense.status).toBe(500);
      expect(Object.keys(await nonsense.json()).sort()).toEqual(['code', 'correlationId', 'status', 'title', 'type']);
      await services.trainer.stop();
      const away = await ask('/v1/models', { roles: ['mlops'] });
      expect(away.status).toBe(503);
      expect(await away.json()).toMatchObject({ code: 'service-unavailable' });
    });
  });

  describe('health', () => {
    it('is ready when a dossier can be read, and else says what is awaited', async () => {
      given('scoring', { 'GET /health/ready': { isReady: true, detail: 'v7' } });
      expect(await (await fetch(`${gateway.url}/health/ready`)).json()).toMatchObject({
        isReady: true,
        model: 'v7',
        waitingFor: null,
        services: { scoring: true, explainer: true },
      });
      waitingFor = 'training: cross-validation 3/5';
      const training = await fetch(`${gateway.url}/health/ready`);
      expect(training.status).toBe(503);
      expect(await training.json()).toMatchObject({ isReady: false, waitingFor });
      waitingFor = null;
      given('scoring', { 'GET /health/ready': { isReady: true, detail: 'no-model' } });
      expect(await (await fetch(`${gateway.url}/health/ready`)).json()).toMatchObject({
        isReady: false,
        model: 'no-model',
        waitingFor: expect.stringContaining('model'),
      });
      services.scoring.answer = () => ({ status: 503, content: 'busy' });
      expect(await (await fetch(`${gateway.url}/health/ready`)).json()).toMatchObject({
        isReady: false,
        waitingFor: 'services: scoring',
        services: { scoring: false },
      });
    });
  });

  describe('the dashboard', () => {
    const html = { accept: 'text/html,application/xhtml+xml' };

    it('answers its page for every address of the application, never cached, with a strict policy', async () => {
      for (const path of ['/', '/clients', '/clients/abc?tab=why']) {
        const response = await ask(path, { token: null, headers: html });
        expect(await response.text()).toContain('<title>Lisible</title>');
        expect(response.headers.get('cache-control')).toBe('no-cache');
        const policy = response.headers.get('content-security-policy') ?? '';
        expect(policy).toContain("default-src 'none'");
        expect(policy).toMatch(/script-src 'self'(;|$)/);
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      }
    });

    it('keeps hashed assets for a year and does not answer a page for a missing one', async () => {
      const asset = await ask('/assets/index-4f3a.js', { token: null });
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect((await ask('/favicon.svg', { token: null })).headers.get('content-type')).toContain('svg');
      const missing = await ask('/assets/gone.js', { token: null, headers: html });
      expect(missing.status).toBe(404);
      expect(missing.headers.get('content-type')).toContain('application/problem+json');
    });

    it('is not what an unknown address of the API answers', async () => {
      const response = await ask('/v1/nothing', { headers: html });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'route-not-found' });
    });

    it('learns where to sign in', async () => {
      expect(await (await ask('/app-config.json', { token: null })).json()).toEqual({
        oidc: { authority: issuer, clientId: 'dashboard', scope: 'openid profile', resource: 'urn:lisible:api' },
      });
    });
  });

  it('describes itself as OpenAPI 3.1 with the schemas it answers by', async () => {
    const document = await (await ask('/v1/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    // The published one is this one: npm run contracts.
    expect(document).toEqual(JSON.parse(readFileSync(new URL('../../../docs/api/openapi.json', import.meta.url), 'utf8')));
    expect(document.paths['/v1/applications'].post.responses['200'].content['application/json'].schema.required).toContain('explanation');
    expect(document.paths['/v1/clients'].get.parameters.map(({ name }: { name: string }) => name)).toEqual(['kind', 'page', 'pageSize', 'sort']);
    const searching = document.paths['/v1/clients/search'].post.requestBody.content['application/json'].schema;
    expect(Object.keys(searching.properties)).toEqual(['search', 'kind', 'filters', 'columns', 'page', 'pageSize', 'cursor', 'sort']);
    expect(searching.properties.page).toMatchObject({ type: 'integer', minimum: 1, default: 1 });
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/clients/{clientId}/explanation', '/v1/policy', '/v1/models', '/v1/trainings/{trainingId}']),
    );
  });

  it('lets no browser keep what it answers about a client, refusals included', async () => {
    for (const path of [
      '/v1/policy',
      '/v1/models',
      '/v1/applications/A-1/decision',
      '/v1/applications/A-1/explanation',
      '/v1/clients/A-1',
      '/v1/nothing',
    ]) {
      expect((await ask(path)).headers.get('cache-control')).toBe('no-store');
    }
    expect((await ask('/v1/clients', { token: null })).headers.get('cache-control')).toBe('no-store');
  });

  it('refuses whoever asks without end', async () => {
    const answers = await Promise.all(Array.from({ length: 1100 }, () => fetch(`${gateway.url}/app-config.json`)));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).not.toBeNull();
    expect(await refused?.json()).toMatchObject({ code: 'too-many-requests' });
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
  });
});
