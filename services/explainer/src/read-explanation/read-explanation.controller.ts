import type { Explanation } from '@lisible/contracts';
import { RejectedError } from '@lisible/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ExplanationRecords } from '../records/explanation-records.ts';

@Controller()
export class ReadExplanationController {
  constructor(@Inject(ExplanationRecords) private readonly records: ExplanationRecords) {}

  @Get('explanations/:applicationId')
  async read(@Param('applicationId') applicationId: string): Promise<Explanation> {
    const explanation = await this.records.find(applicationId);
    if (explanation === null) {
      throw new RejectedError('explanation-not-found', {
        fr: 'Cette demande n’a pas encore d’explication.',
        en: 'This application has no explanation yet.',
      });
    }
    return explanation;
  }
}
