import { TransientError } from '@lisible/platform';
import { z } from 'zod';
import type { GatewayOptions, ServiceInProcess } from '../gateway.options.ts';
import { UndiciUpstream } from './undici.upstream.ts';
import { UpstreamProblem } from './upstream-problem.ts';

type Asked = Parameters<ServiceInProcess['inject']>[0];

const call = { actor: 'camille', acceptLanguage: 'fr', traceparent: undefined, correlationId: 'call-7' };
const answer = z.object({ value: z.number() });

const upstreamTo = (reply: (asked: Asked) => { statusCode: number; content: unknown; retryAfter?: string } | Error) => {
  const asked: Asked[] = [];
  const service: ServiceInProcess = {
    inject: (request) => {
      asked.push(request);
      const given = reply(request);
      if (given instanceof Error) return Promise.reject(given);
      const headers = given.retryAfter === undefined ? {} : { 'retry-after': given.retryAfter };
      return Promise.resolve({ statusCode: given.statusCode, headers, payload: JSON.stringify(given.content) });
    },
  };
  const options = {
    // A port that nobody listens at: what reaches it fails.
    services: {
      scoring: 'http://127.0.0.1:1',
      explainer: 'http://127.0.0.1:1',
      'client-profile': 'http://127.0.0.1:1',
      trainer: 'http://127.0.0.1:1',
    },
    inProcess: { scoring: service, explainer: service, 'client-profile': service, trainer: service },
    internalToken: 'internal',
  };
  return { asked, upstream: new UndiciUpstream(options as unknown as GatewayOptions) };
};

describe('services that share the process', () => {
  it('are asked as over HTTP, without a socket', async () => {
    const { asked, upstream } = upstreamTo(() => ({ statusCode: 200, content: { value: 7 } }));
    expect(await upstream.post('scoring', '/things', { a: 1 }, answer, call)).toEqual({ value: 7 });
    expect(asked).toEqual([
      {
        method: 'POST',
        url: '/things',
        headers: {
          accept: 'application/json, application/problem+json',
          authorization: 'Bearer internal',
          'x-lisible-actor': 'camille',
          'accept-language': 'fr',
          'x-correlation-id': 'call-7',
          'content-type': 'application/json',
        },
        payload: '{"a":1}',
      },
    ]);
  });

  it('have their problems handed on, and their silence told', async () => {
    const problem = { type: 'about:blank', title: 'No', status: 404, code: 'decision-not-found', detail: 'None.', correlationId: 'call-7' };
    const absent = upstreamTo(() => ({ statusCode: 404, content: problem, retryAfter: '3' })).upstream;
    expect(await absent.find('scoring', '/things/1', answer, call)).toBeNull();
    const thrown = await absent.get('scoring', '/things/1', answer, call).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UpstreamProblem);
    expect(thrown).toMatchObject({ problem: { code: 'decision-not-found' }, retryAfter: '3' });
    const silent = upstreamTo(() => new Error('closed')).upstream;
    await expect(silent.get('scoring', '/things/1', answer, call)).rejects.toBeInstanceOf(TransientError);
  });
});
