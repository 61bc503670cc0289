import type { Role } from '@lisible/contracts';
import { HttpCode, RequestMapping, RequestMethod, UseFilters, applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { z } from 'zod';
import { UpstreamProblemFilter } from '../upstream/upstream-problem.filter.ts';

/** One route of the public door: what the guard enforces and what the OpenAPI document says are the same words. */
export interface OperationDescription {
  readonly method: 'get' | 'post';
  /** With parameters in braces: `/v1/applications/{applicationId}`. */
  readonly path: string;
  readonly summary: string;
  /** Roles of which the caller needs one; `everyone` needs no token at all. */
  readonly roles: readonly Role[] | 'everyone';
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Request headers that mean something here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers by status; null for an answer without a body. Problems are added by the document. */
  readonly answers: Readonly<Partial<Record<200 | 202 | 304, z.ZodType | null>>>;
  /** The answer is a stream of server-sent events with these data. */
  readonly eventStream?: z.ZodType;
  /** Problems that this route answers beside the ones that every route does. */
  readonly problems?: readonly number[];
}

/** Read by the guard and by the OpenAPI document; a route without it is refused. */
export const OperationMetadata = Reflector.createDecorator<OperationDescription>();

/** Declares a route: its address, who may call it and what it answers. */
export const Operation = (description: OperationDescription): MethodDecorator =>
  applyDecorators(
    RequestMapping({
      method: description.method === 'get' ? RequestMethod.GET : RequestMethod.POST,
      path: description.path.replace(/\{(\w+)\}/g, ':$1'),
    }),
    HttpCode(200 in description.answers ? 200 : 202),
    OperationMetadata(description),
    // Nearer than the platform's own filter, which would take an owner's problem for a bug.
    UseFilters(UpstreamProblemFilter),
  );
