import { clientListQuerySchema } from '@lisible/contracts';
import type { ClientItemPage, ClientListQuery } from '@lisible/contracts';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ListClients } from './list-clients.ts';

@Controller()
export class ListClientsController {
  constructor(@Inject(ListClients) private readonly listClients: ListClients) {}

  @Get('clients')
  async list(@Query({ schema: clientListQuerySchema }) query: ClientListQuery): Promise<ClientItemPage> {
    return this.listClients.execute(query);
  }
}
