import type { Decision } from '@lisible/contracts';
import { RejectedError } from '@lisible/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DecisionLedger } from '../ledger/decision-ledger.ts';

@Controller()
export class ReadDecisionController {
  constructor(@Inject(DecisionLedger) private readonly ledger: DecisionLedger) {}

  @Get('decisions/:applicationId')
  async read(@Param('applicationId') applicationId: string): Promise<Decision> {
    const decision = await this.ledger.find(applicationId);
    if (decision === null) {
      throw new RejectedError('decision-not-found', { fr: 'Cette demande n’a pas encore de décision.', en: 'This application has no decision yet.' });
    }
    return decision;
  }
}
