import { identifierSchema } from '@lisible/contracts';
import type { ClientRecord } from '@lisible/contracts';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { ReadClient } from './read-client.ts';

const readClientQuerySchema = z.object({ applicationId: identifierSchema.optional() });

@Controller()
export class ReadClientController {
  constructor(@Inject(ReadClient) private readonly readClient: ReadClient) {}

  @Get('clients/:clientId')
  async read(
    @Param('clientId') clientId: string,
    @Query({ schema: readClientQuerySchema }) query: z.infer<typeof readClientQuerySchema>,
  ): Promise<ClientRecord> {
    return this.readClient.execute(clientId, query.applicationId);
  }
}
