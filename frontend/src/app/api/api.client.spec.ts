import { z } from 'zod';
import { ApiError, createApiClient, failureOf } from './api.client.ts';

const schema = z.object({ name: z.string() });
const problem = (status: number, code: string) => ({ type: 'about:blank', title: code, status, code, correlationId: 'c-1' });

const clientOf = (answer: () => Response | Promise<Response>, onUnauthenticated = () => {}) => {
  const requests: { path: string; method: string | undefined; headers: Headers; body: unknown }[] = [];
  const client = createApiClient({
    accessToken: () => 'token-1',
    language: () => 'en',
    onUnauthenticated,
    fetch: async (path, init) => {
      requests.push({ path: path instanceof Request ? path.url : path.toString(), method: init?.method, headers: new Headers(init?.headers), body: init?.body });
      return answer();
    },
  });
  return { client, requests };
};
const failing = async (answer: () => Response | Promise<Response>): Promise<ApiError> => {
  const caught: unknown = await clientOf(answer).client.get('/v1/x', schema).catch((error: unknown) => error);
  if (!(caught instanceof ApiError)) throw new Error('no ApiError');
  return caught;
};

describe('the API client', () => {
  it('sends token and language, and parses the answer', async () => {
    const { client, requests } = clientOf(() => Response.json({ name: 'a', more: 1 }));
    expect(await client.get('/v1/x', schema)).toEqual({ name: 'a' });
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer token-1');
    expect(requests[0]?.headers.get('accept-language')).toBe('en');
  });

  it('posts what must not stand in an address as JSON', async () => {
    const { client, requests } = clientOf(() => Response.json({ name: 'a' }));
    expect(await client.post('/v1/x', { search: 'Lefèvre', kind: undefined }, schema)).toEqual({ name: 'a' });
    expect(requests).toMatchObject([{ path: '/v1/x', method: 'POST', body: '{"search":"Lefèvre"}' }]);
    expect(requests[0]?.headers.get('content-type')).toBe('application/json');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer token-1');
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
    await expect(client.get('/v1/x', schema)).rejects.toMatchObject({ failure: 'unauthenticated' });
    expect(refusals).toBe(1);
  });

  it('takes anything else that is thrown for a bug', () => {
    expect(failureOf(new Error('x'))).toBe('internal');
  });
});
