import { topics } from '@lisible/contracts';
import type { PopulationSnapshotPublished } from '@lisible/contracts';
import { Controller, Module } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { BroadcastSubscription, RejectedError, SharedSubscription, TransientError } from '../index.ts';
import type { CommitHalf, Courier, EventBatch, Participant } from '../index.ts';
import { CourierTransport } from './courier.transport.ts';
import { Metrics } from '../service/metrics.ts';
import { nestLog } from '../service/log.ts';
import { ProblemFilter } from '../service/problem.filter.ts';

const topic = topics.populationSnapshotPublished;
const text = { fr: 'x', en: 'x' };
const silent = pino({ level: 'silent' });

/** Starts a controller behind the transport and gives the participant that a courier would see. */
const attach = async (controller: Type<unknown>): Promise<{ app: NestFastifyApplication; participant: Participant }> => {
  @Module({ controllers: [controller] })
  class Room {}
  const participants: Participant[] = [];
  const courier: Courier = {
    attach: (participant) => {
      participants.push(participant);
      return Promise.resolve({
        start: () => undefined,
        isAlive: () => true,
        measureLag: () => Promise.resolve(new Map()),
        stop: () => Promise.resolve(),
      });
    },
    wake: () => undefined,
    close: () => Promise.resolve(),
  };
  const app = await NestFactory.create<NestFastifyApplication>(Room, new FastifyAdapter(), { logger: nestLog(silent), abortOnError: false });
  // The service's own filter must not get hold of what handlers throw.
  app.useGlobalFilters(new ProblemFilter(silent));
  const transport = new CourierTransport({ service: 'client-profile', courier, log: silent, metrics: new Metrics('client-profile').events });
  app.connectMicroservice({ strategy: transport }, { inheritAppConfig: true });
  await transport.attach();
  await app.init();
  await app.startAllMicroservices();
  return { app, participant: participants[0]! };
};

describe('the transport between decorated handlers and a courier', () => {
  it.each([
    ['rejected', new RejectedError('event-invalid', text)],
    ['transient', new TransientError('no-model', text)],
    ['bug', new TypeError('undefined is not a function')],
  ])('lets the courier see the very error that a handler threw: %s', async (_, thrown) => {
    @Controller()
    class Handlers {
      @SharedSubscription(topic)
      async snapshotPublished(): Promise<CommitHalf> {
        await Promise.resolve();
        throw thrown;
      }

      @BroadcastSubscription(topics.policyChanged)
      policyChanged(): Promise<void> {
        throw thrown;
      }
    }
    const { app, participant } = await attach(Handlers);
    for (const subscription of participant.subscriptions) await expect(subscription.handle({ events: [] })).rejects.toBe(thrown);
    await app.close();
  });

  it('hands the batch over as it is and gives the commit half back', async () => {
    const received: unknown[] = [];
    const commitHalf: CommitHalf = () => Promise.resolve();
    @Controller()
    class Handlers {
      @SharedSubscription(topic)
      snapshotPublished(batch: EventBatch<PopulationSnapshotPublished>): Promise<CommitHalf> {
        received.push(batch);
        return Promise.resolve(commitHalf);
      }
    }
    const { app, participant } = await attach(Handlers);
    const batch = { events: [] };
    expect(participant.subscriptions).toMatchObject([{ kind: 'shared', topic }]);
    expect(await participant.subscriptions[0]!.handle(batch)).toBe(commitHalf);
    expect(received[0]).toBe(batch);
    await app.close();
  });

  it('refuses to start with two handlers for one topic, a topic nobody knows, or a handler of no kind, and names them all', async () => {
    @Controller()
    class Handlers {
      @SharedSubscription(topic)
      one(): Promise<CommitHalf> {
        return Promise.resolve(() => Promise.resolve());
      }

      @BroadcastSubscription(topic)
      two(): Promise<void> {
        return Promise.resolve();
      }

      @EventPattern('credit.application.forgotten.v1', { subscription: 'shared' })
      three(_batch: unknown): void {}

      @EventPattern(topics.policyChanged)
      four(_batch: unknown): void {}
    }
    await expect(attach(Handlers)).rejects.toThrow(
      /client-profile are wrong: .*population\.snapshot\.published\.v1 has two handlers; credit\.application\.forgotten\.v1 is not a topic.*; credit\.policy\.changed\.v1 is neither/,
    );
  });
});
