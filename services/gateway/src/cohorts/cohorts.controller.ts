import type { CohortComparisonRequest, CohortGrid } from '@lisible/contracts';
import { cohortComparisonRequestSchema, cohortComparisonSchema, cohortGridSchema } from '@lisible/contracts';
import { Body, Controller, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { ParseWith } from '../operations/parse-with.ts';
import { Cohorts } from './cohorts.ts';

@Controller()
export class CohortsController {
  constructor(@Inject(Cohorts) private readonly cohorts: Cohorts) {}

  @Operation({
    method: 'post',
    path: '/v1/cohorts/comparison',
    summary:
      'A client beside a group: everybody, similar clients, those approved, or those that pass filters. Counts only, never another client. Changes nothing; posted so that no address holds client data.',
    roles: ['advisor', 'risk'],
    body: cohortComparisonRequestSchema,
    answers: { 200: cohortComparisonSchema },
    problems: [404, 422],
  })
  async compare(
    @Body(new ParseWith(cohortComparisonRequestSchema)) request: CohortComparisonRequest,
    @Call() call: CallContext,
    @Headers('accept-encoding') acceptEncoding: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Uint8Array> {
    const { content, encoding } = await this.cohorts.compare(request, call, acceptEncoding);
    void reply.headers({ 'content-type': 'application/json; charset=utf-8', vary: 'accept-encoding' });
    if (encoding !== undefined) void reply.header('content-encoding', encoding);
    return content;
  }

  @Operation({
    method: 'get',
    path: '/v1/cohorts/grid',
    summary: 'Where the filters of a group may begin and end, and which answers can only be chosen together.',
    roles: ['advisor', 'risk'],
    answers: { 200: cohortGridSchema },
  })
  readGrid(@Call() call: CallContext): Promise<CohortGrid> {
    return this.cohorts.readGrid(call);
  }
}
