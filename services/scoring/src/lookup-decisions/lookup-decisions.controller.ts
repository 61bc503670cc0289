import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { DecisionLedger } from '../ledger/decision-ledger.ts';
import type { DecisionSummary } from '../ledger/decision-ledger.ts';
import { lookupRequestSchema } from '../lookup/lookup-request.ts';
import type { LookupRequest } from '../lookup/lookup-request.ts';

@Controller()
export class LookupDecisionsController {
  constructor(@Inject(DecisionLedger) private readonly ledger: DecisionLedger) {}

  @Post('decisions/lookup')
  @HttpCode(200)
  async lookup(
    @Body({ schema: lookupRequestSchema }) { applicationIds }: LookupRequest,
  ): Promise<{ readonly decisions: readonly DecisionSummary[] }> {
    return { decisions: await this.ledger.lookup(applicationIds) };
  }
}
