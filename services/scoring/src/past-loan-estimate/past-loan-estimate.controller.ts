import type { PastLoanEstimate } from '@lisible/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { lookupRequestSchema } from '../lookup/lookup-request.ts';
import type { LookupRequest } from '../lookup/lookup-request.ts';
import { PastLoanEstimates } from './past-loan-estimates.ts';

type EstimateSummary = Pick<PastLoanEstimate, 'applicationId' | 'probabilityOfDefault' | 'proposal'>;

@Controller()
export class PastLoanEstimateController {
  constructor(@Inject(PastLoanEstimates) private readonly estimates: PastLoanEstimates) {}

  @Get('past-loans/:applicationId/estimate')
  async read(@Param('applicationId') applicationId: string): Promise<PastLoanEstimate> {
    return this.estimates.get(applicationId);
  }

  @Post('past-loans/lookup')
  @HttpCode(200)
  async lookup(
    @Body({ schema: lookupRequestSchema }) { applicationIds }: LookupRequest,
  ): Promise<{ readonly estimates: readonly EstimateSummary[] }> {
    const estimates = await this.estimates.lookup(applicationIds);
    return { estimates: estimates.map(({ applicationId, probabilityOfDefault, proposal }) => ({ applicationId, probabilityOfDefault, proposal })) };
  }
}
