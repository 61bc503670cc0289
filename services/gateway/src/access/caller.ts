import type { Role } from '@lisible/contracts';
import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who asks, as the token says. */
export interface Caller {
  /** The token's `sub`. */
  readonly subject: string;
  readonly roles: readonly Role[];
}

/** What travels with a call to a service behind the door. */
export interface CallContext {
  readonly actor: string;
  readonly acceptLanguage: string | undefined;
  readonly traceparent: string | undefined;
  /** Joins the log lines of every service that this request reaches. */
  readonly correlationId: string | undefined;
}

const callers = new WeakMap<object, Caller>();

/** Remembered by the guard for the length of the request. */
export const rememberCaller = (request: object, caller: Caller): void => {
  callers.set(request, caller);
};

/** Who made a request that the guard let in; nobody where no token was asked for. */
export const callerOf = (request: object): Caller => callers.get(request) ?? { subject: 'nobody', roles: [] };

/** Injects the `CallContext` of the request in hand. */
export const Call = createParamDecorator((_: unknown, context: ExecutionContext): CallContext => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { traceparent } = request.headers;
  return {
    actor: callerOf(request).subject,
    acceptLanguage: request.headers['accept-language'],
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    correlationId: request.id,
  };
});
