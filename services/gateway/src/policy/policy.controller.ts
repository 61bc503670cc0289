import type { PolicyView } from '@lisible/contracts';
import { policyViewSchema } from '@lisible/contracts';
import { Controller, Inject } from '@nestjs/common';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { UNDICI_UPSTREAM } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';

@Controller()
export class PolicyController {
  constructor(@Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream) {}

  @Operation({
    method: 'get',
    path: '/v1/policy',
    summary: 'The credit policy in force.',
    roles: ['advisor', 'risk', 'mlops'],
    answers: { 200: policyViewSchema },
  })
  read(@Call() call: CallContext): Promise<PolicyView> {
    return this.upstream.get('scoring', '/policy', policyViewSchema, call);
  }
}
