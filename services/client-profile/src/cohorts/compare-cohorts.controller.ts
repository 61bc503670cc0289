import { cohortQuestionSchema } from '@lisible/contracts';
import type { CohortGrid, CohortQuestion } from '@lisible/contracts';
import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { Negotiator } from '@fastify/accept-negotiator';
import type { FastifyReply } from 'fastify';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CompareCohorts } from './compare-cohorts.ts';
import { ReadGrid } from './read-grid.ts';

const expand = promisify(gunzip);
const encodings = new Negotiator({ supportedValues: ['gzip', 'identity'] });

@Controller()
export class CompareCohortsController {
  constructor(
    @Inject(CompareCohorts) private readonly compareCohorts: CompareCohorts,
    @Inject(ReadGrid) private readonly readGrid: ReadGrid,
  ) {}

  /** Posted although it reads: an address must not hold who is compared. */
  @Post('cohorts/comparison')
  @HttpCode(200)
  async compare(
    @Body({ schema: cohortQuestionSchema }) question: CohortQuestion,
    @Headers('accept-encoding') acceptEncoding: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const comparison = await this.compareCohorts.execute(question);
    void reply.headers({ 'content-type': 'application/json; charset=utf-8', vary: 'accept-encoding' });
    if (encodings.negotiate(acceptEncoding ?? 'identity') === 'gzip') await reply.header('content-encoding', 'gzip').send(comparison);
    else await reply.send(await expand(comparison));
  }

  @Get('cohorts/grid')
  async grid(): Promise<CohortGrid> {
    return this.readGrid.execute();
  }
}
