import type { BrowserConfig } from '@lisible/contracts';
import { browserConfigSchema } from '@lisible/contracts';
import { Controller, Header, Inject } from '@nestjs/common';
import { GATEWAY_OPTIONS } from '../gateway.options.ts';
import type { GatewayOptions } from '../gateway.options.ts';
import { Operation } from '../operations/operation.ts';

@Controller()
export class AppConfigController {
  constructor(@Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions) {}

  @Operation({
    method: 'get',
    path: '/app-config.json',
    summary: 'What the browser must know before sign-in.',
    roles: 'everyone',
    answers: { 200: browserConfigSchema },
  })
  @Header('cache-control', 'no-store')
  read(): BrowserConfig {
    return this.options.browser;
  }
}
