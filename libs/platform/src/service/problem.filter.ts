import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { problemContentType, toProblem } from './problem.ts';

/** The one place where an error becomes an answer: `application/problem+json`, and an error line when it is a bug. */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = toProblem(error, request);
    if (problem.status >= 500) {
      const fields = { correlationId: problem.correlationId, code: problem.code, route: request.routeOptions?.url };
      if (problem.code === 'internal') this.#log.error({ ...fields, err: error }, 'a request met a bug');
      // Before the first training `no-model` is the expected answer, and the request's own line tells it.
      else if (problem.code !== 'no-model')
        this.#log.warn({ ...fields, reason: error instanceof Error ? error.message : undefined }, 'a request could not be served for now');
    }
    // A stream that has begun cannot be answered differently; ending it tells the reader.
    if (reply.raw.headersSent) reply.raw.destroy();
    else void reply.status(problem.status).header('content-type', problemContentType).send(problem);
  }
}
