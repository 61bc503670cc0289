import type { PolicyVersionList, PolicyView } from '@lisible/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import { noModel } from '../follow-champion/champion.ts';
import { PolicyVersions } from '../policies/policy-versions.ts';

@Controller()
export class ReadPolicyController {
  constructor(@Inject(PolicyVersions) private readonly policies: PolicyVersions) {}

  /** Before the first champion there is no policy: 503 `no-model`. */
  @Get('policy')
  async read(): Promise<PolicyView> {
    const policy = await this.policies.find();
    if (policy === null) throw noModel();
    return policy;
  }

  /** Latest first; none before the first champion. */
  @Get('policies')
  async list(): Promise<PolicyVersionList> {
    return { versions: [...(await this.policies.list())] };
  }
}
