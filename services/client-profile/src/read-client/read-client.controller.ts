import type { ClientRecord } from '@lisible/contracts';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ReadClient } from './read-client.ts';

@Controller()
export class ReadClientController {
  constructor(@Inject(ReadClient) private readonly readClient: ReadClient) {}

  @Get('clients/:clientId')
  async read(@Param('clientId') clientId: string, @Query('applicationId') applicationId?: string): Promise<ClientRecord> {
    return this.readClient.execute(clientId, applicationId);
  }
}
