import { TransientError } from '@lisible/platform';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { GatewayOptions } from '../gateway.options.ts';
import { UndiciUpstream } from './undici.upstream.ts';
import { UpstreamProblem } from './upstream-problem.ts';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const call = { actor: 'camille', acceptLanguage: 'fr', traceparent: undefined, correlationId: 'call-7' };
const answer = z.object({ value: z.number() });

const toClose: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** A service that answers everything alike, and the door's way to it. */
const upstreamTo = async (reply: { readonly status: number; readonly content: string; readonly retryAfter?: string; readonly encoding?: string }) => {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ method: request.method, url: request.url, headers: request.headers, body });
      if (reply.retryAfter !== undefined) response.setHeader('retry-after', reply.retryAfter);
      if (reply.encoding !== undefined) response.setHeader('content-encoding', reply.encoding);
      response.writeHead(reply.status).end(reply.content);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { upstream, close } = upstreamAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  toClose.push(async () => {
    await close();
    server.close();
  });
  return { asked, upstream };
};

const upstreamAt = (url: string) => {
  const services = { scoring: url, explainer: url, 'client-profile': url, trainer: url };
  const upstream = new UndiciUpstream({ services, internalToken: 'internal' } as unknown as GatewayOptions);
  return { upstream, close: () => upstream.onApplicationShutdown() };
};

describe('services behind the door', () => {
  it('are told who asks, in which language and in which call', async () => {
    const { asked, upstream } = await upstreamTo({ status: 200, content: '{"value":7}' });
    expect(await upstream.post('scoring', '/things', { a: 1 }, answer, call)).toEqual({ value: 7 });
    expect(asked).toEqual([
      {
        method: 'POST',
        url: '/things',
        headers: expect.objectContaining({
          accept: 'application/json, application/problem+json',
          authorization: 'Bearer internal',
          'x-lisible-actor': 'camille',
          'accept-language': 'fr',
          'x-correlation-id': 'call-7',
          'content-type': 'application/json',
        }) as unknown,
        body: '{"a":1}',
      },
    ]);
  });

  it('have an answer that nothing is added to handed on byte for byte', async () => {
    const content = '{ "é": 1.0, "unknown": [ ] }';
    const { asked, upstream } = await upstreamTo({ status: 200, content, encoding: 'gzip' });
    const forwarded = await upstream.forward('scoring', '/things', {}, call, 'br, gzip');
    expect(new TextDecoder().decode(forwarded.content)).toBe(content);
    expect(forwarded.encoding).toBe('gzip');
    expect(asked[0]?.headers['accept-encoding']).toBe('br, gzip');
  });

  it('have their problems handed on, and their silence told', async () => {
    const problem = { type: 'about:blank', title: 'No', status: 404, code: 'decision-not-found', detail: 'None.', correlationId: 'call-7' };
    const { upstream } = await upstreamTo({ status: 404, content: JSON.stringify(problem), retryAfter: '3' });
    expect(await upstream.find('scoring', '/things/1', answer, call)).toBeNull();
    const thrown = await upstream.get('scoring', '/things/1', answer, call).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UpstreamProblem);
    expect(thrown).toMatchObject({ problem: { code: 'decision-not-found' }, retryAfter: '3' });
    // A port that nobody listens at.
    const silent = upstreamAt('http://127.0.0.1:1');
    toClose.push(silent.close);
    await expect(silent.upstream.get('scoring', '/things/1', answer, call)).rejects.toBeInstanceOf(TransientError);
  });
});
