import type { PolicyVersion, PolicyVersionList, PolicyView } from '@lisible/contracts';
import { policyChangeSchema, policyVersionSchema, policyVersionsSchema, policyViewSchema } from '@lisible/contracts';
import { Body, Controller, Inject } from '@nestjs/common';
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

  @Operation({
    method: 'post',
    path: '/v1/policy',
    summary: 'Adopt a changed credit policy as the next version; threshold and grey zone are measured on the champion’s out-of-fold rows.',
    roles: ['risk'],
    body: policyChangeSchema,
    answers: { 200: policyVersionSchema },
    problems: [409, 422],
  })
  change(@Body() change: unknown, @Call() call: CallContext): Promise<PolicyVersion> {
    return this.upstream.post('scoring', '/policies', change, policyVersionSchema, call);
  }

  @Operation({
    method: 'get',
    path: '/v1/policy/versions',
    summary: 'Every version of the credit policy, latest first, with who adopted it and why.',
    roles: ['risk', 'mlops'],
    answers: { 200: policyVersionsSchema },
  })
  list(@Call() call: CallContext): Promise<PolicyVersionList> {
    return this.upstream.get('scoring', '/policies', policyVersionsSchema, call);
  }
}
