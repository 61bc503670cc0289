import { topicDefinitions } from '@lisible/contracts';
import type { ServiceName, Topic } from '@lisible/contracts';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Attachment, Courier } from './courier.ts';
import type { SpanExport } from '../trace/span-export.ts';
import type { EventLog, EventMetrics, Subscription } from './participant.ts';
import type { EventBatch } from './subscriptions.ts';

export interface CourierTransportOptions {
  readonly service: ServiceName;
  readonly courier: Courier;
  readonly log: EventLog;
  readonly metrics: EventMetrics;
  readonly spans?: SpanExport | undefined;
}

/**
 * Joins Nest's decorated handlers to a courier: the courier calls the handler itself, awaits it, and gets the handler's
 * own error. A topic nobody knows, two handlers for one topic, or a handler without a subscription kind fail start-up.
 */
export class CourierTransport extends Server implements CustomTransportStrategy {
  /** Nest must not log what the courier judges. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: CourierTransportOptions;
  #attachment: Attachment | null = null;

  constructor(options: CourierTransportOptions) {
    super();
    this.#options = options;
  }

  get attachment(): Attachment | null {
    return this.#attachment;
  }

  /** Before the module's own start: from here on no broadcast escapes, so state that is read afterwards has no gap. */
  async attach(): Promise<void> {
    const { courier, service, log, metrics, spans } = this.#options;
    this.#attachment = await courier.attach({ service, subscriptions: this.listSubscriptions(), log, metrics, spans });
  }

  /** @throws Error naming every handler that cannot be subscribed. */
  listSubscriptions(): readonly Subscription[] {
    const problems: string[] = [];
    const subscriptions: Subscription[] = [];
    for (const [pattern, handler] of this.messageHandlers) {
      const kind: unknown = handler.extras?.['subscription'];
      if (!isTopic(pattern)) problems.push(`${pattern} is not a topic of @lisible/contracts`);
      else if (handler.next !== undefined) problems.push(`${pattern} has two handlers`);
      else if (kind !== 'shared' && kind !== 'broadcast') problems.push(`${pattern} is neither a SharedSubscription nor a BroadcastSubscription`);
      else subscriptions.push({ kind, topic: pattern, handle: (batch) => call(handler, batch) });
    }
    if (problems.length > 0) throw new Error(`The subscriptions of ${this.#options.service} are wrong: ${problems.join('; ')}.`);
    return subscriptions;
  }

  listen(callback: (error?: unknown) => void): void {
    this.#attachment?.start();
    callback();
  }

  async close(): Promise<void> {
    await this.#attachment?.stop();
  }

  on(): never {
    throw new Error('The courier has no events of its own to listen to.');
  }

  unwrap(): never {
    throw new Error('There is no broker behind this transport.');
  }
}

const call = async (handler: MessageHandler, batch: EventBatch<unknown>): Promise<unknown> => {
  const answer: unknown = await handler(batch);
  return isObservable(answer) ? lastValueFrom(answer) : answer;
};

const isTopic = (pattern: string): pattern is Topic => pattern in topicDefinitions;
