import type { Explanation } from '@lisible/contracts';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { PastLoanExplanation } from './past-loan-explanation.ts';

@Controller()
export class PastLoanExplanationController {
  constructor(@Inject(PastLoanExplanation) private readonly pastLoanExplanation: PastLoanExplanation) {}

  @Get('past-loans/:applicationId/explanation')
  async read(@Param('applicationId') applicationId: string): Promise<Explanation> {
    return this.pastLoanExplanation.get(applicationId);
  }
}
