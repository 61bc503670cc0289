import { problemSchema } from '@lisible/contracts';
import { TransientError } from '@lisible/platform';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { Agent, request } from 'undici';
import type { z } from 'zod';
import type { CallContext } from '../access/caller.ts';
import { GATEWAY_OPTIONS } from '../gateway.options.ts';
import type { GatewayOptions, UpstreamName } from '../gateway.options.ts';
import { UpstreamProblem } from './upstream-problem.ts';
import { serviceReadinessSchema } from './upstream.ts';
import type { Forwarded, ServiceReadiness, Upstream } from './upstream.ts';

/** HTTP to the services on kept-alive connections, also where they share the process: by Fastify's `inject` an answer takes as long and leaves more garbage. */
@Injectable()
export class UndiciUpstream implements Upstream, OnApplicationShutdown {
  private readonly agent = new Agent({
    connections: 128,
    connect: { timeout: 2000 },
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
    keepAliveTimeout: 30_000,
  });

  constructor(@Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions) {}

  async get<T extends z.ZodType>(service: UpstreamName, path: string, answer: T, call: CallContext): Promise<z.infer<T>> {
    return answer.parse(parseJson((await this.exchange(service, 'GET', path, undefined, call)).content));
  }

  async find<T extends z.ZodType>(service: UpstreamName, path: string, answer: T, call: CallContext): Promise<z.infer<T> | null> {
    try {
      return await this.get(service, path, answer, call);
    } catch (error) {
      if (error instanceof UpstreamProblem && error.problem.status === 404) return null;
      throw error;
    }
  }

  async post<T extends z.ZodType>(service: UpstreamName, path: string, body: unknown, answer: T, call: CallContext): Promise<z.infer<T>> {
    return answer.parse(parseJson((await this.exchange(service, 'POST', path, JSON.stringify(body), call)).content));
  }

  async forward(service: UpstreamName, path: string, body: unknown, call: CallContext, acceptEncoding: string | undefined): Promise<Forwarded> {
    return this.exchange(service, 'POST', path, JSON.stringify(body), call, acceptEncoding);
  }

  async askReadiness(service: UpstreamName): Promise<ServiceReadiness | null> {
    try {
      const { body } = await request(`${this.options.services[service]}/health/ready`, {
        dispatcher: this.agent,
        headersTimeout: readinessTimeoutMs,
        bodyTimeout: readinessTimeoutMs,
      });
      return serviceReadinessSchema.parse(await body.json());
    } catch {
      return null;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.close();
  }

  private async exchange(...asked: Parameters<UndiciUpstream['send']>): Promise<Forwarded> {
    const [service, method] = asked;
    const answer = await this.send(...asked).catch((error: unknown) => {
      throw unavailable(service, error);
    });
    const { status, retryAfter } = answer;
    if (status < 300) return answer;
    const problem = problemSchema.safeParse(parseJson(answer.content));
    // 401 and 403 between services would be ours to mend, not the caller's.
    if (problem.success && status !== 401 && status !== 403) throw new UpstreamProblem(problem.data, retryAfter);
    if (status >= 500) throw unavailable(service, new Error(`status ${status} without a problem document`));
    throw new Error(`${service} answered ${status} to ${method}`);
  }

  private async send(
    service: UpstreamName,
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    call: CallContext,
    acceptEncoding?: string,
  ): Promise<Answer> {
    const headers = {
      accept: 'application/json, application/problem+json',
      authorization: `Bearer ${this.options.internalToken}`,
      'x-lisible-actor': call.actor,
      ...(call.acceptLanguage === undefined ? {} : { 'accept-language': call.acceptLanguage }),
      ...(call.traceparent === undefined ? {} : { traceparent: call.traceparent }),
      ...(call.correlationId === undefined ? {} : { 'x-correlation-id': call.correlationId }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }),
    };
    const response = await request(this.options.services[service] + path, {
      method,
      dispatcher: this.agent,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: response.statusCode,
      content: await response.body.bytes(),
      encoding: textOrUndefined(response.headers['content-encoding']),
      retryAfter: textOrUndefined(response.headers['retry-after']),
    };
  }
}

interface Answer extends Forwarded {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

const textOrUndefined = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const answerTimeoutMs = 10_000;
const readinessTimeoutMs = 2000;

const decoder = new TextDecoder();

const parseJson = (content: Uint8Array): unknown => {
  try {
    return JSON.parse(decoder.decode(content));
  } catch {
    return undefined;
  }
};

/** The sentence names the service: whoever reads it can tell which part is missing. */
const unavailable = (service: UpstreamName, cause: unknown): TransientError =>
  new TransientError(
    'service-unavailable',
    { fr: `Le service ${service} ne répond pas pour l’instant.`, en: `The service ${service} does not answer for now.` },
    cause,
  );
