import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import type { CourierTransport } from '../events/courier.transport.ts';
import { COURIER_TRANSPORT, DATABASE_END, METRICS, READINESS, STOP } from '../tokens.ts';
import { PublicRoute } from './internal.guard.ts';
import type { Metrics } from './metrics.ts';
import type { ReadinessProbe } from './readiness.ts';

/** Whether the database under the service is gone for good. */
export interface DatabaseEnd {
  readonly hasCome: boolean;
}

/** Whether the service is on its way out. */
export interface Stop {
  hasBegun: boolean;
}

/** What the machine room asks: is it alive, may it be asked, how is it doing. */
@Controller()
@PublicRoute()
export class OperationsController {
  constructor(
    @Inject(COURIER_TRANSPORT) private readonly transport: CourierTransport,
    @Inject(DATABASE_END) private readonly databaseEnd: DatabaseEnd,
    @Inject(STOP) private readonly stop: Readonly<Stop>,
    @Inject(ModuleRef) private readonly module: ModuleRef,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  /** Fails when consumption stalls or the database is gone, so that an orchestrator restarts the process. */
  @Get('health/live')
  live(@Res({ passthrough: true }) reply: FastifyReply): { isAlive: boolean } {
    const isAlive = !this.databaseEnd.hasCome && (this.transport.attachment?.isAlive() ?? false);
    reply.status(isAlive ? 200 : 503);
    return { isAlive };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    if (this.databaseEnd.hasCome) {
      reply.status(503);
      return { isReady: false, detail: 'the database has ended' };
    }
    if (this.stop.hasBegun) {
      reply.status(503);
      return { isReady: false, detail: 'stopping' };
    }
    const { isReady, detail, view } = (await this.#findProbe()?.check()) ?? { isReady: true, detail: 'ready' };
    reply.status(isReady ? 200 : 503);
    return view ?? { isReady, detail };
  }

  @Get('metrics')
  async show(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    for (const [topic, events] of (await this.transport.attachment?.measureLag()) ?? []) this.metrics.events.lag.set({ topic }, events);
    reply.header('content-type', this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }

  /** Not every service has one; Nest has no way to ask for a provider that may be absent from another module but to try. */
  #findProbe(): ReadinessProbe | null {
    try {
      return this.module.get<ReadinessProbe>(READINESS, { strict: false });
    } catch {
      return null;
    }
  }
}
