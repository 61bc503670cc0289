import { catalogueViewSchema, roles } from '@lisible/contracts';
import { Controller, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { UNDICI_UPSTREAM } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';

@Controller()
export class CatalogueController {
  constructor(@Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream) {}

  @Operation({
    method: 'get',
    path: '/v1/catalogue',
    summary: 'Names, labels, definitions, units and themes of fields and features. Cacheable: ask again with If-None-Match.',
    roles,
    headers: { 'If-None-Match': 'ETag of the catalogue the caller holds.' },
    answers: { 200: catalogueViewSchema, 304: null },
  })
  async read(@Headers('if-none-match') held: string | undefined, @Call() call: CallContext, @Res() reply: FastifyReply): Promise<void> {
    const text = JSON.stringify(await this.upstream.get('client-profile', '/catalogue', catalogueViewSchema, call));
    const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    reply.header('etag', etag).header('cache-control', `private, max-age=${freshSeconds}`);
    if (held?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) === true) await reply.status(304).send();
    else await reply.header('content-type', 'application/json; charset=utf-8').send(text);
  }
}

/** How long a browser may keep the catalogue without asking. */
const freshSeconds = 300;
