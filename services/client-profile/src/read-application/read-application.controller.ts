import { RejectedError } from '@lisible/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApplicationRecords } from '../dossiers/application.records.ts';

interface ApplicationReceipt {
  readonly applicationId: string;
  readonly clientId: string;
  readonly receivedAt: string;
}

@Controller()
export class ReadApplicationController {
  constructor(@Inject(ApplicationRecords) private readonly records: ApplicationRecords) {}

  @Get('applications/:applicationId')
  async read(@Param('applicationId') applicationId: string): Promise<ApplicationReceipt> {
    const stored = await this.records.find(applicationId);
    if (stored === null) {
      throw new RejectedError('application-not-found', {
        fr: 'Aucune demande ne porte cet identifiant.',
        en: 'No application bears this identifier.',
      });
    }
    return { applicationId: stored.applicationId, clientId: stored.clientId, receivedAt: stored.receivedAt.toISOString() };
  }
}
