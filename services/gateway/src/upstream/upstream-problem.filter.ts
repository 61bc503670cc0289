import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { UpstreamProblem } from './upstream-problem.ts';

/** Answers with the owner's problem, word for word: it already speaks the caller's language. */
@Catch(UpstreamProblem)
export class UpstreamProblemFilter implements ExceptionFilter<UpstreamProblem> {
  catch({ problem, retryAfter }: UpstreamProblem, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    reply.status(problem.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  }
}
