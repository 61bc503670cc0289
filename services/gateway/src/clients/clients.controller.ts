import type { ClientHistory, ClientListParameters, ClientListQuery, ClientPage, Dossier, Explanation } from '@lisible/contracts';
import {
  clientHistorySchema,
  clientListParametersSchema,
  clientListQuerySchema,
  clientPageSchema,
  dossierSchema,
  explanationSchema,
  identifierSchema,
} from '@lisible/contracts';
import { Body, Controller, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { ParseWith, parseIdentifier, parseOptionalIdentifier } from '../operations/parse-with.ts';
import { Dossiers } from './dossiers.ts';

const noSuchParameter = {
  fr: 'Ce paramètre n’existe pas. Une recherche ne s’écrit pas dans une adresse : POST /v1/clients/search, avec `search` dans le corps.',
  en: 'There is no such parameter. A search does not stand in an address: POST /v1/clients/search, with `search` in the body.',
};

const oneOfSeveral = z.object({ applicationId: identifierSchema.optional() });

@Controller()
export class ClientsController {
  constructor(@Inject(Dossiers) private readonly dossiers: Dossiers) {}

  @Operation({
    method: 'get',
    path: '/v1/clients',
    summary: 'Clients, one page at a time, with their decision or past-loan estimate. To search among them: POST /v1/clients/search.',
    roles: ['advisor', 'risk'],
    query: clientListParametersSchema,
    answers: { 200: clientPageSchema },
  })
  list(
    @Query(new ParseWith(clientListParametersSchema, noSuchParameter)) parameters: ClientListParameters,
    @Call() call: CallContext,
  ): Promise<ClientPage> {
    return this.dossiers.list({ ...parameters, filters: [], columns: [] }, call);
  }

  @Operation({
    method: 'post',
    path: '/v1/clients/search',
    summary: 'The same list, searched by a part of a name or identifier. Changes nothing; posted so that no address holds client data.',
    roles: ['advisor', 'risk'],
    body: clientListQuerySchema,
    answers: { 200: clientPageSchema },
  })
  search(@Body(new ParseWith(clientListQuerySchema)) query: ClientListQuery, @Call() call: CallContext): Promise<ClientPage> {
    return this.dossiers.list(query, call);
  }

  @Operation({
    method: 'get',
    path: '/v1/clients/{clientId}',
    summary: 'A client’s dossier: who, what, on which data, and what was decided; the latest application unless one is named.',
    roles: ['advisor', 'risk'],
    query: oneOfSeveral,
    answers: { 200: dossierSchema },
    problems: [404],
  })
  read(
    @Param('clientId', parseIdentifier) clientId: string,
    @Query('applicationId', parseOptionalIdentifier) applicationId: string | undefined,
    @Call() call: CallContext,
  ): Promise<Dossier> {
    return this.dossiers.read(clientId, applicationId, call);
  }

  @Operation({
    method: 'get',
    path: '/v1/clients/{clientId}/explanation',
    summary: 'Why, for the dossier shown: an application’s explanation or a past loan’s out-of-fold one.',
    roles: ['advisor', 'risk'],
    query: oneOfSeveral,
    answers: { 200: explanationSchema },
    problems: [404],
  })
  readExplanation(
    @Param('clientId', parseIdentifier) clientId: string,
    @Query('applicationId', parseOptionalIdentifier) applicationId: string | undefined,
    @Call() call: CallContext,
  ): Promise<Explanation> {
    return this.dossiers.readExplanation(clientId, applicationId, call);
  }

  @Operation({
    method: 'get',
    path: '/v1/clients/{clientId}/history',
    summary: 'The client’s past month by month, as of the population snapshot: balances, what fell due and was paid, late payments.',
    roles: ['advisor', 'risk'],
    query: oneOfSeveral,
    answers: { 200: clientHistorySchema },
    problems: [404],
  })
  readHistory(
    @Param('clientId', parseIdentifier) clientId: string,
    @Query('applicationId', parseOptionalIdentifier) applicationId: string | undefined,
    @Call() call: CallContext,
  ): Promise<ClientHistory> {
    return this.dossiers.readHistory(clientId, applicationId, call);
  }
}
