import { clientListQuerySchema } from '@lisible/contracts';
import type { ClientItemPage } from '@lisible/contracts';
import { RejectedError } from '@lisible/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ListClients } from './list-clients.ts';

@Controller()
export class ListClientsController {
  constructor(@Inject(ListClients) private readonly listClients: ListClients) {}

  @Get('clients')
  async list(@Query() parameters: unknown): Promise<ClientItemPage> {
    const query = clientListQuerySchema.safeParse(parameters);
    if (!query.success) {
      throw new RejectedError(
        'request-invalid',
        { fr: 'La recherche ne peut pas être faite : corrigez les paramètres indiqués.', en: 'The search cannot be made: correct the parameters listed.' },
        query.error.issues.map((issue) => ({
          field: issue.path.join('.'),
          code: issue.code,
          message: { fr: 'Ce paramètre n’a pas une valeur permise.', en: 'This parameter does not have an allowed value.' },
        })),
      );
    }
    return this.listClients.execute(query.data);
  }
}
