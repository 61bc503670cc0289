import { cohortQuestionSchema } from '@lisible/contracts';
import type { CohortGrid, CohortQuestion } from '@lisible/contracts';
import { Body, Controller, Get, HttpCode, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CompareCohorts } from './compare-cohorts.ts';
import { ReadGrid } from './read-grid.ts';

@Controller()
export class CompareCohortsController {
  constructor(
    @Inject(CompareCohorts) private readonly compareCohorts: CompareCohorts,
    @Inject(ReadGrid) private readonly readGrid: ReadGrid,
  ) {}

  /** Posted although it reads: an address must not hold who is compared. */
  @Post('cohorts/comparison')
  @HttpCode(200)
  async compare(@Body({ schema: cohortQuestionSchema }) question: CohortQuestion, @Res() reply: FastifyReply): Promise<void> {
    const comparison = await this.compareCohorts.execute(question);
    await reply.header('content-type', 'application/json; charset=utf-8').send(comparison);
  }

  @Get('cohorts/grid')
  async grid(): Promise<CohortGrid> {
    return this.readGrid.execute();
  }
}
