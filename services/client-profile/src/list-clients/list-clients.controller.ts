import { clientListQuerySchema } from '@lisible/contracts';
import type { ClientItemPage, ClientListQuery } from '@lisible/contracts';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ListClients } from './list-clients.ts';

@Controller()
export class ListClientsController {
  constructor(@Inject(ListClients) private readonly listClients: ListClients) {}

  /** Posted although it reads: an address must not hold the name that is searched. */
  @Post('clients/search')
  @HttpCode(200)
  async list(@Body({ schema: clientListQuerySchema }) query: ClientListQuery): Promise<ClientItemPage> {
    return this.listClients.execute(query);
  }
}
