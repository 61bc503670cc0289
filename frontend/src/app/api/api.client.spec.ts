import { catalogueViewSchema } from '@lisible/contracts';
import { exampleCatalogue } from '../../testing/examples.ts';
import { ApiError, createApiClient, failureOf, readAnswer } from './api.client.ts';

const problem = (status: number, code: string) => ({ type: 'about:blank', title: code, status, code, correlationId: 'c-1' });

const clientOf = (answer: () => Response | Promise<Response>, onUnauthenticated = () => {}) => {
  const requests: Request[] = [];
  const client = createApiClient({
    accessToken: () => 'token-1',
    language: () => 'en',
    onUnauthenticated,
    fetch: async (request) => {
      requests.push(request);
      return answer();
    },
  });
  return { client, requests };
};
const askedOf = (client: ReturnType<typeof clientOf>['client'], signal?: AbortSignal) =>
  readAnswer(client.GET('/v1/catalogue', signal === undefined ? {} : { signal }), catalogueViewSchema);
const failing = async (answer: () => Response | Promise<Response>): Promise<ApiError> => {
  const caught: unknown = await askedOf(clientOf(answer).client).catch((error: unknown) => error);
  if (!(caught instanceof ApiError)) throw new Error('no ApiError');
  return caught;
};

describe('the API client', () => {
  it('sends token and language, and parses the answer', async () => {
    const { client, requests } = clientOf(() => Response.json({ ...exampleCatalogue, more: 1 }));
    expect(await askedOf(client)).toEqual(exampleCatalogue);
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer token-1');
    expect(requests[0]?.headers.get('accept-language')).toBe('en');
  });

  it('writes identifiers into addresses so that they stay one part of them', async () => {
    const { client, requests } = clientOf(() => Response.json({}));
    await client.GET('/v1/clients/{clientId}', { params: { path: { clientId: 'a/b?c' }, query: { applicationId: 'é&1' } } });
    expect(requests[0]?.url).toBe(`${location.origin}/v1/clients/a%2Fb%3Fc?applicationId=%C3%A9%261`);
  });

  it('posts what must not stand in an address as JSON', async () => {
    const { client, requests } = clientOf(() => Response.json({}));
    await client.POST('/v1/clients/search', { body: { search: 'Lefèvre', kind: undefined } });
    expect([requests[0]?.method, requests[0]?.url, await requests[0]?.text()]).toEqual([
      'POST',
      `${location.origin}/v1/clients/search`,
      '{"search":"Lefèvre"}',
    ]);
    expect(requests[0]?.headers.get('content-type')).toBe('application/json');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer token-1');
  });

  it('lets an abandoned request go without a word of failure', async () => {
    const abandoned = new AbortController();
    abandoned.abort();
    const { client } = clientOf(() => Promise.reject(new DOMException('gone', 'AbortError')));
    await expect(askedOf(client, abandoned.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('reads problems by their code', async () => {
    const error = await failing(() => Response.json(problem(404, 'client-not-found'), { status: 404 }));
    expect(error.failure).toBe('client-not-found');
    expect(error.isRetryable).toBe(false);
    expect(error.problem?.correlationId).toBe('c-1');
  });

  it.each([
    [502, 'service-unavailable', true],
    [403, 'forbidden', false],
    [500, 'internal', false],
  ])('understands a %i that is not the gateway’s own', async (status, failure, isRetryable) => {
    const error = await failing(() => new Response('<html>', { status }));
    expect([error.failure, error.isRetryable]).toEqual([failure, isRetryable]);
  });

  it('tells a lost connection and an answer it cannot read apart', async () => {
    expect((await failing(() => Promise.reject(new TypeError('fetch failed')))).failure).toBe('offline');
    expect((await failing(() => Response.json({ other: true }))).failure).toBe('unreadable');
    expect((await failing(() => new Response('not json'))).failure).toBe('unreadable');
  });

  it('reports a refused token, so that the session can be renewed', async () => {
    let refusals = 0;
    const { client } = clientOf(
      () => Response.json(problem(401, 'unauthenticated'), { status: 401 }),
      () => {
        refusals += 1;
      },
    );
    await expect(askedOf(client)).rejects.toMatchObject({ failure: 'unauthenticated' });
    expect(refusals).toBe(1);
  });

  it('takes anything else that is thrown for a bug', () => {
    expect(failureOf(new Error('x'))).toBe('internal');
  });
});
