import type { PolicyVersion } from '@lisible/contracts';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ChangePolicy } from './change-policy.ts';

@Controller()
export class ChangePolicyController {
  constructor(@Inject(ChangePolicy) private readonly changePolicy: ChangePolicy) {}

  /** The gateway says who asks; the body is read whole by the use case, so that every problem is told at once. */
  @Post('policies')
  @HttpCode(200)
  async change(@Body() body: unknown, @Headers('x-lisible-actor') actor?: string): Promise<PolicyVersion> {
    return this.changePolicy.execute(body, actor ?? 'nobody');
  }
}
