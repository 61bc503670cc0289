import { topics } from '@lisible/contracts';
import { SharedSubscription } from '@lisible/platform';
import type { CommitHalf, EventBatch } from '@lisible/platform';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ReceiveApplication } from './receive-application.ts';
import type { Receipt } from './receive-application.ts';

@Controller()
export class ReceiveApplicationController {
  constructor(@Inject(ReceiveApplication) private readonly receiveApplication: ReceiveApplication) {}

  @Post('applications')
  @HttpCode(202)
  async receive(@Body() body: unknown, @Headers('traceparent') traceparent?: string): Promise<Receipt> {
    return this.receiveApplication.execute(body, traceparent);
  }

  @SharedSubscription(topics.applicationSubmitted)
  async applicationSubmitted(batch: EventBatch<unknown>): Promise<CommitHalf> {
    return this.receiveApplication.receive(batch);
  }
}
