import { identifierSchema } from '@lisible/contracts';
import type { ClientHistory } from '@lisible/contracts';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { ReadHistory } from './read-history.ts';

const readHistoryQuerySchema = z.object({ applicationId: identifierSchema.optional() });

@Controller()
export class ReadHistoryController {
  constructor(@Inject(ReadHistory) private readonly readHistory: ReadHistory) {}

  @Get('clients/:clientId/history')
  async read(
    @Param('clientId') clientId: string,
    @Query({ schema: readHistoryQuerySchema }) query: z.infer<typeof readHistoryQuerySchema>,
  ): Promise<ClientHistory> {
    return this.readHistory.execute(clientId, query.applicationId);
  }
}
